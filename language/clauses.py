"""Splits a message where it may turn to something else, and tells what says that it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from language.text import MASKED_NUMBER, plain_quotes
from language.vocabulary import goods, products

MOST = 6
"""So many pieces a message is split into at most, to bound the time that takes."""

SHORTEST = 3
"""A piece with fewer words belongs to the one before it."""

_SENTENCE_END = r"[.!?;]+(?:\s+|$)|\s*\n\s*"
_PRODUCTS = "|".join(re.escape(name) for name in sorted(products(), key=len, reverse=True))
_JOINTS = (
    r"[,:\s-]+\b(?:and also|but also|also|plus|and another thing|another thing is|"
    r"another thing|one more thing|on top of that|on another note|besides that|besides|"
    r"in addition|additionally|apart from that|separately|secondly|oh and|and oh|oh|and then|"
    r"by the way|btw|while i have you|while i'?m (?:here|at it)|"
    r"while you're at it|anyway|as for|and|but)\b[,:]?\s+"
    # A comma before what may start a sentence of its own.
    r"|,\s+(?=(?:the|my|our|his|her|i|i'?m|i'?ve|we|you|u|they|it|it'?s|please|pls|can|could|would|"
    r"where'?s?|when|what'?s?|why|how|is|are|was|has|have|did|do|does|order|tracking|no|still|need|"
    r"want|cancel|first|second|one|#?\d{4,})\b|"
    rf"(?:{_PRODUCTS})(?:e?s)?\b)"
)
_BREAK = re.compile(rf"{_SENTENCE_END}|{_JOINTS}", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:also|another|other|second|two things|one more|different|separate(?:ly)?|as well|plus|"
    r"besides|on top|in addition|additionally|moreover|furthermore|meanwhile|unrelated|as for|"
    r"by the way|btw|oh and|apart from|while i have you|while you're at it|anyway|in the meantime|"
    r"and oh|while i'?m (?:here|at it)|new order|old order|two orders|"
    r"(?:box|carton|package) (?:two|2))\b"
)
_OVER = re.compile(
    r"\b(?:last (?:time|year|month|spring|summer|autumn|fall|winter|christmas|order)|"
    r"previous(?:ly)?|(?:years?|months?) ago|back then|once had|used to|thanks for|thank you for|"
    r"sorted|colleague|neighbou?r'?s?|friend)\b"
)
_GOODS = "|".join(re.escape(name) for name in sorted(goods(), key=len, reverse=True))
_ITEM = re.compile(rf"\b({_GOODS})(?:e?s)?\b")
_NOT_ITEMS = frozenset({"box", "label", "stamp", "pad", "safe", "screen", "drawer", "shelf"})
"""Goods whose names more often mean packing, a part or something else."""


_SHORT_SENTENCE = re.compile(r"[^.!?;\n]+[.!;]+\s+")


class Span(NamedTuple):
    """Where a clause stands in a text, and whether what is before or in it announces it."""

    start: int
    end: int
    announced: bool


def _short(text: str, piece: tuple[int, int]) -> bool:
    return len(text[slice(*piece)].split()) < SHORTEST


def _pieces(text: str) -> list[tuple[int, int]]:
    """Return where the pieces between sentence ends and joints stand, white space left out."""
    edges = [0, *(edge for match in _BREAK.finditer(text) for edge in match.span()), len(text)]
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start:end]
        if piece.strip():
            start += len(piece) - len(piece.lstrip())
            found.append((start, start + len(piece.strip())))
    return found


def _merged(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces too short to say anything to the one before, or to what they announce."""
    merged: list[tuple[int, int]] = []
    begun = None
    for start, end in pieces:
        piece = text[start:end]
        short = len(piece.split()) < SHORTEST
        if short and announces_another(piece.lower()):
            begun = start if begun is None else begun
        elif begun is None and merged and (short or _short(text, merged[-1])):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start if begun is None else begun, end))
            begun = None
    return merged


def clauses(text: str) -> list[Span]:
    """Return the sentences and joined clauses of a text as it was typed, at most `MOST`.

    Example:
        "the lamp is broken and where is order 12345?" gives two.
    """
    text = plain_quotes(text)
    pieces = _merged(text, _pieces(text))
    if len(pieces) > MOST:
        pieces = [*pieces[: MOST - 1], (pieces[MOST - 1][0], pieces[-1][1])]
    before = [0, *(end for _, end in pieces)]
    return [
        Span(start, end, announces_another(text[last:end].lower()))
        for (start, end), last in zip(pieces, before, strict=False)
    ]


def with_opening(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return clauses with the short sentences before the first of them set apart from it.

    Example:
        "No! Wait. The lamp is broken and so is the desk." gives three: an answer may open a text.
    """
    if not spans:
        return []
    start, end, announced = spans[0]
    opened = start
    for sentence in _SHORT_SENTENCE.finditer(text, start, end):
        if sentence.start() > opened or not _short(text, sentence.span()):
            break
        opened = sentence.end()
    if not start < opened < end:
        return list(spans)
    ends = start + len(text[start:opened].rstrip())
    return [Span(start, ends, False), Span(opened, end, announced), *spans[1:]]


def _items_in(text: str) -> set[str]:
    return {name.split()[-1] for name in _ITEM.findall(text)} - _NOT_ITEMS


def is_over(text: str) -> bool:
    """Tell whether a readable clause is about the past or about somebody else."""
    return bool(_OVER.search(text))


def announces_another(text: str) -> bool:
    """Tell whether a readable text says that a further matter comes ("also", "another order")."""
    return bool(_ANOTHER.search(text))


def of_different_things(one: str, other: str) -> bool:
    """Tell whether two readable clauses name an order number each, or different products."""
    if MASKED_NUMBER in one and MASKED_NUMBER in other:
        return True
    items, others = _items_in(one), _items_in(other)
    return bool(items and others and not items & others)
