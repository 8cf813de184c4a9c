"""Privacy: one customer's data exported or erased, and old data erased after a set time."""
