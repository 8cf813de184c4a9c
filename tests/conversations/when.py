"""Days and spans as people write them in a conversation file."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

DAY_FORMS = "a day such as 2026-03-11, today, yesterday, `3 days ago` or `in 2 weeks`"
SPAN_FORMS = "a span such as `10 minutes`, `3 hours`, `2 days` or `1 week`, or `until 2026-03-18`"
MOMENT_FORMS = "a day such as 2026-03-11, or a day and a time such as 2026-03-11 23:30"

_START_OF_PLAY = time(10, 0)
_SPAN = re.compile(r"(?P<number>\d+|an?) (?P<unit>minute|hour|day|week)s?")
_NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}


def moment(text: str) -> datetime:
    """The local moment a conversation starts (ten in the morning where no time is given)."""
    try:
        if " " in text.strip():
            return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M")
        return datetime.combine(date.fromisoformat(text.strip()), _START_OF_PLAY)
    except ValueError:
        raise ValueError(f"`{text}` is not {MOMENT_FORMS}") from None


def span(text: str) -> timedelta:
    """`2 days` as a timedelta."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"`{text}` is not {SPAN_FORMS}")
    number = 1 if found["number"].startswith("a") else int(found["number"])
    return timedelta(**{found["unit"] + "s": number})


def day(text: str, today: date) -> date:
    """A day, absolute or counted from `today`."""
    plain = text.strip().lower()
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    try:
        if plain.endswith(" ago"):
            return today - span(plain.removesuffix(" ago"))
        if plain.startswith("in "):
            return today + span(plain.removeprefix("in "))
        return date.fromisoformat(plain)
    except ValueError:
        raise ValueError(f"`{text}` is not {DAY_FORMS}") from None


def later(text: str, now: datetime) -> datetime:
    """The moment a `wait` leads to: a span from now, or the morning of a day."""
    plain = text.strip()
    if not plain.startswith("until "):
        return now + span(plain)
    target = moment(plain.removeprefix("until ")).replace(tzinfo=now.tzinfo)
    if target <= now:
        raise ValueError(f"`wait: {text}` lies before {now:%Y-%m-%d %H:%M}; time only goes on")
    return target
