"""Misunderstandings, kept without identity until an agent has said what was meant."""
