"""Splits a message where it may turn to something else, and tells what says that it does."""

from __future__ import annotations

import re

from language.text import MASKED_NUMBER
from language.vocabulary import products

MOST = 6
"""So many pieces a message is split into at most, to bound the time that takes."""

SHORTEST = 3
"""A piece with fewer words belongs to the one before it."""

_SENTENCE_END = re.compile(r"[.!?;]+(?:\s+|$)")
_PRODUCTS = "|".join(re.escape(name) for name in sorted(products(), key=len, reverse=True))
_JOINTS = re.compile(
    r"(?:[,:\s-]+\b(?:and also|but also|also|plus|and another thing|another thing is|"
    r"another thing|on top of that|on another note|besides that|besides|in addition|additionally|"
    r"apart from that|separately|second(?:ly)?|oh and|and then|by the way|btw|while i have you|"
    r"while you're at it|anyway|as for|and|but)\b[,:]?\s+"
    # A comma before what may start a sentence of its own.
    r"|,\s+(?=(?:the|my|our|his|her|i|i'm|i've|we|you|they|it|it's|please|can|could|would|where|"
    r"when|what|why|how|is|are|was|has|have|did|do|does|order|tracking|no|still|need|want|cancel|"
    r"first|second)\b|"
    rf"(?:{_PRODUCTS})(?:e?s)?\b))"
)
_ANOTHER = re.compile(
    r"\b(?:also|another|other|second|two things|one more|different|separate(?:ly)?|as well|plus|"
    r"besides|on top|in addition|additionally|moreover|furthermore|meanwhile|unrelated|as for|"
    r"by the way|btw|oh and|apart from|while i have you|while you're at it|anyway|in the meantime|"
    r"new order|old order|two orders|(?:box|carton|package) (?:two|2))\b"
)
_OVER = re.compile(
    r"\b(?:last (?:time|year|month|spring|summer|autumn|fall|winter|christmas|order)|"
    r"previous(?:ly)?|(?:years?|months?) ago|back then|once had|used to|thanks for|thank you for|"
    r"sorted|colleague|neighbou?r'?s?|friend)\b"
)
_ITEM = re.compile(rf"\b({_PRODUCTS})(?:e?s)?\b")
_NOT_ITEMS = frozenset({"box", "label", "stamp", "pad", "safe", "screen", "drawer", "shelf"})
"""Products whose names more often mean packing, a part or something else."""


def _merged(pieces: list[str]) -> list[str]:
    """Join pieces that are too short to say anything to the one before."""
    merged: list[str] = []
    for piece in pieces:
        if merged and min(len(piece.split()), len(merged[-1].split())) < SHORTEST:
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    return merged


def clauses(text: str) -> list[str]:
    """Return the sentences and joined clauses of a readable text, at most `MOST`.

    Example:
        "the lamp is broken and where is order 12345?" gives two pieces.
    """
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        found += [piece.strip() for piece in _JOINTS.split(sentence) if piece.strip()]
    pieces = _merged(found)
    return [*pieces[: MOST - 1], ". ".join(pieces[MOST - 1 :])] if len(pieces) > MOST else pieces


def _items_in(text: str) -> set[str]:
    return {name.split()[-1] for name in _ITEM.findall(text)} - _NOT_ITEMS


def is_over(text: str) -> bool:
    """Tell whether a readable clause is about the past or about somebody else."""
    return bool(_OVER.search(text))


def announces_another(text: str) -> bool:
    """Tell whether a readable text says that a further matter comes ("also", "another order")."""
    return bool(_ANOTHER.search(text))


def may_hold_two(text: str) -> bool:
    """Tell whether a readable text has any sign of a second matter."""
    return announces_another(text) or text.count(MASKED_NUMBER) > 1 or len(_items_in(text)) > 1


def of_different_things(one: str, other: str) -> bool:
    """Tell whether two readable clauses name an order number each, or different products."""
    if MASKED_NUMBER in one and MASKED_NUMBER in other:
        return True
    items, others = _items_in(one), _items_in(other)
    return bool(items and others and not items & others)
