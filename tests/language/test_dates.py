"""The ways people write a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dates import resolve_date, resolve_duration

SUNDAY = date(2026, 11, 22)
CASES = {
    "today": "2026-11-22",
    "this morning": "2026-11-22",
    "yesterday": "2026-11-21",
    "last night": "2026-11-21",
    "the day before yesterday": "2026-11-20",
    "tomorrow": "2026-11-23",
    "two weeks back": "2026-11-08",
    "three weeks ago": "2026-11-01",
    "3 wks ago": "2026-11-01",
    "a week ago": "2026-11-15",
    "a couple of days ago": "2026-11-20",
    "a month ago": "2026-10-22",
    "a fortnight ago": "2026-11-08",
    "36 hours ago": "2026-11-21",
    "last Tuesday": "2026-11-17",
    "on Tuesday": "2026-11-17",
    "Sunday": "2026-11-15",
    "this past Friday": "2026-11-20",
    "next Tuesday": "2026-11-24",
    "Tuesday last week": "2026-11-10",
    "last week Tuesday": "2026-11-10",
    "on the 3rd": "2026-11-03",
    "the 25th": "2026-10-25",
    "the 31st": "2026-10-31",
    "Monday the 2nd": "2026-11-02",
    "10/11": "2026-10-11",
    "25/10": "2026-10-25",
    "11/25": "2026-11-25",
    "12/31": "2025-12-31",
    "10/11/25": "2025-10-11",
    "10-11-2025": "2025-10-11",
    "2026-11-03": "2026-11-03",
    "Nov 3": "2026-11-03",
    "Nov. 3rd": "2026-11-03",
    "November 3, 2025": "2025-11-03",
    "3 November": "2026-11-03",
    "the third of November": "2026-11-03",
    "November third": "2026-11-03",
    "Tuesday, November 3rd": "2026-11-03",
    "Dec 30": "2025-12-30",
    "Feb 29": "2024-02-29",
}
NO_DAYS = ["", "24/7", "13/13", "2026-02-30", "Black Friday", "some time ago", "99th", "chair"]


@pytest.mark.parametrize(("words", "day"), CASES.items())
def test_words_for_a_day(words: str, day: str) -> None:
    assert str(resolve_date(words, SUNDAY)) == day


@pytest.mark.parametrize("words", NO_DAYS)
def test_words_for_no_day(words: str) -> None:
    assert resolve_date(words, SUNDAY) is None


def test_a_day_of_the_month_is_found_across_the_new_year() -> None:
    assert resolve_date("on the 28th", date(2026, 1, 5)) == date(2025, 12, 28)


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_words_make_it_fail(words: str, today: date) -> None:
    resolve_date(words, today)


@given(st.integers(0, 999), st.sampled_from(["day", "week", "month", "year"]))
def test_no_length_of_time_makes_it_fail(count: int, unit: str) -> None:
    found = resolve_date(f"{count} {unit}s ago", SUNDAY)
    assert found is None or found <= SUNDAY


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("three weeks", "P21D"),
        ("30 days", "P30D"),
        ("a month", "P1M"),
        ("2 years", "P2Y"),
        ("24 hours", "PT24H"),
        ("a few days", None),
    ],
)
def test_lengths_of_time(words: str, length: str | None) -> None:
    assert resolve_duration(words) == length
