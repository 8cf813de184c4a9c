"""Brings a message into the form that the classifier reads."""

from __future__ import annotations

import re
from functools import lru_cache

from language.vocabulary import other_shops

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_LONG_NUMBER = re.compile(r"(?<![\w.$])(?:#\s*)?(?:aop[- ]?)?#?\d{4,12}\b", re.IGNORECASE)
_QUOTES = str.maketrans("‘’‛`´“”", "'''''\"\"")
_NEW_LINE = re.compile(r"(?<![.!?,;:\s])\s*\n\s*")
_SPACE = re.compile(r"\s+")

MASKED_NUMBER = "12345"
"""What stands for every order number in a readable text."""


def readable(text: str) -> str:
    """Return the text in lower case, with plain quotes, order numbers and e-mails masked.

    Which number an order has says nothing about what its customer wants. A new line ends a
    sentence.
    """
    text = text.translate(_QUOTES).lower()
    text = _EMAIL.sub("name@example.com", text)
    text = _LONG_NUMBER.sub(MASKED_NUMBER, text)
    text = _NEW_LINE.sub(". ", text.strip())
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=1)
def _other_shops() -> re.Pattern[str]:
    names = "|".join(map(re.escape, other_shops()))
    return re.compile(rf"(?<![\w'])(?:{names})(?:'s|\.com)?(?![\w'])")


def with_other_shops_masked(text: str) -> str:
    """Return a readable text with "another shop" for every name of one."""
    return _other_shops().sub("another shop", text)
