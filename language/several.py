"""Learns which service matters a message holds, and when two of them are two.

Beside the written messages of two matters it learns from joined ones: two training sentences, one
after the other. Their vector is the mean of the two, weighted by their words, which spares
encoding them and is as good.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import vstack

from language.clauses import Span
from language.encoder import SENTENCE_WIDTH
from language.features import Floats, TextFeatures
from language.gate import MAY_BE_CUT, MAY_HOLD, Gate, Pair, Said, Told, cuts, pairs, second_of
from language.heads import Head, Settings, each_label_head
from language.idle import is_idle
from language.spread import Spread

Encode = Callable[[str], Floats]

MATTERS = (
    "ask_case_status",
    "ask_order_status",
    "cancel_order",
    "correct_address",
    "report_damaged_item",
    "report_defective_item",
    "report_destroyed_in_transit",
    "report_other_problem",
    "report_returned_in_transit",
    "return_unwanted_item",
    "withdraw_request",
)
"""The service intents that start something of their own."""

JOINED = 3000
"""So many messages are joined; more teach no more."""

_SAME_MATTER = 0.3
"""The share of them that join two sentences of one matter: two sentences are one story as well."""

_LONGEST = 14
"""Sentences of more words are not joined: two such are no message that anybody writes."""

_JOINTS: tuple[str, ...] = (". ",) * 5 + (" and ",) * 4 + (", and ", ", ") * 2
_JOINTS += ("; ", ", also ", ". also ", " plus ", ", but ", ". and ", " - ", ". oh and ", " ")
_ENDS = ".!?,; "


_FOLDS = 2
"""The gate is fitted to messages that its head had not learned from: each half's by the other's."""

_ONE_IN = 3
"""Of short messages of one matter, one in so many is read for the gate, and counts for all."""

_STORY = 4
"""Messages of one matter with so many clauses are all read and count as much: stories are rare
among the training sentences, and taken for two matters the most easily."""


@dataclass(frozen=True)
class Example:
    """A readable text.

    Attributes:
        text: the text.
        vector: its vector.
        matters: the matters it holds.
        clauses: its clauses, where it has several.
        parts: of a message of several matters, what it says of each, as sentences.
    """

    text: str
    vector: Floats
    matters: frozenset[str]
    clauses: Sequence[tuple[Span, str]] = ()
    parts: Sequence[Example] = ()


def _mean(one: Example, other: Example) -> Floats:
    """Return the mean of two vectors, weighted by words; each part of it has a length of one."""
    weights = len(one.text.split()), len(other.text.split())
    parts = np.average([one.vector, other.vector], axis=0, weights=weights)
    parts = parts.reshape(-1, SENTENCE_WIDTH)
    mean: Floats = (parts / np.linalg.norm(parts, axis=1, keepdims=True)).astype(np.float32)
    return mean.ravel()


def joined(sentences: Sequence[Example], count: int = JOINED) -> list[Example]:
    """Return messages joined of two of the sentences each, the same ones every time.

    Args:
        sentences: texts of one matter or none; those of none are not joined.
        count: how many messages to join.
    """
    by_matter: dict[str, list[Example]] = defaultdict(list)
    for sentence in sentences:
        if len(sentence.matters) == 1 and len(sentence.text.split()) <= _LONGEST:
            by_matter[next(iter(sentence.matters))].append(sentence)
    if len(by_matter) < 2:
        return []
    chance = random.Random(0)
    found = []
    for _ in range(count):
        first, second = chance.sample(sorted(by_matter), 2)
        if chance.random() < _SAME_MATTER:
            second = first
        one, other = chance.choice(by_matter[first]), chance.choice(by_matter[second])
        text = one.text.rstrip(_ENDS) + chance.choice(_JOINTS) + other.text
        found.append(Example(text, _mean(one, other), one.matters | other.matters))
    return found


class Several:
    """What is known of the matters in a message: a head for each, and a gate for two."""

    def __init__(self, features: TextFeatures, head: Head, gate: Gate) -> None:
        self._features = features
        self._head = head
        self.gate = gate

    @classmethod
    def fit(
        cls, features: TextFeatures, messages: Sequence[Example], how: Settings, encode: Encode
    ) -> Several:
        """Learn from messages of no matter, one, and several.

        Args:
            features: the words and letters that are known.
            messages: what is learned from.
            how: what can be tuned.
            encode: gives a text its vector.
        """
        fitting = _Fitting(features, messages, how)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            head = threads.submit(fitting.head)
            folds = threads.map(lambda fold: fitting.told(fold, encode), range(_FOLDS))
            told, holds, counts = zip(*(one for fold in folds for one in fold), strict=True)
            return cls(features, head.result(), Gate.fit(told, holds, counts))

    def matters(self, text: str, vector: Floats) -> dict[str, float]:
        """Return the log-odds of each matter that a readable text holds it."""
        sums = self._head.sums(*self._features.row(text), vector)
        return dict(zip(self._head.labels, sums.tolist(), strict=True))

    def told(self, typed: str, message: Example, encode: Encode) -> Told:
        """Return what a message tells: the whole, and its clauses or, without any, its halves.

        Args:
            typed: the text as typed: where its parts stand is told of it.
            message: the message.
            encode: gives a text its vector.
        """
        matters = self.matters(message.text, message.vector)

        def said(part: tuple[Span, str]) -> Said:
            return Said(*part, self.matters(part[1], encode(part[1])))

        second = second_of(matters)
        if message.clauses and second >= MAY_HOLD:
            spoken = [part for part in message.clauses if not is_idle(part[1])]
            return Told(matters, [said(part) for part in spoken], [])
        if not message.clauses and second >= MAY_BE_CUT:
            halves = [(said(one), said(other)) for one, other in cuts(typed, message.text)]
            return Told(matters, [], halves)
        return Told(matters, [], [])

    def pairs(self, told: Told) -> list[tuple[Pair, float]]:
        """Return the pairs of matters that a message may hold, each with its chance."""
        return [(pair, self.gate.chance(pair)) for pair in pairs(told)]

    def save(self, folder: Path) -> None:
        """Write it into a folder, as `several.json` and `several.npz`."""
        gate = {"weights": self.gate.weights, "always": self.gate.always}
        (folder / "several.json").write_text(json.dumps(gate))
        np.savez(folder / "several.npz", weights=self._head.weights, bias=self._head.bias)

    @classmethod
    def load(cls, folder: Path, features: TextFeatures) -> Several | None:
        """Read it back from the folder it was saved in, if it was."""
        if not (folder / "several.json").exists():
            return None
        gate = json.loads((folder / "several.json").read_text())
        with np.load(folder / "several.npz", allow_pickle=False) as arrays:
            head = Head(list(MATTERS), arrays["weights"], arrays["bias"])
        return cls(features, head, Gate(**gate))


def held(messages: Sequence[Example]) -> Floats:
    """Return messages x `MATTERS`: 1 where the message holds the matter, else 0."""
    return np.array([[name in one.matters for name in MATTERS] for one in messages], np.float32)


class _Fitting:
    """Fits heads to some of the messages, and the gate to what the heads of others say."""

    def __init__(self, features: TextFeatures, messages: Sequence[Example], how: Settings) -> None:
        self._features = features
        self._messages = messages
        self._how = how
        parts = [(row % _FOLDS, part) for row, one in enumerate(messages) for part in one.parts]
        self._written = [*messages, *(part for _, part in parts)]
        self._folds = np.array(
            [*(row % _FOLDS for row in range(len(messages))), *(fold for fold, _ in parts)]
        )
        vectors = np.stack([one.vector for one in self._written])
        self._spread = Spread(vectors, SENTENCE_WIDTH)
        self._even = self._spread.applied(vectors)
        self._texts = features.rows([one.text for one in self._written])

    def head(self, without: int | None = None) -> Head:
        """Learn from the messages and their parts, those of a fold left out, and joined ones."""
        rows = np.flatnonzero(self._folds != without)
        written = [self._written[row] for row in rows]
        more = joined(written)
        texts = vstack([self._texts[rows], self._features.rows([one.text for one in more])])
        even = self._spread.applied(np.stack([one.vector for one in more]))
        return each_label_head(
            [texts.tocsr(), np.vstack([self._even[rows], even])],
            MATTERS,
            held([*written, *more]),
            self._spread,
            self._how,
        )

    def told(self, fold: int, encode: Encode) -> list[tuple[Told, frozenset[str], int]]:
        """Read some messages of a fold by a head that had not learned from them, for the gate.

        Returns:
            Of each what it tells, the matters it holds, and for how many messages it stands.
        """
        reader = Several(self._features, self.head(without=fold), Gate({}, 0.0))
        return [
            (reader.told(message.text, message, encode), message.matters, count)
            for message, count in _some_of(self._messages[fold::_FOLDS])
        ]


def _some_of(messages: Sequence[Example]) -> Iterator[tuple[Example, int]]:
    """Return the messages of two matters, some of one matter, and what each stands for."""
    one = [message for message in messages if len(message.matters) == 1]
    short = [message for message in one if len(message.clauses) < _STORY]
    yield from ((message, _ONE_IN) for message in short[::_ONE_IN])
    yield from ((message, _ONE_IN) for message in one if len(message.clauses) >= _STORY)
    yield from ((message, 1) for message in messages if len(message.matters) > 1)
