"""Names of people: those an e-mail address tells, and those somebody gave in a text."""

import re

from casework.kept.patterns import NAMED


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOBODY = _words(
    """
    info office sales order orders admin mail email contact hello support team accounts the
    accounting billing purchasing shop store desk help service customer company inc you again
    """
)
# Names that are words as well: only a capital makes them a name.
_ALSO_WORDS = _words(
    """
    bell black brown case clark cole cook cross day diamond dean drew fair fall field fox frank
    gene grace grant gray green grey hall hand hill hope hunt iris ivy joy jack king lake lane
    law long love mark max may miles mills moon north page park paper parts penny pierce pike
    pool power price reed rich rob rose rush sharp short silver sky stone strong summer swift
    walker wall ward waters way west white will wise wolf wood woods worth young
    """
)


def words_of(email: str) -> set[str]:
    """The words before the @ that can be somebody's name."""
    words = re.findall(r"[^\W\d_]{3,}", email.partition("@")[0].casefold())
    return {word for word in words if word not in _NOBODY}


def named_in(text: str) -> set[str]:
    """Names somebody gave themselves or others in a text, word by word."""
    return {
        word.casefold()
        for found in NAMED.finditer(text)
        for group in found.groups()
        if group
        for word in re.findall(r"[^\W\d_]{2,}", group)
        if word.casefold() not in _NOBODY
    }


def only_a_word(value: str) -> bool:
    """Whether it is written small and may as well be a word like any other."""
    return value.islower() and value in _ALSO_WORDS
