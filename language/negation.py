"""Tells that an entity is what the customer does not want or does not have."""

from __future__ import annotations

import re

_LITTLE = r"(?:(?:a|an|the|any|my|some|another|more|your)\s+)?"
_LISTED = r"(?:[\w-]+\s+(?:or|nor|and)\s+)?"
_NOT_WANTED = (
    r"(?:\bno|\bnot|\bnor|\bneither|\bwithout|\binstead of|\brather than|"
    r"\b(?:don'?t|do not|didn'?t|did not|doesn'?t) (?:want|need|ask for|mean)(?: to)?"
    r"(?: (?:be|get|have))?)"
)
_NOT_THERE = (
    r"(?:\b(?:don'?t|do not|haven'?t|have not|can'?t|cannot|can not|didn'?t|did not|couldn'?t|"
    r"won'?t|never|unable to)(?: \w+){0,3})"
)
_PATTERNS = {
    "remedy": re.compile(rf"{_NOT_WANTED}\s+{_LITTLE}{_LISTED}$"),
    "evidence": re.compile(rf"(?:{_NOT_WANTED}|{_NOT_THERE})\s+{_LITTLE}{_LISTED}$"),
}
_QUOTES = str.maketrans("’‘`", "'''")


def is_negated(entity: str, text: str, start: int) -> bool:
    """Tell whether the words before `start` negate the entity that starts there.

    Only remedies ("no refund") and kinds of evidence ("I don't have photos") can be negated.
    """
    pattern = _PATTERNS.get(entity)
    before = text[:start].translate(_QUOTES).lower()
    return pattern is not None and bool(pattern.search(before))
