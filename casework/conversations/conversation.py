"""Conversations: who handles them, and every message with who may read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    select,
    update,
)
from sqlalchemy.orm import Session

from casework.conversations.presence import end_typing
from casework.operating.metrics import MESSAGES, count_when_kept
from casework.queue.table import keep_said
from casework.storage.tables import (
    AppendOnly,
    Base,
    Mapped,
    Moment,
    ask,
    insert_now,
    kept_meanwhile,
    rows_of,
    write_once,
)

HANDLERS = ("assistant", "waiting", "agent")
AUDIENCES = ("customer", "agents")
AUTHORS = ("customer", "assistant", "agent", "system")


class Conversation(Base):
    """One customer's conversation; ``handler`` is who answers: assistant, waiting or agent.

    ``agent`` is the login of who has it, only while the handler is agent. ``handler_since`` is when
    it came to that handler; None: it was the assistant's from the beginning. ``network`` is where
    the customer came from, as a keyed hash; None where nobody knows, or the customer was erased.
    """

    __tablename__ = "conversations"
    __table_args__ = (CheckConstraint(f"handler IN {HANDLERS}", name="handler"),)

    id: Mapped[str] = Column(String(255), primary_key=True)
    handler: Mapped[str] = Column(String(20), nullable=False, default="assistant")
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    agent: Mapped[str | None] = Column(String(40))
    handler_since: Mapped[datetime | None] = Column(Moment)
    network: Mapped[str | None] = Column(String(64))


class Message(AppendOnly, Base):
    """One message. Audience ``customer``: both sides read it; ``agents``: agents alone."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key"),
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        CheckConstraint(f"author IN {AUTHORS}", name="author"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    audience: Mapped[str] = Column(String(20), nullable=False)
    author: Mapped[str] = Column(String(20), nullable=False)
    text: Mapped[str] = Column(Text, nullable=False)
    payload: Mapped[dict[str, Any] | None] = Column(JSON)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    key: Mapped[str | None] = Column(String(200))


_HELD = "conversations held"
_TO_HOLD = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_CONVERSATIONS = Conversation.__table__.c
_WHO = select(_CONVERSATIONS.handler, _CONVERSATIONS.agent).where(
    _CONVERSATIONS.id == bindparam("conversation")
)
_WITH_KEY = select(Message.__table__.c.id).where(
    Message.conversation_id == bindparam("conversation"), Message.key == bindparam("key")
)
_AFTER = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation"), Message.id > bindparam("last"))
    .order_by(Message.id)
)
_AFTER_FOR = _AFTER.where(Message.audience == bindparam("audience"))


def ensure_conversation(session: Session, conversation_id: str, now: datetime) -> Conversation:
    """Return the conversation, made at ``now`` if it is new."""

    def find() -> Conversation | None:
        found: Conversation | None = session.get(Conversation, conversation_id)
        return found

    new = Conversation(id=conversation_id, handler="assistant", created_at=now)
    return find() or write_once(session, new, find)


def hold_conversation(session: Session, conversation_id: str, now: datetime) -> Conversation:
    """Return the conversation, locked until the transaction ends: its writers take turns."""
    held = kept_meanwhile(session, _HELD)
    if conversation_id not in held:
        wanted = {"conversation": conversation_id}
        conversation = session.scalars(_TO_HOLD, wanted).first()
        if conversation is None:
            ensure_conversation(session, conversation_id, now)
            conversation = session.scalars(_TO_HOLD, wanted).one()
        held[conversation_id] = conversation
    found: Conversation = held[conversation_id]
    return found


def who_answers(session: Session, conversation_id: str) -> tuple[str, str]:
    """Return the conversation's handler, and the login of the agent who has it, or no text."""
    found = ask(session, _WHO, conversation=conversation_id).first()
    return (found.handler, found.agent or "") if found else ("assistant", "")


def hand_over(
    session: Session,
    conversation_id: str,
    *,
    expected: str | tuple[str, ...],
    to: str,
    agent: str | None = None,
    by: str | None = None,
    now: datetime | None = None,
) -> bool:
    """Give the conversation to another handler, only if one of ``expected`` has it; True if so.

    ``agent`` is the login of who has it from now on; ``by``: only if that agent has it now. ``now``
    is kept as the moment it came to another handler; from agent to agent it is the same handler.
    """
    handlers = (expected,) if isinstance(expected, str) else expected
    change = update(Conversation).where(
        Conversation.id == conversation_id, Conversation.handler.in_(handlers)
    )
    if by is not None:
        change = change.where(Conversation.agent == by)
    values: dict[str, Any] = {"handler": to, "agent": agent}
    if to not in handlers:
        values["handler_since"] = now
    session.info.pop(_HELD, None)  # to be read anew
    return bool(session.execute(change.values(values)).rowcount == 1)


def add_message(
    session: Session,
    conversation_id: str,
    *,
    audience: str,
    author: str,
    text: str,
    payload: Mapping[str, Any] | None = None,
    now: datetime,
    key: str | None = None,
) -> Message:
    """Append a message. With a ``key`` a replay returns the first one.

    Ids grow in the order in which the messages of a conversation become readable. Who wrote it is
    typing no more.
    """
    conversation = hold_conversation(session, conversation_id, now)
    if key is not None:
        sent = message_with_key(session, conversation_id, key)
        if sent is not None:
            return sent
    message = Message(
        conversation_id=conversation_id,
        audience=audience,
        author=author,
        text=text,
        payload=dict(payload) if payload is not None else None,
        created_at=now,
        key=key,
    )
    insert_now(session, message)
    count_when_kept(session, MESSAGES, author=author)
    if author == "customer":
        keep_said(session, conversation_id, text)
    if author in ("customer", "agent") and conversation.handler != "assistant":
        end_typing(session, conversation_id, customer=author == "customer")
    return message


def message_with_key(session: Session, conversation_id: str, key: str) -> Message | None:
    """Return the conversation's message of that key, or None."""
    return next(
        iter(rows_of(session, Message, _WITH_KEY, conversation=conversation_id, key=key)), None
    )


def messages_after(
    session: Session, conversation_id: str, audience: str, last_id: int = 0
) -> list[Message]:
    """Return the messages after ``last_id`` that ``audience`` (customer or agents) may read."""
    wanted = {"conversation": conversation_id, "last": last_id}
    if audience == "agents":
        return list(session.scalars(_AFTER, wanted))
    return list(session.scalars(_AFTER_FOR, {**wanted, "audience": audience}))
