"""Where the shop's other systems come in; docs/events.md says how."""
