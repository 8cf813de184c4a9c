"""The queue: what waits for a person, a page at a time, counted and searched.

A page costs the same at a thousand rows and at a million (``queue_order``); what would have to read
them all is bounded instead, and says so.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework.queue.order import Order, Place, order_of
from casework.queue.rebuild import fill, rebuild
from casework.queue.rows import QueueRow
from casework.queue.search import FOUND, SCANNED, search
from policy_core.dates import add_business_days

__all__ = [
    "COUNTED", "FOUND", "PAGE", "SCANNED", "VIEWS", "Filters", "Place",
    "assign", "count", "fill", "page", "rebuild",
]  # fmt: skip

VIEWS = ("waiting", "mine", "unassigned", "due", "to_close", "all")
PAGE = 50
COUNTED = 1000


@dataclass(frozen=True)
class Filters:
    """What of the queue is wanted.

    ``view``: waiting (needs a person, more than closing it), mine, unassigned, due (overdue, or due
    within the next business day), to_close (only waits to be closed) or all open. ``needs`` is what
    a person is needed for, as the rows have it; empty: whatever it is. ``words`` finds order and
    case numbers, beginnings of e-mail addresses, and words the customer used: the latter, by
    reading them, in the first ``SCANNED`` rows of the view. It gives ``FOUND`` at most.
    """

    view: str = "waiting"
    situation: str = ""
    words: str = ""
    needs: str = ""


def page(
    session: Session,
    filters: Filters,
    *,
    login: str,
    today: date,
    after: Place | None = None,
    size: int = PAGE,
) -> list[QueueRow]:
    """Return the rows that follow a place (None: the first), in the order of the queue."""
    order = _order(filters, today)
    if not filters.words.strip():
        return order.read(session, _conditions(QueueRow, filters, login), after, size)
    rows = _found(session, filters, order, login)
    if after is not None:
        rows = [row for row in rows if order.key(Place.of(row)) > order.key(after)]
    return rows[:size]


def count(session: Session, filters: Filters, *, login: str, today: date) -> int:
    """Return how many rows the filters leave; no more than ``COUNTED`` + 1 are counted."""
    order = _order(filters, today)
    if filters.words.strip():
        return len(_found(session, filters, order, login))
    in_view = [*order.conditions(QueueRow), *_conditions(QueueRow, filters, login)]
    some = select(QueueRow.subject).where(*in_view).limit(COUNTED + 1).subquery()
    found: int = session.scalar(select(func.count()).select_from(some))
    return found


def assign(session: Session, subject: str, login: str | None, *, expected: str | None) -> bool:
    """Give a row to an agent (None: to nobody) if ``expected`` still has it; False otherwise."""
    had = QueueRow.assignee.is_(None) if expected is None else QueueRow.assignee == expected
    change = update(QueueRow).where(QueueRow.subject == subject, had).values(assignee=login)
    return bool(session.execute(change).rowcount == 1)


def _order(filters: Filters, today: date) -> Order:
    return order_of(filters.view, today, add_business_days(today, 1))


def _conditions(rows: Any, filters: Filters, login: str) -> list[Any]:
    wanted = [rows.situation == filters.situation] if filters.situation else []
    if filters.view == "mine":
        wanted.append(rows.assignee == login)
    if filters.view == "unassigned":
        wanted.append(rows.assignee.is_(None))
    if filters.needs:
        wanted.append(rows.needs == filters.needs)
    return wanted


def _found(session: Session, filters: Filters, order: Order, login: str) -> list[QueueRow]:
    def in_view(rows: Any) -> list[Any]:
        return [*order.conditions(rows), *_conditions(rows, filters, login)]

    found = search(session, filters.words, in_view)
    return sorted(found, key=lambda row: order.key(Place.of(row)))
