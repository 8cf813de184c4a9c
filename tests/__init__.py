"""Tests, one folder a room; conversations/ holds whole conversations as YAML."""
