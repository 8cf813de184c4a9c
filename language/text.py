"""Brings a message into the form that the classifier reads."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_LONG_NUMBER = re.compile(r"(?<![\w.$])(?:#\s*)?(?:aop[- ]?)?#?\d{4,12}\b", re.IGNORECASE)
_QUOTES = str.maketrans("‘’‛`´“”", "'''''\"\"")
_SPACE = re.compile(r"\s+")


def readable(text: str) -> str:
    """Return the text in lower case, with plain quotes, order numbers and e-mails masked.

    Which number an order has says nothing about what its customer wants.
    """
    text = text.translate(_QUOTES).lower()
    text = _EMAIL.sub("name@example.com", text)
    text = _LONG_NUMBER.sub("12345", text)
    return _SPACE.sub(" ", text).strip()
