"""From facts to the classified cell that rules speak about."""

from datetime import date, timedelta
from functools import cache

from policy_core.facts import Facts
from policy_core.space import (
    DECISIONS,
    EVIDENCE,
    MEASURED_IN,
    NOT_APPLICABLE,
    NOT_LATE,
    REMEDIES,
    SENT,
    STATUSES,
    TIMING,
    UNDECIDED,
    Cell,
)

_IN_TIME, _LAST_DAY, _LATE = ((value,) for value in TIMING)
_NONE = (NOT_APPLICABLE,)
_KNOWN = {value: (value,) for value in (*STATUSES, *REMEDIES, *EVIDENCE, *DECISIONS)}


def last_filing_day(delivered_on: date, window_days: int) -> date:
    """The last day on which a request is in time; delivery is day 0 (interpretation 1)."""
    return delivered_on + timedelta(days=window_days)


def timing(day: date, last_day: date) -> tuple[str, ...]:
    """`day` against the last day of a period."""
    if day < last_day:
        return _IN_TIME
    return _LAST_DAY if day == last_day else _LATE


def classify(facts: Facts, *, window_days: int) -> Cell:
    """The cell of these facts. A fact that is not known keeps every value it may have."""
    status = _status(facts)
    wait, dispatch, window = _measured(status)
    return Cell(
        facts.situation,
        status,
        _wait(facts) if wait else _NONE,
        _dispatch(facts) if dispatch else _NONE,
        _window(facts, window_days) if window else _NONE,
        REMEDIES if facts.remedy is None else _KNOWN[facts.remedy],
        EVIDENCE if facts.evidence is None else _KNOWN[facts.evidence],
        _KNOWN[facts.seller_decision or UNDECIDED],
    )


@cache
def _measured(status: tuple[str, ...]) -> tuple[bool, ...]:
    """Which of wait, dispatch and window mean anything in the statuses the order may have."""
    return tuple(not set(status).isdisjoint(statuses) for statuses in MEASURED_IN.values())


def _status(facts: Facts) -> tuple[str, ...]:
    if facts.order_status is not None:
        return _KNOWN[facts.order_status]
    if facts.delivered_on is not None:
        return _KNOWN["delivered"]
    if facts.shipped_on is not None or facts.return_in_transit_on is not None:
        return SENT
    return STATUSES


def _wait(facts: Facts) -> tuple[str, ...]:
    return TIMING if facts.ship_by is None else timing(facts.requested_on, facts.ship_by)


def _dispatch(facts: Facts) -> tuple[str, ...]:
    if facts.ship_by is None:
        return TIMING
    if facts.shipped_on is not None:
        return timing(facts.shipped_on, facts.ship_by)
    arrived_in_time = facts.delivered_on is not None and facts.delivered_on <= facts.ship_by
    return NOT_LATE if arrived_in_time else TIMING


def _window(facts: Facts, window_days: int) -> tuple[str, ...]:
    if facts.delivered_on is None:
        return TIMING
    return timing(facts.requested_on, last_filing_day(facts.delivered_on, window_days))
