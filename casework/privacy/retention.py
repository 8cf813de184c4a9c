"""Retention: what ended longer ago than the shop wants to keep it is erased, a batch at a time.

A conversation ends with its last message, unless a case it opened or proved the order of is open;
a case with its last entry, once it is closed; an order with all that is known of it. Each batch is
one transaction, so that a run can be cut off and goes on where it stopped.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import settings
from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.cases.log import Entry
from casework.conversations.conversation import Conversation, Message
from casework.errors import CaseworkError
from casework.evidence.evidence import Evidence
from casework.orders.order import ERASED_EMAIL, Order
from casework.orders.verification import VerificationAttempt
from casework.privacy.customer import Held
from casework.privacy.erase import DELETED, EMPTIED
from casework.queue.rows import QueueRow
from casework.shop import day_of

BATCH = 200


def retention() -> timedelta | None:
    """Return how long customers' data is kept, from RETENTION_DAYS; None: for good.

    Raises:
        CaseworkError: the setting is not a number of days.
    """
    days = settings.retention_days()
    if not days:
        return None
    if not days.isdecimal() or not 0 < int(days) < 100_000:
        raise CaseworkError(f"RETENTION_DAYS: {days!r} is not a number of days such as 365")
    return timedelta(days=int(days))


class Ended:
    """What ended before a moment and still holds words or identity, in batches.

    Conversations come first, then cases, then orders: an order waits for what was said about it.
    """

    def __init__(self, before: datetime) -> None:
        self._before = before
        self._kinds: Iterator[str] = iter(("conversations", "cases", "orders"))
        self._kind, self._last = next(self._kinds), None

    def next(self, session: Session) -> Held | None:
        """Return the next batch, or None once there is none left."""
        while True:
            ids = self._ids(session)
            if ids:
                self._last = ids[-1]
                return Held(**{self._kind: ids})
            following = next(self._kinds, None)
            if following is None:
                return None
            self._kind, self._last = following, None

    def _ids(self, session: Session) -> list[Any]:
        table, conditions = _ENDED[self._kind]
        wanted = select(table.id).where(*conditions(self._before)).order_by(table.id).limit(BATCH)
        if self._last is not None:
            wanted = wanted.where(table.id > self._last)
        return list(session.scalars(wanted))


def _conversations(before: datetime) -> list[Any]:
    proved = exists().where(
        VerificationAttempt.conversation_id == Conversation.id,
        VerificationAttempt.order_id == Case.order_id,
        Case.state == "open",
    )
    holds = [exists().where(one.conversation_id == Conversation.id) for one in DELETED.values()]
    holds += [
        exists().where(QueueRow.subject == Conversation.id),
        exists().where(Evidence.conversation_id == Conversation.id, Evidence.case_id.is_(None)),
        exists().where(Escalation.conversation_id == Conversation.id, _holds_words(Escalation)),
    ]
    something = holds[0]
    for one in holds[1:]:
        something = something | one
    return [
        Conversation.created_at < before,
        ~exists().where(Message.conversation_id == Conversation.id, Message.created_at >= before),
        ~exists().where(Case.conversation_id == Conversation.id, Case.state == "open"),
        ~proved,
        something,
    ]


def _cases(before: datetime) -> list[Any]:
    words = exists().where(Entry.case_id == Case.id, _holds_words(Entry))
    pictures = exists().where(Evidence.case_id == Case.id)
    return [
        Case.state == "closed",
        ~exists().where(Entry.case_id == Case.id, Entry.created_at >= before),
        words | pictures,
    ]


def _orders(before: datetime) -> list[Any]:
    day: date = day_of(before)
    dates = (Order.placed_on, Order.ship_by, Order.shipped_on, Order.delivered_on)
    return [
        Order.email.not_like(ERASED_EMAIL.format("%")),
        *[one.is_(None) | (one < day) for one in dates],
        ~exists().where(VerificationAttempt.order_id == Order.id),
        ~exists().where(Case.order_id == Order.id, Case.state == "open"),
        ~exists().where(Case.order_id == Order.id, Entry.case_id == Case.id, _holds_words(Entry)),
    ]


def _holds_words(table: Any) -> Any:
    return table.key.not_like(f"{EMPTIED}%")


_ENDED: dict[str, tuple[Any, Any]] = {
    "conversations": (Conversation, _conversations),
    "cases": (Case, _cases),
    "orders": (Order, _orders),
}
