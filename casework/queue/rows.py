"""What the queue and the due list need, stored beside the log in the same transaction.

The log, and a conversation's handler, are the truth: a row can be made anew from them at any time
(``casework.queue.rebuild``). Whether something is due or overdue is a matter of the day it is asked
on, so only the day itself is kept here.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.catalog import Situation
from casework.cases.log import Entry
from casework.cases.needs import waits_for
from casework.conversations.conversation import Conversation, Message, hold_conversation
from casework.orders.order import Order
from casework.orders.verification import VerificationAttempt, verified_orders
from casework.queue.table import KEPT, QueueRow, joined, keep_orders, turn_of

__all__ = ["QueueRow", "keep_case_row", "keep_conversation_row", "keep_order_rows"]

_NEEDED_IN = {"waiting": "handoff", "agent": "live"}
# A message is a sign and a space at least: more of them cannot be kept.
_MOST_MESSAGES = KEPT // 2


def keep_case_row(session: Session, now: Situation, entry: Entry) -> None:
    """Bring the case's row up to the entry just logged, which led to where the case stands now."""
    case = now.case
    row: QueueRow | None = session.get(QueueRow, case.number)
    if case.state == "closed":
        if row is not None:
            session.delete(row)
            session.flush()
        return
    needs = waits_for(now)
    if row is None:
        # Held: what is written meanwhile is kept by its writer, who then finds the row.
        hold_conversation(session, case.conversation_id, entry.created_at)
        row = QueueRow(
            subject=case.number,
            case_id=case.id,
            case_number=case.number,
            conversation_id=case.conversation_id,
            order_number=case.order.number,
            situation=case.situation,
            waiting_since=entry.created_at,
            said=_said_in(session, case.conversation_id),
        )
        session.add(row)
    elif row.needs != needs or entry.kind == "evidence_submitted":
        row.waiting_since = entry.created_at
    row.needs, row.turn, row.due_on = needs, turn_of(needs), _due_on(now)
    row.email = case.order.email.casefold()
    row.words = joined(_words(one) for one in case.log if one.actor == "customer")
    session.flush()


def keep_conversation_row(session: Session, conversation_id: str) -> None:
    """Put the conversation in the queue as its handler has it, or take it out."""
    conversation = session.get(Conversation, conversation_id, populate_existing=True)
    needs = _NEEDED_IN.get(conversation.handler)
    row: QueueRow | None = session.get(QueueRow, conversation_id)
    if needs is None:
        if row is not None:
            session.delete(row)
        session.flush()
        return
    if row is None:
        row = QueueRow(
            subject=conversation_id,
            conversation_id=conversation_id,
            said=_said_in(session, conversation_id),
        )
        session.add(row)
    row.needs, row.turn = needs, turn_of(needs)
    row.waiting_since = conversation.handler_since or conversation.created_at
    row.assignee = conversation.agent
    session.flush()
    keep_orders(session, conversation_id, verified_orders(session, conversation_id))


def keep_order_rows(session: Session, order: Order) -> None:
    """Bring the rows of the order's cases and of the conversations that proved it up to it."""
    email = order.email.casefold()
    for row in session.scalars(select(QueueRow).where(QueueRow.order_number == order.number)):
        row.email = email
    proved = select(VerificationAttempt.conversation_id).where(
        VerificationAttempt.order_id == order.id, VerificationAttempt.succeeded
    )
    for conversation_id in set(session.scalars(proved)):
        keep_orders(session, conversation_id, verified_orders(session, conversation_id))
    session.flush()


def _due_on(now: Situation) -> date | None:
    promised = (one for one in now.obligations if one.party == "seller" and one.status != "done")
    return min((one.due for one in promised if one.due), default=None)


def _words(entry: Entry) -> str:
    return str(entry.data.get("description") or entry.data.get("text") or "")


def _said_in(session: Session, conversation_id: str) -> str:
    newest = (
        select(Message.text)
        .where(Message.conversation_id == conversation_id, Message.author == "customer")
        .order_by(Message.id.desc())
        .limit(_MOST_MESSAGES)
    )
    return joined(reversed(list(session.scalars(newest))))
