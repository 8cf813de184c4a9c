"""The parts of an export: an order, a case, a conversation, each as plain data.

Rows are taken column by column from the tables themselves, so that a new column is in the export
unless it is left out here on purpose.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.conversations.conversation import Conversation, Message
from casework.conversations.turns import QuickReply, Turn
from casework.conversations.web_sessions import WebSession
from casework.evidence.evidence import Evidence
from casework.evidence.uploads import Upload
from casework.orders.order import Order
from casework.orders.verification import VerificationAttempt
from casework.outgoing.outbox import Notice
from casework.privacy.customer import Held
from casework.queue.rows import QueueRow

# Not the customer's: who of the shop's people it was, our own keys, and what opens something.
LEFT_OUT = frozenset(
    {"agent", "assignee", "key", "token_sha256", "case_id", "order_id", "conversation_id"}
)


def rows(session: Session, wanted: Any) -> list[Any]:
    """Return what is asked for, each row once."""
    return list(session.scalars(wanted).unique())


def order_part(session: Session, id: int) -> dict[str, Any]:
    """Return an order with its items."""
    order = session.get(Order, id)
    return _columns(order, "id") | {"items": [_columns(one, "id") for one in order.lines]}


def case_part(session: Session, id: int) -> dict[str, Any]:
    """Return a case with its items, its whole log, its evidence and its place in the queue."""
    case = session.get(Case, id)
    evidence = select(Evidence).where(Evidence.case_id == id).order_by(Evidence.id)
    waiting = select(QueueRow).where(QueueRow.case_id == id)
    return _columns(case, "id") | {
        "order": case.order.number,
        "conversation": case.conversation_id,
        "items": [line.title for line in case.lines],
        "log": [_entry(one) for one in case.log],
        "evidence": [_columns(one, "file_name") for one in rows(session, evidence)],
        "queue": [_columns(one, "subject") for one in rows(session, waiting)],
    }


def conversation_part(session: Session, id: str, held: Held) -> dict[str, Any]:
    """Return a conversation with its messages (agents' notes too) and all that hangs on it.

    What belongs to an order or case that is not held (another customer's) is left out.
    """

    def of(table: Any, *conditions: Any) -> list[Any]:
        mine = select(table).where(table.conversation_id == id, *conditions)
        return rows(session, mine.order_by(*table.__mapper__.primary_key))

    orders, cases = _none_or(held.orders), _none_or(held.cases)
    return _columns(session.get(Conversation, id)) | {
        "messages": [_message(one) for one in of(Message)],
        "turns": [_columns(one) for one in of(Turn)],
        "quick_replies": [_columns(one, "id", "used_by") for one in of(QuickReply)],
        "verification_attempts": [
            _columns(one, "id") | {"order": one.order.number if one.order else None}
            for one in of(VerificationAttempt, orders(VerificationAttempt.order_id))
        ],
        "escalations": [
            _columns(one, "id")
            for one in of(Escalation, orders(Escalation.order_id), cases(Escalation.case_id))
        ],
        "evidence": [
            _columns(one, "file_name") for one in of(Evidence, Evidence.case_id.is_(None))
        ],
        "uploads": [_columns(one, "id", "file_name") for one in of(Upload)],
        "sessions": [_columns(one) for one in of(WebSession)],
        "queue": [_columns(one, "subject") for one in of(QueueRow, QueueRow.case_id.is_(None))],
    }


def _columns(row: Any, *left_out: str) -> dict[str, Any]:
    names = (column.key for column in row.__mapper__.column_attrs)
    return {
        name: getattr(row, name) for name in names if name not in LEFT_OUT and name not in left_out
    }


def _entry(entry: Any) -> dict[str, Any]:
    return _columns(entry, "id", "actor") | {"by": entry.actor.partition(":")[0]}


def _message(message: Any) -> dict[str, Any]:
    """A message; of a note only the agents read, its author's role but not the name."""
    part = _columns(message)
    if message.audience == "agents" and part["payload"]:
        part["payload"] = {name: value for name, value in part["payload"].items() if name != "by"}
    return part


def _none_or(ids: Any) -> Any:
    return lambda column: column.is_(None) | column.in_(ids)


def news_part(notice: Notice) -> dict[str, Any]:
    """One piece of news that went out, or waits to."""
    return {
        "channel": notice.channel,
        "kind": notice.kind,
        "case": notice.subject,
        "content": notice.payload,
        "created_at": notice.created_at,
        "delivered_at": notice.delivered_at,
    }
