"""The intent model: logistic regressions over words, letters and the sentence vector.

It knows nothing of Rasa. It is kept as plain arrays and JSON.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.encoder import SENTENCE_WIDTH
from language.features import Floats, TextFeatures
from language.neighbors import SEPARATOR, Neighbors, intent_of
from language.regression import Block, fit_regression
from language.spread import Spread

INTENTS = ""
"""The name of the head that tells the intents apart; the others carry their intent's name."""


@dataclass(frozen=True)
class Settings:
    """What can be tuned.

    Attributes:
        strength: C of the regressions.
        vector_weight: how much the sentence vector counts beside words and letters.
        neighbor_weight: how much the nearest training sentences count beside the regressions.
        sharpness: how far the labels' sums are spread, so that confidence is how often it is right.
        lost_share: the share of training sentences that are rather unlike the others.
        softness: over how large a difference in similarity the likeness falls.
        iterations: the most steps of training.
        tolerance: where training ends earlier.
    """

    strength: float = 11.0
    vector_weight: float = 0.8
    neighbor_weight: float = 6.0
    sharpness: float = 2.0
    lost_share: float = 0.01
    softness: float = 0.06
    iterations: int = 200
    tolerance: float = 2e-5


@dataclass(frozen=True)
class Head:
    """One regression: its labels, weights (features x labels) and bias."""

    labels: list[str]
    weights: Floats
    bias: Floats


@dataclass(frozen=True)
class Reading:
    """What the model makes of a text.

    Attributes:
        intents: each intent's probability.
        topics: for each retrieval intent its labels' probabilities ("ask_policy/damaged").
        likeness: from 0 to 1, how much like the training sentences the text is.
    """

    intents: dict[str, float]
    topics: dict[str, dict[str, float]]
    likeness: float


def _shares(sums: Floats) -> Floats:
    shares: Floats = np.exp(sums - sums.max())
    shares /= shares.sum()
    return shares


def _head(blocks: list[Block], labels: Sequence[str], settings: Settings, spread: Spread) -> Head:
    names, classes = np.unique(np.array(labels), return_inverse=True)
    weights, bias = fit_regression(
        blocks,
        classes,
        strength=settings.strength,
        iterations=settings.iterations,
        tolerance=settings.tolerance,
    )
    end = len(weights) - blocks[-1].shape[1]
    scaled = weights[end:] * np.float32(settings.vector_weight)
    dense, bias = spread.folded(scaled, bias)
    return Head([str(name) for name in names], np.vstack([weights[:end], dense]), bias)


def _rows_by_retrieval_intent(labels: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        if SEPARATOR in label:
            rows[intent_of(label)].append(number)
    return dict(rows)


class IntentModel:
    """Reads texts: which intent, which topic, and how familiar."""

    def __init__(
        self,
        settings: Settings,
        features: TextFeatures,
        heads: dict[str, Head],
        neighbors: Neighbors,
        usual: float,
    ) -> None:
        self._settings = settings
        self._features = features
        self._heads = heads
        self._neighbors = neighbors
        self._usual = usual

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
        """Train on texts with their vectors and labels.

        Args:
            texts: readable texts.
            vectors: their vectors, one a row.
            labels: their labels; what stands after a "/" is a topic of the intent before it.
            unlike: intents whose sentences do not count as familiar (what is out of scope is
                unlike everything else).
            settings: what can be tuned.
        """
        settings = settings or Settings()
        features, matrices = TextFeatures.fit(texts)
        spread = Spread(vectors, SENTENCE_WIDTH)
        dense = spread.applied(vectors) * np.float32(settings.vector_weight)
        blocks: list[Block] = [*matrices, dense]
        intents = [intent_of(label) for label in labels]
        heads = {INTENTS: _head(blocks, intents, settings, spread)}
        for intent, rows in _rows_by_retrieval_intent(labels).items():
            topics = [labels[row] for row in rows]
            heads[intent] = _head([block[rows] for block in blocks], topics, settings, spread)
        neighbors = Neighbors.fit(vectors[:, :SENTENCE_WIDTH], labels, unlike)
        usual = neighbors.usual_familiarity(settings.lost_share)
        return cls(settings, features, heads, neighbors, usual)

    def read(self, text: str, vector: Floats) -> Reading:
        """Return what the model makes of one readable text with its vector."""
        places, values = self._features.row(text)
        nearness, familiarity = self._neighbors.look(vector[:SENTENCE_WIDTH])
        found = {}
        for name, head in self._heads.items():
            sums = head.bias + values @ head.weights[places]
            sums += vector @ head.weights[self._features.width :]
            near = np.array([nearness[label] for label in head.labels], np.float32)
            sums += self._settings.neighbor_weight * near
            shares = _shares(self._settings.sharpness * sums)
            found[name] = dict(zip(head.labels, shares.tolist(), strict=True))
        intents = found.pop(INTENTS)
        distance = (self._usual - familiarity) / self._settings.softness
        return Reading(intents, found, float(1 / (1 + np.exp(distance))))

    def save(self, folder: Path) -> None:
        """Write the model into a folder, as `model.json` and `model.npz`."""
        state = {
            "settings": asdict(self._settings),
            "terms": self._features.vocabularies,
            "labels": {name: head.labels for name, head in self._heads.items()},
            "neighbors": self._neighbors.labels,
            "unlike": sorted(self._neighbors.unlike),
            "usual": self._usual,
        }
        arrays: dict[str, NDArray[Any]] = {
            "neighbors": self._neighbors.vectors,
            "directions": self._neighbors.directions,
        }
        for number, rarity in enumerate(self._features.rarities):
            arrays[f"rarity {number}"] = rarity
        for name, head in self._heads.items():
            arrays[f"weights {name}"] = head.weights
            arrays[f"bias {name}"] = head.bias
        (folder / "model.json").write_text(json.dumps(state))
        np.savez(folder / "model.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read the model back from the folder it was saved in."""
        state = json.loads((folder / "model.json").read_text())
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            rarities = [arrays[f"rarity {number}"] for number in range(len(state["terms"]))]
            heads = {
                name: Head(labels, arrays[f"weights {name}"], arrays[f"bias {name}"])
                for name, labels in state["labels"].items()
            }
            return cls(
                Settings(**state["settings"]),
                TextFeatures(state["terms"], rarities),
                heads,
                Neighbors(
                    arrays["neighbors"],
                    state["neighbors"],
                    arrays["directions"],
                    frozenset(state["unlike"]),
                ),
                state["usual"],
            )
