"""The clock of a kept test: where the play stands, and how long it has to wait for what follows."""

from datetime import datetime, timedelta

# What a customer takes to type, in the play; shorter gaps than a few minutes change nothing.
_TYPING = timedelta(seconds=5)
_SHORT = timedelta(minutes=10)


class Clock:
    """The play's clock, in the shop's zone; it starts at the minute of the first message."""

    def __init__(self, began: datetime) -> None:
        self.now = began.replace(second=0, microsecond=0)

    def type(self) -> None:
        """The customer writes a message."""
        self.now += _TYPING

    def wait(self, until: datetime) -> str | None:
        """How to wait for a moment, or None: minutes and hours in a day, else until day and time.

        Hours and minutes are rounded down, so that no wait ever reaches a later day.
        """
        gap = until - self.now
        if until.date() > self.now.date():
            self.now = until.replace(second=0, microsecond=0)
            return f"until {self.now:%Y-%m-%d %H:%M}"
        if gap < _SHORT:
            return None
        hours = gap // timedelta(hours=1)
        number, unit = (hours, "hour") if hours else (gap // timedelta(minutes=1), "minute")
        self.now += timedelta(**{f"{unit}s": number})
        return f"{number} {unit}" + ("s" if number > 1 else "")
