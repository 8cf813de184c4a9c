"""When the shop's people are at work, and what a waiting customer may expect of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from casework import settings
from casework.cases.in_words import clock, day
from casework.errors import CaseworkError
from casework.shop import policy_in_force
from policy_core.dates import federal_holidays

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(
    r"(?P<first>[A-Z][a-z]{2})(-(?P<last>[A-Z][a-z]{2}))? "
    r"(?P<opens>\d{1,2}:\d{2})-(?P<closes>\d{1,2}:\d{2})"
)
_LONGEST_BREAK = 60


@dataclass(frozen=True)
class Duty:
    """Working hours in the shop's zone; closed on US federal holidays and on ``closed`` days."""

    weekdays: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date]
    zone: ZoneInfo

    def on_duty(self, moment: datetime) -> bool:
        """Whether somebody is at work at that moment."""
        local = moment.astimezone(self.zone)
        return self._works(local.date()) and self.opens <= local.time() < self.closes

    def back_at(self, moment: datetime) -> datetime:
        """The moment itself while somebody is at work, else when they are next, in the zone.

        Raises:
            CaseworkError: nobody works in the next two months: the settings are wrong.
        """
        local = moment.astimezone(self.zone)
        if self.on_duty(moment):
            return local
        for ahead in range(_LONGEST_BREAK):
            day = local.date() + timedelta(days=ahead)
            opens = datetime.combine(day, self.opens, tzinfo=self.zone)
            if self._works(day) and opens > local:
                return opens
        raise CaseworkError("SUPPORT_CLOSED: nobody would work in the next two months")

    def _works(self, day: date) -> bool:
        holiday = day in federal_holidays(day.year) or day in self.closed
        return day.weekday() in self.weekdays and not holiday


def duty() -> Duty:
    """Return the working hours that SUPPORT_HOURS and SUPPORT_CLOSED set.

    Raises:
        CaseworkError: a setting cannot be read; the message names it and gives an example.
    """
    return _read(settings.support_hours(), settings.support_closed(), policy_in_force().zone)


@lru_cache(maxsize=4)
def _read(hours: str, closed: str, zone: ZoneInfo) -> Duty:
    wrong = CaseworkError(f"SUPPORT_HOURS: {hours!r} is not hours such as 'Mon-Fri 9:00-17:00'")
    found = _HOURS.fullmatch(hours)
    if not found or not {found["first"], found["last"] or found["first"]} <= set(_DAYS):
        raise wrong
    first, last = (_DAYS.index(day) for day in (found["first"], found["last"] or found["first"]))
    try:
        opens, closes = (_clock(found[name]) for name in ("opens", "closes"))
    except ValueError:
        raise wrong from None
    if first > last or opens >= closes:
        raise wrong
    try:
        days = frozenset(date.fromisoformat(day) for day in closed.replace(",", " ").split())
    except ValueError:
        raise CaseworkError("SUPPORT_CLOSED: give days such as '2026-12-24, 2026-12-31'") from None
    return Duty(frozenset(range(first, last + 1)), opens, closes, days, zone)


def next_opening(moment: datetime) -> datetime:
    """Return when the shop's people next begin a day's work, after the day of that moment if they
    work then.
    """
    hours = duty()
    if not hours.on_duty(moment):
        return hours.back_at(moment)
    local = moment.astimezone(hours.zone)
    return hours.back_at(datetime.combine(local.date(), hours.closes, tzinfo=hours.zone))


def _clock(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()


def expectation(moment: datetime) -> str:
    """Say honestly when a person may answer who is asked for at that moment."""
    hours = duty()
    if hours.on_duty(moment):
        return (
            "Our team is at work now and answers in this chat, in the order in which people wrote."
        )
    back = hours.back_at(moment)
    return (
        f"Our team is back on {day(back)}, at {clock(back)}, and answers in "
        "this chat then, in the order in which people wrote."
    )
