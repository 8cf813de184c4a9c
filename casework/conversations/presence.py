"""Who is there now: who is typing in a conversation, and who of the shop's people looks at what.

A mark holds for some seconds and is renewed for as long as it is true: it ends by itself where a
browser or a gateway goes away. It is in the database because the two sides may be at different
gateways. What is typed is never in it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, String, delete, select, update
from sqlalchemy.orm import Session

from casework.people.accounts import Agent
from casework.storage.tables import Base, Mapped, Moment, write_once

if TYPE_CHECKING:
    from casework.conversations.conversation import Conversation

KINDS = ("typing", "looking")
TYPING = timedelta(seconds=6)
LOOKING = timedelta(seconds=30)
CUSTOMER = ""
# Long past for everybody, so that nobody is just renewing what is deleted.
_FORGOTTEN = timedelta(hours=1)


class PresenceMark(Base):
    """Somebody is typing in, or looking at, a subject until then.

    ``subject`` is a conversation or a case, as the queue names it; ``login`` the agent's, or
    ``CUSTOMER``.
    """

    __tablename__ = "presence_marks"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    subject: Mapped[str] = Column(String(255), primary_key=True)
    kind: Mapped[str] = Column(String(10), primary_key=True)
    login: Mapped[str] = Column(String(40), primary_key=True)
    until: Mapped[datetime] = Column(Moment, nullable=False, index=True)


def note_typing(session: Session, conversation: "Conversation", login: str, now: datetime) -> bool:
    """Note that the agent (or the ``CUSTOMER``) is typing, if the other side is to know it.

    A customer's typing is told to people only: not while the assistant alone has the conversation;
    an agent's only while the agent has it. Returns whether it was noted.
    """
    if login == CUSTOMER:
        told = conversation.handler != "assistant"
    else:
        told = (conversation.handler, conversation.agent) == ("agent", login)
    if told:
        _mark(session, conversation.id, "typing", login, now + TYPING)
        session.execute(delete(PresenceMark).where(PresenceMark.until < now - _FORGOTTEN))
    return told


def end_typing(session: Session, conversation_id: str, *, customer: bool) -> None:
    """Note that what that side was typing is sent."""
    side = PresenceMark.login == CUSTOMER if customer else PresenceMark.login != CUSTOMER
    session.execute(
        delete(PresenceMark).where(
            PresenceMark.subject == conversation_id, PresenceMark.kind == "typing", side
        )
    )


def is_typing(session: Session, conversation_id: str, login: str, now: datetime) -> bool:
    """Whether the agent (or the ``CUSTOMER``) is typing in the conversation."""
    found: PresenceMark | None = session.get(PresenceMark, (conversation_id, "typing", login))
    return found is not None and found.until > now


def note_looking(session: Session, subjects: Collection[str], login: str, now: datetime) -> None:
    """Note that the agent has these open, for as long as a mark holds."""
    for subject in sorted(subjects):
        _mark(session, subject, "looking", login, now + LOOKING)


def end_looking(session: Session, subjects: Collection[str], login: str) -> None:
    """Note that the agent has closed these."""
    mine = PresenceMark.subject.in_(sorted(subjects)) & (PresenceMark.login == login)
    session.execute(delete(PresenceMark).where(mine, PresenceMark.kind == "looking"))


def looking_at(
    session: Session, subjects: Collection[str], now: datetime, *, but: str
) -> dict[str, list[str]]:
    """Return the names of those who look at each of the subjects, without the login ``but``."""
    found = session.execute(
        select(PresenceMark.subject, Agent.name)
        .join(Agent, Agent.login == PresenceMark.login)
        .where(
            PresenceMark.subject.in_(list(subjects)),
            PresenceMark.kind == "looking",
            PresenceMark.login != but,
            PresenceMark.until > now,
        )
        .order_by(Agent.name)
    )
    names: dict[str, list[str]] = {}
    for subject, name in found:
        names.setdefault(subject, []).append(name)
    return names


def _mark(session: Session, subject: str, kind: str, login: str, until: datetime) -> None:
    mine = {"subject": subject, "kind": kind, "login": login}
    renewed = update(PresenceMark).filter_by(**mine).values(until=until)
    options = {"synchronize_session": False}
    if not session.execute(renewed, execution_options=options).rowcount:
        write_once(
            session,
            PresenceMark(**mine, until=until),
            lambda: session.get(PresenceMark, (subject, kind, login)),
        )
