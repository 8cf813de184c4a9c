"""Tests of the assistant's actions."""
