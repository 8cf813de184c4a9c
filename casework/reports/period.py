"""A period of the shop's calendar days, and the weeks in it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.shop import policy_in_force


@dataclass(frozen=True)
class Period:
    """The shop's days from ``first`` to ``last``, both in it. ValueError where ``last`` is before.

    ``zone`` is the shop's: a day ends at its midnight, and so has 23 or 25 hours twice a year.
    """

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after the day it starts")

    @classmethod
    def of(cls, first: date, last: date) -> "Period":
        """Return the period in the time zone of the policy in force."""
        return cls(first, last, policy_in_force().zone)

    @property
    def begins(self) -> datetime:
        """The moment the first day begins."""
        return datetime.combine(self.first, time(), tzinfo=self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=self.zone)

    @property
    def weeks(self) -> list[date]:
        """The Monday of every week the period touches, the earliest first."""
        monday, weeks = week_of(self.first), []
        while monday <= self.last:
            weeks.append(monday)
            monday += timedelta(days=7)
        return weeks

    def day(self, moment: datetime) -> date:
        """Return the shop's calendar day at ``moment`` (with a time zone)."""
        return moment.astimezone(self.zone).date()


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())
