"""Splits a message into the pieces that may each be about something else."""

from __future__ import annotations

import re

MOST = 8
"""So many pieces of a long message are looked at, to bound the time it takes."""

SHORTEST = 3
"""A piece with fewer words belongs to the one before it."""

_SENTENCE_END = re.compile(r"[.!?;\n]+(?:\s+|$)")
_JOINTS = re.compile(
    r"[,:\s-]+\b(?:and also|but also|also|plus|and another thing|another thing is|"
    r"another thing|on top of that|besides that|besides|in addition|additionally|"
    r"apart from that|separately|second(?:ly)?|oh and|and then|by the way|btw|and|but)\b[,:]?\s+"
)


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
    return _merged(found)[:MOST]
