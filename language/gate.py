"""Tells whether a message holds two matters: weighted signs for and against each pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import exp
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from language.clauses import Span, announces_another, is_over, of_different_things

MAY_HOLD = -3.5
"""A message whose second matter has less log-odds is of one matter, whatever its clauses say."""

MAY_BE_CUT = -2.0
"""With less, no cut between words makes it two."""

_CANDIDATES = 5
"""So many matters, the likeliest, are paired."""

_FAINT = -8.0
"""Log-odds of a clause below this count as this."""

_SHORTEST_HALF = 2
_LONGEST_CUT = 30
"""So many words a text may have that is cut between its words, to bound the time that takes."""

SIGNS = ("whole", "clear", "mixed", "things", "announced", "clauses", "halves")


class Said(NamedTuple):
    """A part of a message: where it stands, its readable text, each matter's log-odds."""

    span: Span
    text: str
    matters: dict[str, float]


class Told(NamedTuple):
    """A message: each matter's log-odds in all of it, and its parts.

    Attributes:
        matters: the log-odds of the whole message.
        clauses: its clauses, without those that say nothing.
        halves: every way to cut it in two, where it has no clauses.
    """

    matters: dict[str, float]
    clauses: Sequence[Said]
    halves: Sequence[tuple[Said, Said]]


class Pair(NamedTuple):
    """Two matters in order of mention, where each is said, and the `SIGNS` that both are there."""

    matters: tuple[str, str]
    spans: tuple[Span, Span]
    signs: tuple[float, ...]


def second_of(matters: dict[str, float]) -> float:
    """Return the log-odds of the second likeliest matter."""
    return sorted(matters.values())[-2]


def cuts(typed: str, readable: str) -> list[tuple[tuple[Span, str], tuple[Span, str]]]:
    """Return every way to cut a text between two words: each half's place and readable text.

    There is none where typed and readable words do not correspond one to one.
    """
    places = [match.span() for match in re.finditer(r"\S+", typed)]
    words = readable.split()
    if len(places) != len(words) or len(words) > _LONGEST_CUT:
        return []
    found = []
    for cut in range(_SHORTEST_HALF, len(words) - _SHORTEST_HALF + 1):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        start, end = places[cut][0], places[cut - 1][1]
        found.append(
            (
                (Span(places[0][0], end, announced=False), first),
                (Span(start, places[-1][1], announces_another(second)), second),
            )
        )
    return found


def pairs(told: Told) -> Iterator[Pair]:
    """Return each pair of the likely matters, where its two are said the most clearly."""
    current = [said for said in told.clauses if not is_over(said.text)]
    ways = list(combinations(current, 2)) or list(told.halves)
    if not ways:
        return
    highest = {
        name: max(odds, *(said.matters[name] for said in current)) if current else odds
        for name, odds in told.matters.items()
    }
    likely = sorted(highest, key=lambda name: -highest[name])[:_CANDIDATES]
    for one, other in combinations(sorted(likely), 2):
        clear, names, (first, second) = max(
            (
                (min(first.matters[a], second.matters[b]), (a, b), (first, second))
                for first, second in ways
                for a, b in ((one, other), (other, one))
            ),
            key=lambda way: way[0],
        )
        yield Pair(names, (first.span, second.span), _signs(told, names, first, second, clear))


def _signs(
    told: Told, names: tuple[str, str], first: Said, second: Said, clear: float
) -> tuple[float, ...]:
    between = [said.span for said in told.clauses if first.span < said.span < second.span]
    return (
        # How likely the less certain matter is: in the whole message, and in its own clause.
        min(told.matters[name] for name in names),
        max(clear, _FAINT),
        # How likely each clause holds the other's matter as well: then they are one story.
        max(first.matters[names[1]], second.matters[names[0]]),
        # Different products, or an order number in each.
        float(of_different_things(first.text, second.text)),
        # "Also", "another" and the like in the second, or between them.
        float(any(span.announced for span in (*between, second.span))),
        # In a long story much is said on the side.
        float(len(told.clauses)),
        # Halves are the best of many cuts, and so are clearer by chance.
        float(bool(told.halves)),
    )


class Gate:
    """Gives the chance that a pair of matters is what a message holds."""

    def __init__(self, weights: dict[str, float], always: float) -> None:
        """Take what each sign counts for, and what is added always."""
        self.weights = weights
        self.always = always

    @classmethod
    def fit(
        cls, told: Sequence[Told], held: Sequence[frozenset[str]], counts: Sequence[float]
    ) -> Gate:
        """Learn the weights by a logistic regression.

        Args:
            told: messages of one matter and of two, read by a head that had not learned from them.
            held: the matters that each holds.
            counts: how many such messages each stands for.
        """
        rows = [
            (pair.signs, set(pair.matters) == matters, count)
            for message, matters, count in zip(told, held, counts, strict=True)
            for pair in pairs(message)
        ]
        signs, right, weights = zip(*rows, strict=True)
        found = LogisticRegression(max_iter=1000).fit(np.array(signs), right, weights)
        return cls(
            dict(zip(SIGNS, found.coef_[0].tolist(), strict=True)), float(found.intercept_[0])
        )

    def chance(self, pair: Pair) -> float:
        """Return how likely it is that the message holds this pair of matters."""
        total = self.always + sum(
            self.weights[sign] * value for sign, value in zip(SIGNS, pair.signs, strict=True)
        )
        return 1 / (1 + exp(-total))
