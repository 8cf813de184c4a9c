"""Repairs spelling for the classifier; the message's own text stays as typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from language.entity_patterns import PRODUCTS

SHORTEST = 4
"""Shorter words are left alone: too many other words are one letter away."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_SHOP_WORDS = "aop alliedofficeproducts usps ups fedex dhl"
_OWN_WEIGHT = 10**9
"""How much more often than in general English a word of the shop's is meant."""


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word stands in the texts (lower case expected)."""
    return Counter(word for text in texts for word in _WORD.findall(text))


class Speller:
    """Repairs words one letter away from a known one; known words stay."""

    def __init__(self, own_words: dict[str, int]) -> None:
        """Take English and the given words (of the training texts, with their counts)."""
        self._symspell = SymSpell(max_dictionary_edit_distance=1, prefix_length=7)
        english = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
        self._symspell.load_dictionary(str(english), 0, 1)
        for word, count in own_words.items():
            self._symspell.create_dictionary_entry(word, count * _OWN_WEIGHT)
        for word in {*_SHOP_WORDS.split(), *(w for name in PRODUCTS for w in name.split())}:
            self._symspell.create_dictionary_entry(word, _OWN_WEIGHT)

    def _repaired(self, match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < SHORTEST or "'" in word or word in self._symspell.words:
            return word
        found = self._symspell.lookup(word, Verbosity.TOP, max_edit_distance=1)
        return str(found[0].term) if found else word

    def repair(self, text: str) -> str:
        """Return the text (lower case expected) with misspelled words repaired."""
        return _WORD.sub(self._repaired, text)
