"""What identifies somebody wherever it is written, known to the shop or not: the patterns."""

import re
from collections.abc import Iterable

AMOUNT = r"\$\s?\d[\d,]*(?:\.\d+)?"
# With a comma or cents in it, it is money and no number somebody typed a dollar sign before.
BARE_AMOUNT = re.compile(r"(?P<before>\$\s?)(?P<number>\d+)(?P<after>,*)")
DAY = r"\b(?:19|20)\d\d-\d\d-\d\d\b"
CASE = r"\bAOP[\s-]?R[\s-]?[0-9A-Z]{4}[\s-]?[0-9A-Z]{4}\b"
EMAIL = r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]*[^\s<>()\[\]\"',;:.!?*]"
PARCEL = r"\b(?=(?:[A-Z]*\d){4})(?=\d*[A-Z])[A-Z0-9]{10,}\b"
PHONE = r"(?<![\d-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-]?)\d{3}[\s.-]?\d{4}(?![\d-])"
CARD = r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)"
DIGITS = r"(?<![\d.,])\d{5}-\d{4}(?!\d)|(?<!\d)\d{4,}(?!\d)"

# Words that stand between a number and "road" or "way" where no address is meant.
_NO_STREET = (
    "days?|weeks?|hours?|minutes?|times?|items?|boxes|of|on|in|by|at|to|for|and|the|is|it|my|your"
)
_STREET = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|"
    "parkway|pkwy|highway|hwy|terrace|circle|square|trail"
)
_UNIT = r",?\s(?:(?:apt|apartment|unit|suite|ste|floor)\b\.?|#)\s?"
ADDRESS = (
    rf"\b\d{{1,6}}[a-z]?\s(?:(?!(?:{_NO_STREET})\b)[\w'.-]+\s){{1,3}}(?:{_STREET})\b"
    rf"(?:{_UNIT}\w+)?"
    r"|\bp\.?\s?o\.?\sbox\s\d+"
)
ADDRESS_PARTS = re.compile(
    rf"(?P<number>\d+).*\s(?P<street>{_STREET})(?:(?P<unit>{_UNIT})\w+)?", re.IGNORECASE
)
CITY = r"(?-i:\b[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2},?\s[A-Z]{2}(?=,?\s\d{5}\b))"

# Capitals matter in a name: "thanks, John" signs, "thanks, bye" does not.
_NAME = r"(?-i:[A-Z][\w'’-]+)(?:\s(?-i:[A-Z][\w'’-]+)){0,2}"
_NOT_NAMES = "on|in|not|the|a|an|and|under|with|also|spelled|written|different|as|at|for|same"
NAMED = re.compile(
    rf"(?:\bmr|\bmrs|\bms|\bdr)\.?\s(?P<title>{_NAME})"
    rf"|\bmy name(?:\sis|['’]s)\s(?!(?:{_NOT_NAMES})\b)(?P<said>{_NAME}|[^\W\d]{{2,}})"
    rf"|\b(?:thanks|thank you|regards|sincerely|cheers|best|yours),?\s+(?P<signed>{_NAME})\W*$",
    re.IGNORECASE,
)
ORDER_BEFORE = re.compile(
    r"(?:\border|\bnumber|\bno\.?|\bnr\.?|#)\s*(?:number|is|no\.?|[:#])*\s*$", re.IGNORECASE
)


def spaced(value: str) -> str:
    """A pattern for a number or code, also where it is typed with spaces, dots or dashes."""
    signs = [re.escape(sign) for sign in value if sign.isalnum()]
    return r"(?<!\w)" + r"[\s.-]?".join(signs) + r"(?!\w)"


def any_of(values: Iterable[str]) -> str:
    """A pattern for any of these texts as they are, the longest first; never matches for none."""
    longest = sorted({value for value in values if value}, key=len, reverse=True)
    return "|".join(re.escape(value) for value in longest) or r"(?!)"
