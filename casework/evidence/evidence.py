"""Evidence: what customers sent to show what happened. The files lie elsewhere, this is the list.

Loose evidence belongs to a conversation; attached, it belongs to a case as well and is in its log.
"""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import Entry
from casework.cases.writing import record
from casework.conversations.conversation import hold_conversation
from casework.storage.tables import Base, Mapped, Moment, rows_of


class Evidence(Base):
    """One file: ``file_name`` is its random name on disk, ``sha256`` that of the original."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("conversation_id", "key"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    case_id: Mapped[int | None] = Column(ForeignKey("cases.id"), index=True)
    sha256: Mapped[str] = Column(String(64), nullable=False)
    media_type: Mapped[str] = Column(String(100), nullable=False)
    bytes: Mapped[int] = Column(Integer, nullable=False)
    width: Mapped[int | None] = Column(Integer)
    height: Mapped[int | None] = Column(Integer)
    file_name: Mapped[str] = Column(String(100), nullable=False, unique=True)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    key: Mapped[str | None] = Column(String(200))


_FILES = Evidence.__table__.c
_LOOSE = (
    select(_FILES.id)
    .where(_FILES.conversation_id == bindparam("conversation"), _FILES.case_id.is_(None))
    .order_by(_FILES.id)
)


def add_evidence(
    session: Session,
    *,
    conversation_id: str,
    sha256: str,
    media_type: str,
    size: int,
    file_name: str,
    width: int | None = None,
    height: int | None = None,
    now: datetime,
    key: str | None = None,
) -> Evidence:
    """Keep a file's particulars (``size`` in bytes, picture sides in pixels).

    With a ``key`` a replay returns the first row; the caller then drops the second file.
    """
    hold_conversation(session, conversation_id, now)
    if key is not None:
        kept = session.scalars(
            select(Evidence).where(Evidence.conversation_id == conversation_id, Evidence.key == key)
        ).first()
        if isinstance(kept, Evidence):
            return kept
    row = Evidence(
        conversation_id=conversation_id,
        sha256=sha256,
        media_type=media_type,
        bytes=size,
        width=width,
        height=height,
        file_name=file_name,
        created_at=now,
        key=key,
    )
    session.add(row)
    session.flush()
    return row


def evidence_of(
    session: Session, *, conversation_id: str | None = None, case: Case | None = None
) -> list[Evidence]:
    """Return the evidence of a case, or the loose evidence of a conversation, oldest first."""
    if case is not None:
        of_case = select(Evidence).where(Evidence.case_id == case.id)
        return list(session.scalars(of_case.order_by(Evidence.id)))
    return rows_of(session, Evidence, _LOOSE, conversation=conversation_id)


def attach_evidence(
    session: Session, case: Case, now: datetime, *, conversation_id: str | None = None
) -> Entry | None:
    """Bind a conversation's loose evidence to the case and log it; None if there is none.

    The conversation is the case's own unless another is named: a customer who came back later.
    """
    source = conversation_id or case.conversation_id
    hold_conversation(session, source, now)
    loose = evidence_of(session, conversation_id=source)
    if not loose:
        return None
    ids = [row.id for row in loose]
    entry = record(
        session,
        case,
        "evidence_submitted",
        {"evidence_ids": ids},
        actor="customer",
        now=now,
        key=f"evidence:{case.id}:{ids[0]}",
    )
    for row in loose:
        row.case_id = case.id
    session.flush()
    return entry
