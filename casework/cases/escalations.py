"""Escalations: what goes to a person, with everything the person needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, select
from sqlalchemy.orm import Session, relationship

from casework.cases.case import Case
from casework.conversations.conversation import ensure_conversation, messages_after
from casework.operating.metrics import ESCALATIONS, count_when_kept
from casework.orders.order import Order
from casework.storage.tables import Base, Mapped, Moment, write_once


class Escalation(Base):
    """One hand-over: facts, decision, promises and transcript are as they stood then."""

    __tablename__ = "escalations"

    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    reason: Mapped[str] = Column(String(60), nullable=False)
    order_id: Mapped[int | None] = Column(ForeignKey("orders.id"))
    case_id: Mapped[int | None] = Column(ForeignKey("cases.id"))
    facts: Mapped[dict[str, Any] | None] = Column(JSON)
    decision: Mapped[dict[str, Any] | None] = Column(JSON)
    promised: Mapped[list[str] | None] = Column(JSON)
    transcript: Mapped[list[dict[str, Any]]] = Column(JSON, nullable=False)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    key: Mapped[str] = Column(String(300), nullable=False, unique=True)
    order: Mapped[Order | None] = relationship("Order", lazy="joined")
    case: Mapped[Case | None] = relationship("Case", lazy="joined")


def open_escalation(
    session: Session,
    *,
    conversation_id: str,
    reason: str,
    order: Order | None = None,
    case: Case | None = None,
    facts: Mapping[str, Any] | None = None,
    decision: Mapping[str, Any] | None = None,
    promised: Sequence[str] | None = None,
    transcript: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
    key: str,
) -> Escalation:
    """Hand a conversation to the shop's people; a replay of ``key`` returns the first one.

    Without a ``transcript`` the conversation's messages so far are taken. Who handles the
    conversation is not changed here (``casework.conversations.handling``).
    """
    ensure_conversation(session, conversation_id, now)

    def find() -> Escalation | None:
        found: Escalation | None = session.scalars(
            select(Escalation).where(Escalation.key == key)
        ).first()
        return found

    written = find()
    if written is not None:
        return written
    said = transcript if transcript is not None else _messages(session, conversation_id)
    new = Escalation(
        conversation_id=conversation_id,
        reason=reason,
        order=order or (case.order if case else None),
        case=case,
        facts=dict(facts) if facts is not None else None,
        decision=dict(decision) if decision is not None else None,
        promised=list(promised) if promised is not None else None,
        transcript=[dict(line) for line in said],
        created_at=now,
        key=key,
    )
    kept = write_once(session, new, find)
    if kept is new:
        count_when_kept(session, ESCALATIONS, reason=reason)
    return kept


def escalations_of(session: Session, conversation_id: str) -> list[Escalation]:
    """Return the conversation's escalations, the newest first."""
    return list(
        session.scalars(
            select(Escalation)
            .where(Escalation.conversation_id == conversation_id)
            .order_by(Escalation.id.desc())
        )
    )


def _messages(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    return [
        {"who": one.author, "text": one.text, "at": one.created_at.timestamp()}
        for one in messages_after(session, conversation_id, "customer")
    ]
