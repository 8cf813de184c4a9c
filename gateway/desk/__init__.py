"""The agents' desk: where the shop's people see what waits, decide cases and talk to customers."""
