"""Repairs spelling for the classifier; the message's own text stays as typed.

A noisy channel: of all known words one slip away, the one that customers use most is taken, if it
is likelier to have been meant, slip and all, than the word as it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from language.slips import slip_weight
from language.vocabulary import kept_words, short_forms

SHORTEST = 2
PREFIX = 5
"""Letters of a word that are indexed: fewer take less memory and a little more time."""

RAREST = 200_000
"""English words with a lower count (about half of the dictionary) are nobody's daily words."""

OWN_SHARE = 0.9
"""How much the training sentences' own words count against general English."""

SLIP_OF_ENGLISH = 1 / 1500
"""How often an English word stands there by a slip for a certain other one."""

SLIP_OF_OWN = 1 / 30
"""The same for a word that only the training sentences know: many of those are slips."""

_WORD = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?![\w'])")


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word stands in the texts (lower case expected)."""
    return Counter(word for text in texts for word in _WORD.findall(text))


def _english_words() -> dict[str, int]:
    """Return the commoner English words with their counts."""
    dictionary = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = (line.split() for line in dictionary.read_text(encoding="utf-8-sig").splitlines())
    return {word: int(count) for word, count in lines if int(count) >= RAREST}


class Speller:
    """Repairs words one slip away from a word that is likelier to have been meant."""

    def __init__(self, own_words: Mapping[str, int]) -> None:
        """Take the words of the training sentences with their counts; English is known."""
        self._english = _english_words()
        self._kept = kept_words()
        self._short_forms = short_forms()
        self._own = {**dict.fromkeys(self._kept, 1), **own_words}
        self._english_sum = sum(self._english.values())
        self._own_sum = max(sum(self._own.values()), 1)
        self._symspell = SymSpell(max_dictionary_edit_distance=1, prefix_length=PREFIX)
        for word in {**self._english, **self._own}:
            self._symspell.create_dictionary_entry(word, 1)
        self._meant = lru_cache(maxsize=20_000)(self._find_meant)

    def _share(self, word: str) -> float:
        own: float = self._own.get(word, 0) / self._own_sum
        english: float = self._english.get(word, 0) / self._english_sum
        return OWN_SHARE * own + (1 - OWN_SHARE) * english

    def _find_meant(self, word: str) -> str:
        if word in self._kept:
            return word
        slip = SLIP_OF_ENGLISH if word in self._english else SLIP_OF_OWN
        best, likeliest = word, self._share(word)
        for suggestion in self._symspell.lookup(word, Verbosity.ALL, max_edit_distance=1):
            other = str(suggestion.term)
            if other == word or (other not in self._english and other not in self._kept):
                continue
            share = self._share(other) * slip * slip_weight(word, other)
            if share > likeliest:
                best, likeliest = other, share
        return best

    def _repaired(self, match: re.Match[str]) -> str:
        word = match[0]
        if word in self._short_forms:
            return self._short_forms[word]
        return word if len(word) < SHORTEST or "'" in word else self._meant(word)

    def repair(self, text: str) -> str:
        """Return the text (lower case expected) with misspelled words repaired."""
        return _WORD.sub(self._repaired, text)
