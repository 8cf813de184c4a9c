"""How much like the training sentences a text is.

A regression is sure of itself also where it has never been. The mean cosine to the nearest
training sentences tells what is familiar from what is not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBORS = 3
_AT_ONCE = 512

Floats = NDArray[np.float32]


class Likeness:
    """Tells from 0 to 1 how familiar a sentence vector is; 0.5 at the usual similarity."""

    def __init__(self, known: Floats, usual: float, softness: float) -> None:
        """Take the known vectors (of length one), and where and how softly likeness falls."""
        self.known = known
        self._usual = usual
        self._softness = softness

    @classmethod
    def fit(cls, known: Floats, lost_share: float, softness: float) -> Likeness:
        """Learn the similarity that all but `lost_share` of the known vectors have to others."""
        known = np.ascontiguousarray(known)
        count = min(NEIGHBORS, max(len(known) - 1, 1))
        found = []
        for start in range(0, len(known), _AT_ONCE):
            cosines = known[start : start + _AT_ONCE] @ known.T
            rows = np.arange(len(cosines))
            cosines[rows, start + rows] = -1
            found.append(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1))
        return cls(known, float(np.quantile(np.concatenate(found), lost_share)), softness)

    def numbers(self) -> dict[str, float]:
        """Return what has to be stored beside the known vectors."""
        return {"usual": self._usual, "softness": self._softness}

    def of(self, vector: Floats) -> float:
        """Return the likeness of one sentence vector."""
        cosines = self.known @ vector
        count = min(NEIGHBORS, len(cosines))
        similarity = float(np.partition(cosines, -count)[-count:].mean())
        return float(1 / (1 + np.exp((self._usual - similarity) / self._softness)))
