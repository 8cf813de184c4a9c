"""News of cases for other systems and customers: put in an outbox, delivered at least once."""
