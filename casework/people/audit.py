"""The audit log: who did what at the desk, and when. Nobody can change it, not even by SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Integer, String, select
from sqlalchemy.orm import Session

from casework.storage.tables import AppendOnly, Base, Mapped, Moment


class AuditEntry(AppendOnly, Base):
    """One act: ``actor`` is ``agent:<login>`` or system, ``subject`` a case, account or chat."""

    __tablename__ = "audit_log"
    erasable = False  # it holds no customer's identity and no words

    id: Mapped[int] = Column(Integer, primary_key=True)
    actor: Mapped[str] = Column(String(80), nullable=False, index=True)
    act: Mapped[str] = Column(String(40), nullable=False)
    subject: Mapped[str] = Column(String(255), nullable=False, index=True)
    data: Mapped[dict[str, Any] | None] = Column(JSON)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)


def note_act(
    session: Session,
    *,
    actor: str,
    act: str,
    subject: str,
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write down one act; ``data`` holds no words of a customer's."""
    entry = AuditEntry(
        actor=actor,
        act=act,
        subject=subject,
        data=dict(data) if data is not None else None,
        created_at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def audit_entries(
    session: Session,
    *,
    who: str = "",
    act: str = "",
    subject: str = "",
    before: int | None = None,
    limit: int = 100,
) -> list[Any]:
    """Return the entries older than the id ``before`` (None: all), the newest first.

    ``who`` is an actor or a login, ``subject`` a case, account or chat; empty means any.
    """
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    if who:
        wanted = wanted.where(AuditEntry.actor.in_([who, f"agent:{who}"]))
    if act:
        wanted = wanted.where(AuditEntry.act == act)
    if subject:
        wanted = wanted.where(AuditEntry.subject == subject)
    return list(session.scalars(wanted))


def audited_acts(session: Session) -> list[str]:
    """Return the name of every act the log holds, in alphabetical order."""
    return list(session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)))
