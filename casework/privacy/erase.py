"""Erasure: what a customer said and who they are goes; what happened to a case stays.

Case numbers, kinds, days, outcomes and amounts stay, so that decisions, the queue and reports come
out as before. An emptied row's key begins with ``erased:``, so that it is not emptied again.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.cases.log import Entry
from casework.conversations.conversation import Conversation, Message
from casework.conversations.turns import QuickReply, Turn
from casework.conversations.web_sessions import WebSession
from casework.evidence.evidence import Evidence
from casework.evidence.uploads import Upload
from casework.orders.order import ERASED_EMAIL, Order, is_erased
from casework.orders.verification import VerificationAttempt
from casework.outgoing.outbox import Notice
from casework.privacy.customer import Held
from casework.queue.rows import QueueRow
from casework.storage.tables import erasing

EMPTIED = "erased:"
# What of a log entry's data the policy and the reports need: never words, numbers of parcels or
# other people's rows. The facts are the policy's own closed set, each value checked by it.
KEPT = frozenset(
    {
        "facts",
        "remedy",
        "evidence",
        "seller_decision",
        "fee_percent",
        "return_in_transit_on",
        "amount",
        "goodwill",
        "event",
        "on",
        "order",
        "order_status",
    }
)
# In this order: a table before those its rows point to.
DELETED: dict[str, Any] = {
    "quick replies": QuickReply,
    "turns": Turn,
    "uploads": Upload,
    "messages": Message,
    "verification attempts": VerificationAttempt,
    "web sessions": WebSession,
}


@dataclass(frozen=True)
class Erased:
    """What was erased: how many of what (only what there was), and the files nothing names now."""

    counts: dict[str, int]
    files: list[str]


def erase(session: Session, held: Held) -> Erased:
    """Erase words and identity of all that is held, inside the session's transaction.

    The files are the caller's to delete once the transaction is committed. Doing it again finds
    nothing more.
    """
    _hold(session, held)
    with erasing(session):
        names = _file_names(session, held)
        counts = {
            "log entries": _empty_log(session, held),
            "evidence": _drop_evidence(session, held),
        }
        for what, table in DELETED.items():
            counts[what] = _drop(session, table, table.conversation_id.in_(held.conversations))
        counts["escalations"] = _empty_escalations(session, held)
        _leave_conversations(session, held)
        counts["orders"] = _empty_orders(session, held)
        counts["queue rows"] = _empty_queue(session, held)
        counts["outbox"] = _drop(session, Notice, news_about(session, held))
    session.expire_all()
    found = {what: count for what, count in counts.items() if count}
    return Erased(found, sorted(names - _names_left(session, names)))


def _hold(session: Session, held: Held) -> None:
    """Let writers to the same rows wait until the transaction ends; held in everybody's order."""
    for table, ids in (
        (Conversation, held.conversations),
        (Order, held.orders),
        (Case, held.cases),
    ):
        wanted = select(table.id).where(table.id.in_(ids)).order_by(table.id)
        session.execute(wanted.with_for_update(key_share=table is not Conversation))


def _drop(session: Session, table: Any, which: Any) -> int:
    gone = delete(table).where(which).execution_options(synchronize_session=False)
    count: int = session.execute(gone).rowcount
    return count


def news_about(session: Session, held: Held) -> Any:
    """The outgoing news of the cases, sent or not."""
    numbers = session.scalars(select(Case.number).where(Case.id.in_(held.cases)))
    return Notice.subject.in_(list(numbers))


def evidence_held(held: Held) -> Any:
    """Evidence of the cases, and that of the conversations which is in nobody else's case."""
    loose = Evidence.conversation_id.in_(held.conversations) & Evidence.case_id.is_(None)
    return Evidence.case_id.in_(held.cases) | loose


def _drop_evidence(session: Session, held: Held) -> int:
    return _drop(session, Evidence, evidence_held(held))


def _file_names(session: Session, held: Held) -> set[str]:
    uploads: Any = Upload
    staged_or_sent = uploads.conversation_id.in_(held.conversations)
    return {
        *session.scalars(select(uploads.file_name).where(staged_or_sent)),
        *session.scalars(select(Evidence.file_name).where(evidence_held(held))),
    }


def _names_left(session: Session, names: Iterable[str]) -> set[str]:
    tables: tuple[Any, ...] = (Upload, Evidence)
    left = [select(one.file_name).where(one.file_name.in_(names)) for one in tables]
    return {name for wanted in left for name in session.scalars(wanted)}


def _empty_log(session: Session, held: Held) -> int:
    wanted = select(Entry).where(Entry.case_id.in_(held.cases), Entry.key.not_like(f"{EMPTIED}%"))
    entries = list(session.scalars(wanted))
    for entry in entries:
        entry.data = {name: value for name, value in entry.data.items() if name in KEPT}
        entry.key = f"{EMPTIED}{entry.id}"
    return len(entries)


def _empty_escalations(session: Session, held: Held) -> int:
    """The reason, the day and what the policy decided stay."""
    concerned = (
        Escalation.conversation_id.in_(held.conversations)
        | Escalation.case_id.in_(held.cases)
        | Escalation.order_id.in_(held.orders)
    )
    wanted = select(Escalation).where(concerned, Escalation.key.not_like(f"{EMPTIED}%"))
    found = list(session.scalars(wanted))
    for one in found:
        one.facts, one.promised, one.transcript = None, None, []
        one.key = f"{EMPTIED}{one.id}"
    return len(found)


def _leave_conversations(session: Session, held: Held) -> None:
    """Nobody waits in them or speaks in them any more, and nowhere stands whence they came."""
    left = update(Conversation).where(Conversation.id.in_(held.conversations))
    nobody = left.values(handler="assistant", agent=None, handler_since=None, network=None)
    session.execute(nobody.execution_options(synchronize_session=False))


def _empty_orders(session: Session, held: Held) -> int:
    found = session.scalars(select(Order).where(Order.id.in_(held.orders)))
    orders = [order for order in found if not is_erased(order)]
    for order in orders:
        # Random for each order: they cannot be told to be one person's, nor be guessed as a proof.
        order.email, order.zip = ERASED_EMAIL.format(secrets.token_hex(8)), ""
        order.tracking = None
    session.flush()
    return len(orders)


def _empty_queue(session: Session, held: Held) -> int:
    """A waiting conversation's row goes; an open case's stays, as its log would make it now.

    What was said in these conversations goes from other people's cases as well.
    """
    mine = QueueRow.conversation_id.in_(held.conversations) & QueueRow.case_id.is_(None)
    count = _drop(session, QueueRow, mine)
    concerned = QueueRow.case_id.in_(held.cases) | QueueRow.conversation_id.in_(held.conversations)
    for row in session.scalars(select(QueueRow).where(concerned)):
        case: Case = session.get(Case, row.case_id)
        before = (row.words, row.said, row.email)
        if row.case_id in held.cases:
            row.words, row.email = "", case.order.email.casefold()
        if row.conversation_id in held.conversations:
            row.said = ""
        count += (row.words, row.said, row.email) != before
    return count
