"""Cases and their logs, a page at a time.

Pages go by id, oldest first: what is added meanwhile comes at the end, so that who pages to the
end sees each row exactly once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import Entry
from casework.cases.obligations import Obligation
from casework.orders.order import Order


@dataclass(frozen=True)
class Wanted:
    """Which cases: ``state`` open, closed or all; ``updated_after``: logged something since."""

    state: str = "all"
    order: str | None = None
    situation: str | None = None
    updated_after: datetime | None = None


def page(session: Session, wanted: Wanted, *, after: int, limit: int) -> tuple[list[Case], bool]:
    """Return up to ``limit`` cases with ids beyond ``after``, and whether there are more."""
    query = select(Case).where(Case.id > after).order_by(Case.id)
    if wanted.state != "all":
        query = query.where(Case.state == wanted.state)
    if wanted.order is not None:
        query = query.where(Case.order_id.in_(select(Order.id).where(Order.number == wanted.order)))
    if wanted.situation is not None:
        query = query.where(Case.situation == wanted.situation)
    if wanted.updated_after is not None:
        since = select(Entry.id).where(
            Entry.case_id == Case.id, Entry.created_at > wanted.updated_after
        )
        query = query.where(since.exists())
    found = list(session.scalars(query.limit(limit + 1)))
    return found[:limit], len(found) > limit


def log_page(session: Session, case: Case, *, after: int, limit: int) -> tuple[list[Entry], bool]:
    """Return up to ``limit`` entries of the log beyond ``after``, and whether there are more."""
    query = select(Entry).where(Entry.case_id == case.id, Entry.id > after).order_by(Entry.id)
    found = list(session.scalars(query.limit(limit + 1)))
    return found[:limit], len(found) > limit


def next_due(obligations: Iterable[Obligation]) -> Obligation | None:
    """Return what is to be done first, of either side, among what has a day and is not done."""
    dated = [(one.due, one.action, one) for one in obligations if one.due and one.status != "done"]
    return min(dated, key=lambda row: row[:2])[2] if dated else None
