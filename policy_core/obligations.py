"""Who owes what, and by when."""

from datetime import date
from typing import TypedDict

from policy_core.dates import add_business_days
from policy_core.facts import Facts
from policy_core.model import Promise


class Obligation(TypedDict):
    """What a party has to do: `due` is YYYY-MM-DD or None, `after` what it still waits for."""

    party: str
    action: str
    due: str | None
    after: str | None
    status: str


def due_day(promise: Promise, facts: Facts) -> date | None:
    """The last day on which the promise is kept in time; None while its clock has not started.

    Business days after the later of the request and the fact that starts the clock, so that
    goods sent back before anyone asked are not due before the request.
    """
    if promise.starts_with is None or promise.days is None:
        return None
    start: date | None = getattr(facts, promise.starts_with)
    if start is None:
        return None
    return add_business_days(max(start, facts.requested_on), promise.days)


def is_done(promise: Promise, facts: Facts) -> bool:
    """Whether the facts show that nothing is left to do."""
    return promise.ends_with is not None and getattr(facts, promise.ends_with) is not None


def obligation(promise: Promise, due: date | None, today: date, *, done: bool) -> Obligation:
    """The promise as the contract writes it, with its status today. What is done waits for
    nothing and is never overdue.
    """
    if done:
        status = "running"
    elif due is not None:
        status = "overdue" if today > due else "running"
    elif promise.after is not None or promise.starts_with is not None:
        status = "waiting"
    else:
        status = "running"
    return {
        "party": promise.party,
        "action": promise.action,
        "due": None if due is None else due.isoformat(),
        "after": promise.after if status == "waiting" else None,
        "status": status,
    }
