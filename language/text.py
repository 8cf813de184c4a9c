"""Brings a message into the form that the classifier reads."""

from __future__ import annotations

import re
from functools import lru_cache

from language.vocabulary import other_shops

_QUOTES = str.maketrans("‘’‛`´“”", "'''''\"\"")
_NEW_LINE = re.compile(r"(?<![.!?,;:\s])\s*\n\s*")
_SPACE = re.compile(r"\s+")

MASKED_NUMBER = "12345"
"""What stands for every order number, and for whatever looks like one, in a readable text."""
MASKED_EMAIL = "name@example.com"
MASKED_AMOUNT = "$50"

_DIGITS_OF_A_NUMBER = 4
"""With so many digits, a word of letters and digits is a number of something."""

_EMAIL = r"\S+@\S+\.\w+"
_AMOUNT = (
    r"(?<!\w)(?:us)?[$€£]\s?\d[\d,]*(?:\.\d+)?(?!\w)"
    r"|(?<![\w.,-])\d[\d,]*(?:\.\d+)?\s?(?:\$|(?:dollars?|bucks|usd)\b)"
)
_KEPT = (
    # Dates, and years.
    r"(?<![\w-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d))(?![\w-])"
    r"|(?<![\w#-])(?<!# )20[12]\d(?![\w-])"
    # Phone numbers, with or without the area.
    r"|(?<![\w-])(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])?\d{3}[-.]\d{4}(?![\w-])"
    # ZIP+4; a range of days or pieces ("10-15"), a day without its year ("12/11").
    r"|(?<![\w-])(?:\d{5}-\d{4}|\d{1,3}\s?(?:-|–|to|/)\s?\d{1,3})(?![\w-])"
)
_NUMBER = r"(?<![\w.$])(?:#\s*)?(?:aop )?[a-z]*[-/#]?[a-z]{0,3}\d[a-z\d]*(?:[-/][a-z\d]+)*(?!\w)"
_SAYS_NOTHING = re.compile(
    f"(?P<email>{_EMAIL})|(?P<amount>{_AMOUNT})|(?P<kept>{_KEPT})|(?P<number>{_NUMBER})"
)
_LETTERS_BEFORE = re.compile(r"(?:order|ordr|purchase|zip|zipcode)(?=\W?\d)")


def _masked(match: re.Match[str]) -> str:
    text = match[0]
    if match["email"]:
        return MASKED_EMAIL
    if match["amount"]:
        return MASKED_AMOUNT
    digits = sum(letter.isdigit() for letter in text)
    if match["kept"] or digits < _DIGITS_OF_A_NUMBER:
        return text
    word = _LETTERS_BEFORE.match(text)
    return f"{word[0]} {MASKED_NUMBER}" if word else MASKED_NUMBER


def readable(text: str) -> str:
    """Return the text in lower case, with plain quotes, and numbers, e-mails and sums masked.

    Which number an order, a claim or a parcel has says nothing about what its customer wants.
    Dates, phone numbers, ZIP+4 and ranges of days stay. A new line ends a sentence.
    """
    text = plain_quotes(text).lower()
    text = _SAYS_NOTHING.sub(_masked, text)
    text = _NEW_LINE.sub(". ", text.strip())
    return _SPACE.sub(" ", text).strip()


def plain_quotes(text: str) -> str:
    """Return the text with plain quotes; no offset changes."""
    return text.translate(_QUOTES)


@lru_cache(maxsize=1)
def _other_shops() -> re.Pattern[str]:
    names = "|".join(map(re.escape, other_shops()))
    return re.compile(rf"(?<![\w'])(?:{names})(?:'s|\.com)?(?![\w'])")


def with_other_shops_masked(text: str) -> str:
    """Return a readable text with "another shop" for every name of one."""
    return _other_shops().sub("another shop", text)
