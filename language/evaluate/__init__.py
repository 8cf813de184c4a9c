"""Measures how well customers are understood; `python -m language.evaluate --help`."""
