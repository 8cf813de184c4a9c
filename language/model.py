"""The intent model: one logistic regression over words, letters and the sentence vector.

It knows nothing of Rasa. It is kept as plain arrays and JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]

NEIGHBORS = 3


@dataclass(frozen=True)
class Settings:
    """What can be tuned: regularization, weight of the sentence vector, similarity scaling."""

    C: float = 5.0
    vector_weight: float = 2.0
    lost_share: float = 0.05
    softness: float = 0.04
    iterations: int = 300


def _vectorizers() -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32, token_pattern=r"[^\W_]+|\?"
        ),
        TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32, min_df=2
        ),
    ]


def nearest_similarity(vectors: Floats, vector: Floats) -> float:
    """Return the mean cosine of the vector to its nearest ones (all of length one)."""
    cosines = vectors @ vector
    count = min(NEIGHBORS, len(cosines))
    return float(np.partition(cosines, -count)[-count:].mean())


def _usual_similarity(vectors: Floats, share: float) -> float:
    """Return the similarity that all but `share` of the training sentences have to others."""
    found = []
    for start in range(0, len(vectors), 512):
        cosines = vectors[start : start + 512] @ vectors.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -1
        count = min(NEIGHBORS, max(len(vectors) - 1, 1))
        found.append(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1))
    return float(np.quantile(np.concatenate(found), share))


class IntentModel:
    """Ranks labels for a text and says how much like the training sentences the text is."""

    def __init__(
        self,
        settings: Settings,
        labels: list[str],
        vectorizers: list[TfidfVectorizer],
        weights: Floats,
        bias: Floats,
        known: Floats,
        usual: float,
    ) -> None:
        self.labels = labels
        self._settings = settings
        self._vectorizers = vectorizers
        self._weights = weights
        self._bias = bias
        self._known = known
        self._usual = usual
        self._sparse_width = len(weights) - known.shape[1]

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[str],
        *,
        unlike: frozenset[str] = frozenset(),
        settings: Settings | None = None,
    ) -> IntentModel:
        """Train on texts with their sentence vectors and labels.

        Args:
            texts: readable texts.
            vectors: their sentence vectors, one a row.
            labels: their labels.
            unlike: labels whose sentences do not count as like the training sentences
                (what is out of scope is unlike everything else).
            settings: what can be tuned.
        """
        settings = settings or Settings()
        vectorizers = _vectorizers()
        sparse = [vectorizer.fit_transform(texts) for vectorizer in vectorizers]
        features = hstack(
            [*sparse, csr_matrix(vectors * np.float32(settings.vector_weight))], format="csr"
        )
        regression = LogisticRegression(
            C=settings.C, class_weight="balanced", max_iter=settings.iterations
        )
        regression.fit(features, list(labels))
        known = vectors[np.array([label not in unlike for label in labels])]
        return cls(
            settings,
            [str(label) for label in regression.classes_],
            vectorizers,
            np.ascontiguousarray(regression.coef_.T, dtype=np.float32),
            regression.intercept_.astype(np.float32),
            np.ascontiguousarray(known),
            _usual_similarity(known, settings.lost_share),
        )

    def probabilities(self, text: str, vector: Floats) -> Floats:
        """Return the probability of each of `labels` for one readable text."""
        sums = self._bias.copy()
        start = 0
        for vectorizer in self._vectorizers:
            row = vectorizer.transform([text])
            sums += row.data @ self._weights[start + row.indices]
            start += row.shape[1]
        sums += (vector * np.float32(self._settings.vector_weight)) @ self._weights[start:]
        shares: Floats = np.exp(sums - sums.max())
        shares /= shares.sum()
        return shares

    def likeness(self, vector: Floats) -> float:
        """Return from 0 to 1 how much like the training sentences a vector is."""
        distance = nearest_similarity(self._known, vector) - self._usual
        return float(1 / (1 + np.exp(-distance / self._settings.softness)))

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        state: dict[str, Any] = {
            "settings": self._settings.__dict__,
            "labels": self.labels,
            "usual": self._usual,
            "words": [
                sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
                for vectorizer in self._vectorizers
            ],
        }
        (folder / "model.json").write_text(json.dumps(state))
        np.savez(
            folder / "model.npz",
            weights=self._weights,
            bias=self._bias,
            known=self._known,
            **{f"idf{i}": vec.idf_ for i, vec in enumerate(self._vectorizers)},
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read the model back from the folder it was saved in."""
        state = json.loads((folder / "model.json").read_text())
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            vectorizers = _vectorizers()
            for i, (vectorizer, words) in enumerate(zip(vectorizers, state["words"], strict=True)):
                vectorizer.vocabulary = {word: number for number, word in enumerate(words)}
                vectorizer.idf_ = arrays[f"idf{i}"]
            return cls(
                Settings(**state["settings"]),
                state["labels"],
                vectorizers,
                arrays["weights"],
                arrays["bias"],
                arrays["known"],
                state["usual"],
            )
