"""Words and letters of a text as weighted counts, kept as plain lists and arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_KINDS: tuple[dict[str, Any], ...] = (
    {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"[^\W_]+|\?", "min_df": 2},
    {"analyzer": "char_wb", "ngram_range": (3, 4), "min_df": 3},
)
"""Single words and pairs (a question mark is a word), and runs of letters within words."""


def _vectorizer(kind: dict[str, Any]) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **kind)


class TextFeatures:
    """Weighs words and letters by how often they stand in the text and how rare they are."""

    def __init__(self, vocabularies: list[list[str]], rarities: list[Floats]) -> None:
        """Take, for each kind of feature, its terms and their inverse document frequencies."""
        self.vocabularies = vocabularies
        self.rarities = rarities
        self._analyzers: list[Callable[[str], list[str]]] = [
            _vectorizer(kind).build_analyzer() for kind in _KINDS
        ]
        starts = np.cumsum([0, *map(len, vocabularies)])
        self.width = int(starts[-1])
        self._places = [
            {term: int(start) + place for place, term in enumerate(terms)}
            for start, terms in zip(starts, vocabularies, strict=False)
        ]
        self._rarity = np.concatenate(rarities).astype(np.float32)
        # A text is looked at for its intent and for its matters.
        self.row = lru_cache(maxsize=1)(self._row)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> tuple[TextFeatures, list[csr_matrix]]:
        """Learn the terms of the texts; return also the texts' features, kind by kind."""
        vectorizers = [_vectorizer(kind) for kind in _KINDS]
        matrices = [vectorizer.fit_transform(texts).tocsr() for vectorizer in vectorizers]
        terms = [[str(term) for term in vec.get_feature_names_out()] for vec in vectorizers]
        return cls(terms, [vec.idf_.astype(np.float32) for vec in vectorizers]), matrices

    def _row(self, text: str) -> tuple[Indices, Floats]:
        """Return where the text's features are not zero, and what they are there."""
        places: list[Indices] = []
        values: list[Floats] = []
        for analyze, known in zip(self._analyzers, self._places, strict=True):
            counts = Counter(known[term] for term in analyze(text) if term in known)
            if not counts:
                continue
            place = np.fromiter(counts, np.intp, len(counts))
            value = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
            value *= self._rarity[place]
            places.append(place)
            values.append(value / np.sqrt(value @ value))
        if not places:
            return np.zeros(0, np.intp), np.zeros(0, np.float32)
        return np.concatenate(places), np.concatenate(values).astype(np.float32)

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return the texts' features, one text a row."""
        found = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(places) for places, _ in found)])
        places = np.concatenate([places for places, _ in found])
        values = np.concatenate([values for _, values in found])
        return csr_matrix((values, places, ends), shape=(len(texts), self.width))
