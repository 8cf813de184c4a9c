"""Waits never reach a later day than the one it was."""

from datetime import datetime

from casework.kept.as_it_was import counted
from casework.kept.timing import Clock


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


def test_gaps_are_written_as_people_would() -> None:
    clock = Clock(at("2026-03-11 21:00:30"))
    waits = [
        clock.wait(at(moment))
        for moment in (
            "2026-03-11 21:00:30",
            "2026-03-11 21:09:00",
            "2026-03-11 21:20:59",
            "2026-03-11 23:59:59",
            "2026-03-12 00:00:01",
            "2026-03-14 08:05:00",
            "2026-03-14 09:06:00",
        )
    ]
    assert waits == [
        None, None, "20 minutes", "2 hours", "until 2026-03-12 00:00", "until 2026-03-14 08:05",
        "1 hour",
    ]  # fmt: skip


def test_a_clock_that_ran_ahead_waits_for_nothing() -> None:
    clock = Clock(at("2026-03-11 23:59:59"))
    for _ in range(20):
        clock.type()
    assert clock.wait(at("2026-03-12 00:00:01")) is None


def test_days_are_counted_from_today() -> None:
    today = at("2026-03-11 10:00:00").date()
    days = ("2026-03-11", "2026-03-10", "2026-03-12", "2026-03-01", "2026-03-21")
    found = [counted(datetime.fromisoformat(day).date(), today) for day in days]
    assert found == ["today", "yesterday", "tomorrow", "10 days ago", "in 10 days"]
