"""Keeping: a real conversation written down as a test, with nobody recognizable in it."""
