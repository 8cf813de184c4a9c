"""Brings customers' messages to the assistant and its answers back; loses none."""
