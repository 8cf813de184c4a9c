"""Web sessions: which browser speaks in which conversation. Only a token's SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, String, bindparam, delete, select
from sqlalchemy.orm import Session

from casework.conversations.conversation import Conversation
from casework.storage.tables import Base, Moment, ask, insert_now

LIFETIME = timedelta(days=90)  # as long as a return may still be under way


class WebSession(Base):
    """A browser's key to one conversation."""

    __tablename__ = "web_sessions"

    token_sha256: str = Column(String(64), primary_key=True)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    created_at: datetime = Column(Moment, nullable=False)


_SESSIONS = WebSession.__table__.c
_OPENS = select(_SESSIONS.conversation_id).where(
    _SESSIONS.token_sha256 == bindparam("token"), _SESSIONS.created_at >= bindparam("oldest")
)

_FORGET = delete(WebSession.__table__).where(_SESSIONS.created_at < bindparam("oldest"))


def start_session(session: Session, now: datetime, network: str | None = None) -> tuple[str, str]:
    """Begin a conversation for a new browser; returns its token (256 bits) and conversation id.

    ``network`` is where the browser is, as a hash; failed proofs count by it.
    """
    # In hex, so that no id begins with a dash: a command would take it for an option.
    token, conversation_id = secrets.token_urlsafe(32), secrets.token_hex(24)
    begun = Conversation(
        id=conversation_id,
        handler="assistant",
        created_at=now,
        agent=None,
        handler_since=None,
        network=network,
    )
    insert_now(session, begun)
    key = WebSession(token_sha256=_digest(token), conversation_id=conversation_id, created_at=now)
    insert_now(session, key)
    ask(session, _FORGET, oldest=now - LIFETIME)
    return token, conversation_id


def conversation_of(session: Session, token: str, now: datetime) -> str | None:
    """The conversation a token opens, or None for an unknown, ended or too old one."""
    oldest = now - LIFETIME
    found: str | None = ask(session, _OPENS, token=_digest(token), oldest=oldest).scalar()
    return found


def end_session(session: Session, token: str) -> None:
    """Forget a browser's key; the conversation itself stays."""
    session.execute(delete(WebSession).where(WebSession.token_sha256 == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
