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
from language.heads import Head, Settings, one_label_head
from language.neighbors import SEPARATOR, Neighbors, intent_of
from language.regression import Block
from language.spread import Spread

INTENTS = ""
"""The name of the head that tells the intents apart; the others carry their intent's name."""


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


def _rows_by_retrieval_intent(labels: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        if SEPARATOR in label:
            rows[intent_of(label)].append(number)
    return dict(rows)


class IntentModel:
    """Reads texts: which intent, which topic, and how familiar.

    Attributes:
        features: the words and letters it knows.
    """

    def __init__(
        self,
        settings: Settings,
        features: TextFeatures,
        heads: dict[str, Head],
        neighbors: Neighbors,
        usual: float,
    ) -> None:
        self._settings = settings
        self.features = features
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
        blocks: list[Block] = [*matrices, spread.applied(vectors)]
        intents = [intent_of(label) for label in labels]
        heads = {INTENTS: one_label_head(blocks, intents, spread, settings)}
        for intent, rows in _rows_by_retrieval_intent(labels).items():
            topics = [labels[row] for row in rows]
            here = [block[rows] for block in blocks]
            heads[intent] = one_label_head(here, topics, spread, settings)
        neighbors = Neighbors.fit(vectors[:, :SENTENCE_WIDTH], labels, unlike)
        usual = neighbors.usual_familiarity(settings.lost_share)
        return cls(settings, features, heads, neighbors, usual)

    def read(self, text: str, vector: Floats) -> Reading:
        """Return what the model makes of one readable text with its vector."""
        places, values = self.features.row(text)
        nearness, familiarity = self._neighbors.look(vector[:SENTENCE_WIDTH])
        found = {}
        for name, head in self._heads.items():
            sums = head.sums(places, values, vector)
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
            "terms": self.features.vocabularies,
            "labels": {name: head.labels for name, head in self._heads.items()},
            "neighbors": self._neighbors.labels,
            "unlike": sorted(self._neighbors.unlike),
            "usual": self._usual,
        }
        arrays: dict[str, NDArray[Any]] = {
            "neighbors": self._neighbors.vectors,
            "directions": self._neighbors.directions,
        }
        for number, rarity in enumerate(self.features.rarities):
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
