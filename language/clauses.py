"""Splits a message where it may turn to something else."""

from __future__ import annotations

import re

MOST = 6
"""So many pieces a message is split into at most, to bound the time that takes."""

SHORTEST = 3
"""A piece with fewer words belongs to the one before it."""

_SENTENCE_END = re.compile(r"[.!?;\n]+(?:\s+|$)")
_JOINTS = re.compile(
    r"[,:\s-]+\b(?:and also|but also|also|plus|and another thing|another thing is|"
    r"another thing|on top of that|besides that|besides|in addition|additionally|"
    r"apart from that|separately|second(?:ly)?|oh and|and then|by the way|btw|and|but)\b[,:]?\s+"
)
_ANNOUNCED = re.compile(
    r"\b(?:also|another|other order|second order|separate|separately|as well|plus|two things|"
    r"besides|on top|different order|in addition|additionally|by the way|btw|oh and|apart from)\b"
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
    pieces = _merged(found)
    return [*pieces[: MOST - 1], ". ".join(pieces[MOST - 1 :])] if len(pieces) > MOST else pieces


def halves(text: str) -> list[tuple[str, str]]:
    """Return what comes before and after each joint of a readable text."""
    pieces = clauses(text)
    return [
        (". ".join(pieces[:joint]), ". ".join(pieces[joint:])) for joint in range(1, len(pieces))
    ]


def announces_another(text: str) -> bool:
    """Tell whether a readable text says that a further matter comes ("also", "another order")."""
    return bool(_ANNOUNCED.search(text))
