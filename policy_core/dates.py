"""Dates: business days in the United States, and dates as customers read them."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

EARLIEST = date(1970, 1, 1)
LATEST = date(2199, 12, 31)
"""Days outside these bounds are taken for typing errors."""

_WORKDAYS = (MO, TU, WE, TH, FR)


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """US federal holidays of a year, with the days they are observed on (a New Year's Day too
    that is observed on December 31 of the year before).
    """
    days = holidays.US(years=(year, year + 1), observed=True)
    return frozenset(day for day in days if day.year == year)


def is_business_day(day: date) -> bool:
    """Monday to Friday and no federal holiday (interpretation 3)."""
    return day.weekday() < 5 and day not in federal_holidays(day.year)


@lru_cache(maxsize=8192)
def add_business_days(start: date, count: int) -> date:
    """The day that is `count` business days after `start`; `start` itself does not count.

    Raises ValueError for a negative count. With 0 it is `start`, business day or not.
    """
    if count < 0:
        raise ValueError(f"count of business days must not be negative, got {count}")
    if count == 0:
        return start
    workdays = rrule(DAILY, dtstart=start + timedelta(days=1), byweekday=_WORKDAYS)
    remaining = count
    for moment in workdays:
        day = moment.date()
        if day not in federal_holidays(day.year):
            remaining -= 1
        if remaining == 0:
            break
    return day


@lru_cache(maxsize=8192)
def in_words(day: date) -> str:
    """A date as a US customer reads it: March 18, 2026."""
    return f"{day:%B} {day.day}, {day.year}"
