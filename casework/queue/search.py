"""Searching the queue: numbers and e-mail addresses by their indexes, words by reading rows."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from casework.orders.order import normalise_order_number
from casework.queue.table import QueueRow

# A search gives at most so many rows, and reads so many of a view for their words. A full-text
# index would read fewer; SQLite's keeps erased words in its segments, and none is worth that.
FOUND = 500
SCANNED = 10_000

_IN_ORDER = (QueueRow.turn, QueueRow.due_on, QueueRow.waiting_since, QueueRow.subject)
_LAST_SIGN = "\U0010ffff"


def search(session: Session, typed: str, in_view: Callable[[Any], list[Any]]) -> list[QueueRow]:
    """Return the rows that what was typed finds, in no order.

    ``in_view`` gives the conditions of the view for a table of rows. It is asked of what was read
    by a key or in order before, at most so many, lest the database read the whole view instead.
    """
    words = " ".join(typed.casefold().split())
    found: dict[str, QueueRow] = {}
    for key in _keys(session, words):
        row = aliased(QueueRow, select(QueueRow).where(key).limit(FOUND).subquery())
        found |= {one.subject: one for one in session.scalars(select(row).where(*in_view(row)))}
    first = select(QueueRow).where(*in_view(QueueRow)).order_by(*_IN_ORDER).limit(SCANNED)
    row = aliased(QueueRow, first.subquery())
    holds = row.words.contains(words, autoescape=True) | row.said.contains(words, autoescape=True)
    found |= {one.subject: one for one in session.scalars(select(row).where(holds).limit(FOUND))}
    return list(found.values())[:FOUND]


def _keys(session: Session, words: str) -> list[Any]:
    begins = QueueRow.email.startswith(words, autoescape=True)
    if session.get_bind().dialect.name == "sqlite":
        # Its LIKE, blind to case, has no use for the index; a range of the same has.
        begins = and_(QueueRow.email >= words, QueueRow.email < words + _LAST_SIGN)
    plain = "".join(sign for sign in words.upper() if sign.isalnum()).removeprefix("AOPR")
    keys = [begins, QueueRow.subject == f"AOP-R-{plain[:4]}-{plain[4:]}"]
    order = normalise_order_number(words)
    return [*keys, QueueRow.order_number == order] if order else keys
