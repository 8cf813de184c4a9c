"""What the queue and the due list need, stored beside the log in the same transaction.

The log is the truth: a row can be made anew from it at any time (``casework.queue.rebuild``).
Whether something is due or overdue is a matter of the day it is asked on, so only the day itself
is kept here.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Session

from casework.log import Entry
from casework.obligations import obligations_from
from casework.tables import Base, Mapped, Moment
from policy_core import Decision

if TYPE_CHECKING:
    from casework.cases import Case

# What a person is needed for, by the outcome of the decision.
_NEEDS = {
    "seller_decides": "decide",
    "dispute": "dispute",
    "contact_us": "correction",
    "not_available": "close",
    "declined": "close",
    "need_facts": "record_incomplete",
}
_FROM_CUSTOMER = ("remedy", "evidence", "delivered_on")


class QueueRow(Base):
    """One open case, or one conversation that is with a person or waits for one.

    ``needs`` is what for: to decide, a promised action that is due next, …; None: it waits for the
    customer. ``due_on`` is the day of that promise. ``assignee`` is an agent's login.
    """

    __tablename__ = "queue"
    __table_args__ = (
        Index("ix_queue_order", "needs", "due_on", "waiting_since"),
        Index("ix_queue_assignee", "assignee"),
    )

    subject: Mapped[str] = Column(String(255), primary_key=True)
    case_id: Mapped[int | None] = Column(ForeignKey("cases.id"), index=True)
    case_number: Mapped[str | None] = Column(String(20))
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    order_number: Mapped[str | None] = Column(String(20), index=True)
    email: Mapped[str | None] = Column(String(254), index=True)
    situation: Mapped[str | None] = Column(String(30))
    needs: Mapped[str | None] = Column(String(20))
    waiting_since: Mapped[datetime] = Column(Moment, nullable=False)
    due_on: Mapped[date | None] = Column(Date, index=True)
    assignee: Mapped[str | None] = Column(String(40))
    words: Mapped[str] = Column(Text, nullable=False, default="")


def keep_case_row(session: Session, case: "Case", entry: Entry, decision: Decision) -> None:
    """Bring the case's row up to the entry just logged, which led to ``decision``."""
    row: QueueRow | None = session.get(QueueRow, case.number)
    if case.state == "closed":
        if row is not None:
            session.delete(row)
            session.flush()
        return
    needs, due_on = _needed(case.log, decision, entry.day)
    if row is None:
        row = QueueRow(
            subject=case.number,
            case_id=case.id,
            case_number=case.number,
            conversation_id=case.conversation_id,
            order_number=case.order.number,
            email=case.order.email.casefold(),
            situation=case.situation,
            needs=needs,
            waiting_since=entry.created_at,
            words="",
        )
        session.add(row)
    elif row.needs != needs or entry.kind == "evidence_submitted":
        row.needs, row.waiting_since = needs, entry.created_at
    row.due_on = due_on
    said = entry.data.get("description") or entry.data.get("text")
    if said and entry.actor == "customer":
        row.words = f"{row.words} {str(said).casefold()}".strip()[:4000]
    session.flush()


def _needed(
    log: Iterable[Entry], decision: Decision, today: date
) -> tuple[str | None, date | None]:
    promised = [
        one
        for one in obligations_from(decision, log, today)
        if one.party == "seller" and one.due and one.status != "done"
    ]
    first = min(promised, key=lambda one: (one.due, one.action), default=None)
    due_on = first.due if first else None
    if decision.outcome == "entitled":
        return (first.action if first else None), due_on
    if decision.missing and decision.missing[0] in _FROM_CUSTOMER:
        return None, due_on
    # Where the policy puts the clause on evidence first, it waits for a person to look at it.
    looks = decision.outcome == "seller_decides" and decision.clauses[0] == "evidence"
    return ("judge_evidence" if looks else _NEEDS.get(decision.outcome)), due_on


def keep_conversation_row(
    session: Session, conversation_id: str, needs: str | None, now: datetime, agent: str | None
) -> None:
    """Put the conversation in the queue for a person, or take it out (``needs`` None)."""
    row: QueueRow | None = session.get(QueueRow, conversation_id)
    if needs is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(
            QueueRow(
                subject=conversation_id,
                conversation_id=conversation_id,
                needs=needs,
                waiting_since=now,
                assignee=agent,
                words="",
            )
        )
    else:
        if row.needs != needs:
            row.waiting_since = now
        row.needs, row.assignee = needs, agent
    session.flush()
