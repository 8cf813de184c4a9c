"""When somebody answers: hours, weekends, holidays, the end of summer time, and wrong settings."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from casework.errors import CaseworkError
from casework.people.duty import duty, expectation

SHOP = ZoneInfo("America/Los_Angeles")


def back(text: str) -> str:
    moment = datetime.fromisoformat(text).replace(tzinfo=SHOP)
    return duty().back_at(moment.astimezone(ZoneInfo("UTC"))).strftime("%Y-%m-%d %H:%M %Z")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-03-11 10:00", "2026-03-11 10:00 PDT"),  # a Wednesday, at work
        ("2026-03-11 08:59", "2026-03-11 09:00 PDT"),
        ("2026-03-11 17:00", "2026-03-12 09:00 PDT"),
        ("2026-03-13 18:00", "2026-03-16 09:00 PDT"),  # over the weekend
        ("2026-11-25 18:00", "2026-11-27 09:00 PST"),  # Thanksgiving
        ("2026-07-02 18:00", "2026-07-06 09:00 PDT"),  # July 3 is kept for the 4th
        ("2026-10-31 12:00", "2026-11-02 09:00 PST"),  # summer time ends
        ("2026-12-31 18:00", "2027-01-04 09:00 PST"),
    ],
)
def test_when_somebody_is_back(asked: str, answered: str) -> None:
    assert back(asked) == answered


def test_hours_and_days_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_HOURS", "Tue-Sat 8:30-12:00")
    monkeypatch.setenv("SUPPORT_CLOSED", "2026-03-17, 2026-03-18")
    assert back("2026-03-14 12:30") == "2026-03-19 08:30 PDT"
    moment = datetime(2026, 3, 14, 12, 30, tzinfo=SHOP)
    assert "Thursday, March 19, at 8:30 AM (PDT)" in expectation(moment)
    assert "at work now" in expectation(datetime(2026, 3, 14, 9, 0, tzinfo=SHOP))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUPPORT_HOURS", "9-5"),
        ("SUPPORT_HOURS", "Fri-Mon 9:00-17:00"),
        ("SUPPORT_HOURS", "Mon-Fry 9:00-17:00"),
        ("SUPPORT_HOURS", "Mon-Fri 9:00-25:00"),
        ("SUPPORT_HOURS", "Mon-Fri 17:00-9:00"),
        ("SUPPORT_CLOSED", "Christmas"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CaseworkError, match=name):
        duty()
