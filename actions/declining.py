"""Whether a message says that the request in hand, or on offer, is not wanted, or not needed."""

from __future__ import annotations

import re

from actions.matters import Matter
from actions.wording import asks, plain

# What is not wanted, by the matter that it is about. Where a remedy can be chosen, "no refund"
# chooses another.
_CALLED = {
    "cancel": r"cancel\w*",
    "late_shipment": r"refund\w*|money",
    "out_of_stock": r"refund\w*|money",
    "remorse": r"return\w*|(?:send|ship)(?:ing)? (?:it|them|anything) back",
    "wrong_information": r"(?:chang|correct)\w* (?:the |my )?address",
    "other": r"(?:(?:some|any)(?:one|body) to )?(?:settle|put)\w*",
}
_NOT = r"(?:do(?:n'?t| not)|did(?:n'?t| not)|never|no|not)"
_DECLINES = {
    name: re.compile(rf"\b{_NOT}(?:\s+[\w']+){{0,4}}?\s+'?(?:{words})\b", re.I)
    for name, words in _CALLED.items()
}
_SENDS_NOTHING = re.compile(
    r"\b(?:do not|don'?t)\s+(?:\w+\s+)?(?:send|file|submit|open)\s+"
    r"(?:it|that|this|anything)\b(?! back)",
    re.I,
)
_IS_FINE = re.compile(
    r"\bnothing(?:'s)?\s+(?:(?:is|was|went|needs)\s+)?(?:wrong|putting right|broken)\b", re.I
)
_TURNED_UP = re.compile(
    r"\b(?:we|i|he|she|they)(?:'ve| have| has)? (?:just )?found (?:it|them)\b"
    r"|\b(?:it|they)(?:'s| has| have)? (?:just )?(?:turned|showed) up\b"
    r"|\b(?:its|it's|they're) ours\b|\bi have it all\b",
    re.I,
)
_FAULTS = frozenset({"damaged", "defective", "other"})
_NOT_HERE = frozenset({"other", "late_shipment"})


def turned_up(text: str) -> bool:
    """Whether a message says that what was missed is there: "the neighbor had it, it's ours"."""
    return bool(_TURNED_UP.search(plain(text))) and not asks(text)


def declines(text: str, matter: Matter) -> bool:
    """Whether a message says so: "I do not want a refund", "don't send it", "we found it"."""
    text = plain(text)
    if asks(text):
        return False
    named = _DECLINES.get(matter.name)
    return bool(
        (named and named.search(text))
        or _SENDS_NOTHING.search(text)
        or (matter.name in _FAULTS and _IS_FINE.search(text))
        or (matter.name in _NOT_HERE and _TURNED_UP.search(text))
    )
