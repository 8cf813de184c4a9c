"""How likely a slip of the fingers turns one word into another."""

from __future__ import annotations

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbors() -> dict[str, str]:
    """Return for each letter those beside it, above it and below it on the keyboard."""
    found: dict[str, set[str]] = {letter: set() for row in _ROWS for letter in row}
    for number, row in enumerate(_ROWS):
        for place, letter in enumerate(row):
            beside = row[max(place - 1, 0) : place + 2]
            below = _ROWS[number + 1][max(place - 1, 0) : place + 1] if number < 2 else ""
            for other in beside + below:
                found[letter].add(other)
                found[other].add(letter)
    return {letter: "".join(sorted(others - {letter})) for letter, others in found.items()}


_BESIDE = _neighbors()

OTHER_FIRST_LETTER = 0.2
SWAPPED = 1.5
DOUBLED = 1.5
MISSED = 1.0
BESIDE = 0.5
EXTRA = 0.3
OTHER = 0.2


def _first_difference(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def slip_weight(typed: str, meant: str) -> float:
    """Return how common the one slip is that makes `typed` out of `meant`, about 1 at most.

    Two letters swapped, one doubled or missed and a key hit beside the right one are common;
    any other letter, and a wrong first letter, are rare.
    """
    place = _first_difference(typed, meant)
    if len(typed) < len(meant):
        weight = MISSED
    elif len(typed) > len(meant):
        extra = typed[place]
        doubled = extra in (typed[place - 1 : place], typed[place + 1 : place + 2])
        beside = place > 0 and extra in _BESIDE.get(typed[place - 1], "")
        weight = DOUBLED if doubled else MISSED if beside else EXTRA
    elif typed[place : place + 2] == meant[place : place + 2][::-1]:
        weight = SWAPPED
    else:
        weight = BESIDE if typed[place] in _BESIDE.get(meant[place], "") else OTHER
    return weight * (OTHER_FIRST_LETTER if place == 0 else 1)
