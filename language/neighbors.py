"""What the training sentences nearest to a text say about it.

Two things. How familiar the text is: a regression is sure of itself also where it has never
been. And which labels its nearest sentences have, which corrects the regression a little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SEPARATOR = "/"

FAMILIAR = 3
"""So many nearest sentences tell how familiar a text is."""

NEAREST = 5
"""So many nearest sentences of a label speak for it."""

WIDTH = 128
"""So many dimensions are compared: nothing is lost by leaving the weak ones out, and a product
takes a tenth of the time."""

_AT_ONCE = 512
_SHORTEST = 1e-9

Floats = NDArray[np.float32]


def _highest(cosines: Floats, count: int) -> Floats:
    return np.partition(cosines, -count)[-count:]


def intent_of(label: str) -> str:
    """Return a label without its topic."""
    return label.partition(SEPARATOR)[0]


def strong_directions(vectors: Floats) -> Floats:
    """Return the directions in which the vectors vary most, one a column, at most `WIDTH`."""
    _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    strong: Floats = np.ascontiguousarray(directions[:, ::-1][:, :WIDTH], np.float32)
    return strong


def _of_length_one(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = vectors / np.maximum(lengths, _SHORTEST)
    return unit


class Neighbors:
    """The training sentences' vectors along the strong directions, label by label."""

    def __init__(
        self,
        vectors: Floats,
        labels: Sequence[str],
        directions: Floats,
        unlike: frozenset[str] = frozenset(),
    ) -> None:
        """Take vectors along the directions, their labels, and the intents that are unfamiliar."""
        self.directions = directions
        order = sorted(range(len(labels)), key=lambda row: (intent_of(labels[row]), labels[row]))
        self.vectors = np.ascontiguousarray(vectors[order])
        self.labels = [labels[row] for row in order]
        self.unlike = unlike
        # Sorted as they are, each label's rows stand together, and each intent's too.
        self._rows: dict[str, slice] = {}
        for row, label in enumerate(self.labels):
            for name in {label, intent_of(label)}:
                start = self._rows[name].start if name in self._rows else row
                self._rows[name] = slice(start, row + 1)
        sizes = [rows.stop - rows.start for rows in self._rows.values()]
        self._counts = [min(NEAREST, size) for size in sizes]
        self._strange = [self._rows[name] for name in sorted(unlike) if name in self._rows]

    @classmethod
    def fit(
        cls, vectors: Floats, labels: Sequence[str], unlike: frozenset[str] = frozenset()
    ) -> Neighbors:
        """Take whole vectors with their labels, and the intents that make no text familiar."""
        directions = strong_directions(vectors)
        return cls(_of_length_one(vectors @ directions), labels, directions, unlike)

    def look(self, vector: Floats) -> tuple[dict[str, float], float]:
        """Return how near each label and each intent is, and how familiar the vector.

        Both are mean cosines: to the label's nearest sentences, and to the nearest of all that
        make a text familiar.
        """
        cosines = self.vectors @ _of_length_one(vector @ self.directions)
        nearness = {
            name: float(_highest(cosines[rows], count).sum()) / count
            for (name, rows), count in zip(self._rows.items(), self._counts, strict=True)
        }
        for rows in self._strange:
            cosines[rows] = -1
        familiarity = _highest(cosines, min(FAMILIAR, len(cosines))).mean()
        return nearness, float(familiarity)

    def usual_familiarity(self, lost_share: float) -> float:
        """Return the familiarity that all but `lost_share` of the sentences have to others."""
        known = self.vectors[[intent_of(label) not in self.unlike for label in self.labels]]
        count = min(FAMILIAR, max(len(known) - 1, 1))
        found = []
        for start in range(0, len(known), _AT_ONCE):
            cosines = known[start : start + _AT_ONCE] @ known.T
            rows = np.arange(len(cosines))
            cosines[rows, start + rows] = -1
            found.append(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1))
        return float(np.quantile(np.concatenate(found), lost_share))
