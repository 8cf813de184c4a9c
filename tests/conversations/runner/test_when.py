"""Days and spans as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.conversations import when

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", TODAY),
        ("yesterday", date(2026, 3, 10)),
        ("31 days ago", date(2026, 2, 8)),
        ("a week ago", date(2026, 3, 4)),
        ("in 2 days", date(2026, 3, 13)),
        ("2026-01-02", date(2026, 1, 2)),
    ],
)
def test_days(text: str, expected: date) -> None:
    assert when.day(text, TODAY) == expected


def test_a_day_nobody_understands_is_an_error_that_names_the_forms() -> None:
    with pytest.raises(ValueError, match="`last Friday` is not a day such as"):
        when.day("last Friday", TODAY)


def test_waiting() -> None:
    now = datetime(2026, 3, 11, 10)
    assert when.later("36 hours", now) - now == timedelta(hours=36)
    assert when.later("until 2026-03-16", now) == datetime(2026, 3, 16, 10)
    with pytest.raises(ValueError, match="time only goes on"):
        when.later("until 2026-03-01", now)
