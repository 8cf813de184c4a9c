"""Resolves the ways people write a day ("last Tuesday", "on the 3rd", "10/11") to a date.

An after-sales conversation looks back: where words fit several days, the latest one that is not
after today is meant. A month and day without a year may lie up to a month ahead, so that the
assistant can question a day in the future instead of silently taking last year's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from dateutil import parser
from dateutil.relativedelta import relativedelta

AHEAD = timedelta(days=31)

_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_CARDINALS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBERS = {word: number for number, word in enumerate(_CARDINALS)} | {
    "a": 1,
    "an": 1,
    "couple": 2,
    "thirty": 30,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEAR = {
    "today": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tonight": 0,
    "yesterday": -1,
    "last night": -1,
    "day before yesterday": -2,
    "tomorrow": 1,
    "day after tomorrow": 2,
}

_NUMBER = r"(?P<number>\d{1,3}|(?:a )?couple(?: of)?|[a-z]+)"
_UNIT = r"(?P<unit>day|week|wk|fortnight|month|year|yr|hour|hr|minute|min)s?"
_BACK = re.compile(rf"^{_NUMBER} {_UNIT} (?:ago|back|earlier|before)$")
_SPAN = re.compile(rf"^{_NUMBER}[ -]{_UNIT}$")
_WEEKDAY = re.compile(
    r"^(?P<which>last|this past|past|this|next|coming)? ?"
    r"(?P<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*(?P<week> (?:of )?last week)?$"
)
_DAY_OF_MONTH = re.compile(r"^(?P<day>\d{1,2})(?:st|nd|rd|th)$")
_SLASHED = re.compile(r"^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_NAME = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_ORDINAL_WORD = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b")
_HAS_MONTH = re.compile(rf"\b(?:{_MONTHS})[a-z]*\b")
_HAS_YEAR = re.compile(r"\b(?:\d{4}|'\d{2})\b")


def _clean(text: str) -> str:
    """Return the text lower-cased, without the little words in front and around."""
    text = re.sub(r"[\s,]+", " ", text.lower()).strip(" .")
    text = re.sub(r"\s*([/-])\s*", r"\1", text)
    text = re.sub(r"^(?:on|since|by|from|until|till|dated|the)\b ?", "", text)
    text = re.sub(r"^the ", "", text)
    # "Monday the 3rd", "Tuesday, November 4": the number decides.
    text = re.sub(rf"^{_DAY_NAME} (?=(?:the )?(?:\d|{_MONTHS}))", "", text)
    text = _ORDINAL_WORD.sub(lambda word: f"{_ORDINALS.index(word[0]) + 1}th", text)
    text = re.sub(r"^the ", "", text)
    week_first = re.match(r"^last week (?:on )?(\w+)$", text)
    return f"{week_first[1]} last week" if week_first else text


def _count(word: str) -> int | None:
    word = word.removeprefix("a ").removesuffix(" of")
    return int(word) if word.isdigit() else _NUMBERS.get(word)


def _length(match: re.Match[str]) -> relativedelta | None:
    count = _count(match["number"])
    if count is None:
        return None
    unit = match["unit"]
    if unit in ("hour", "hr", "minute", "min"):
        return relativedelta(days=count // 24 if unit in ("hour", "hr") else 0)
    if unit in ("month",):
        return relativedelta(months=count)
    if unit in ("year", "yr"):
        return relativedelta(years=count)
    return relativedelta(days=count * {"day": 1, "week": 7, "wk": 7, "fortnight": 14}[unit])


def _near(text: str, today: date) -> date | None:
    return today + timedelta(days=_NEAR[text]) if text in _NEAR else None


def _back(text: str, today: date) -> date | None:
    match = _BACK.match(text)
    length = _length(match) if match else None
    return today - length if length is not None else None


def _weekday(text: str, today: date) -> date | None:
    match = _WEEKDAY.match(text)
    if not match:
        return None
    day = _WEEKDAYS.index(match["day"])
    monday = today - timedelta(days=today.weekday())
    if match["week"]:
        return monday + timedelta(days=day - 7)
    if match["which"] in ("next", "coming"):
        return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    if match["which"] == "this":
        return monday + timedelta(days=day)
    return today - timedelta(days=(today.weekday() - day - 1) % 7 + 1)


def _day_of_month(text: str, today: date) -> date | None:
    match = _DAY_OF_MONTH.match(text)
    if not match or not 1 <= int(match["day"]) <= 31:
        return None
    first = today.replace(day=1)
    for months in range(3):
        found = _real(first - relativedelta(months=months), int(match["day"]))
        if found and found <= today:
            return found
    return None


def _real(month: date, day: int) -> date | None:
    try:
        return month.replace(day=day)
    except ValueError:
        return None


def _without_year(month: int, day: int, today: date) -> date | None:
    """Return the latest such day that is at most a month ahead."""
    for year in range(today.year + 1, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today + AHEAD:
            return found
    return None


def _slashed(text: str, today: date) -> date | None:
    match = _SLASHED.match(text)
    if not match or text == "24/7":
        return None
    month, day = int(match[1]), int(match[2])
    if month > 12:
        month, day = day, month
    if not match[3]:
        return _without_year(month, day, today)
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
    return _valid(year, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(text: str, today: date) -> date | None:
    match = _ISO.match(text)
    return _valid(int(match[1]), int(match[2]), int(match[3])) if match else None


def _named_month(text: str, today: date) -> date | None:
    if not _HAS_MONTH.search(text) or not re.search(r"\d", text):
        return None
    plain = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text).replace(" of ", " ").replace("'", "20")
    try:
        # A leap year as the default keeps 29 February readable.
        found = parser.parse(plain, default=datetime(2000, 1, 1)).date()
    except (ValueError, OverflowError):
        return None
    return found if _HAS_YEAR.search(text) else _without_year(found.month, found.day, today)


_READINGS: tuple[Callable[[str, date], date | None], ...] = (
    _near,
    _back,
    _weekday,
    _day_of_month,
    _iso,
    _slashed,
    _named_month,
)


def resolve_date(text: str, today: date) -> date | None:
    """Return the day a customer's words mean, or None where they name none.

    Args:
        text: the words that name the day, such as "last Tuesday", "Nov 3rd" or "10/11"
            (US order: month first, unless only the other order is possible).
        today: the day of the conversation in the shop's zone.

    Returns:
        The day; also one in the future, where the words say so.
    """
    clean = _clean(text)
    for reading in _READINGS:
        try:
            found = reading(clean, today)
        except (OverflowError, ValueError):
            return None
        if found is not None:
            return found
    return None


def resolve_duration(text: str) -> str | None:
    """Return a length of time ("three weeks", "30 days") in ISO 8601 (P21D), or None."""
    match = _SPAN.match(_clean(text))
    length = _length(match) if match else None
    if not match or length is None:
        return None
    if match["unit"] in ("hour", "hr", "minute", "min"):
        return f"PT{_count(match['number'])}{match['unit'][0].upper()}"
    if length.years:
        return f"P{length.years}Y"
    return f"P{length.months}M" if length.months else f"P{length.days}D"
