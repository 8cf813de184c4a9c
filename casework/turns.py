"""Turns: customers' messages that wait for the assistant's answer, in order, none lost or doubled.

A turn is opened with the customer's message in one transaction and closed with the answer in
another. Whoever wants to answer takes the oldest open turn of a conversation for a few seconds and
says again and again that it is still at it; once a process has stopped saying so, another one takes
the turn over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session, relationship

from casework.conversations import Message, hold_conversation
from casework.tables import Base, Moment

# So long a turn is held by who has taken it or has said since that it is still at it.
HOLD = timedelta(seconds=5)
# No lease ends later than this, unless the clock was set back since: then it holds nothing.
_LONGEST = 3 * HOLD


class Turn(Base):
    """One customer message on its way through the assistant.

    ``tries``: how often it was taken. ``held_until``: nobody else may take it before.
    ``excused``: the customer was told that the answer takes longer.
    """

    __tablename__ = "turns"

    message_id: int = Column(ForeignKey("messages.id"), primary_key=True, autoincrement=False)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    tries: int = Column(Integer, nullable=False, default=0)
    failures: int = Column(Integer, nullable=False, default=0)
    held_until: Any = Column(Moment)
    excused: bool = Column(Boolean, nullable=False, default=False)
    closed_at: Any = Column(Moment, index=True)
    message: Message = relationship("Message", lazy="joined")


class QuickReply(Base):
    """One quick reply offered with a message; its group can be used once."""

    __tablename__ = "quick_replies"

    id: str = Column(String(43), primary_key=True)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    message_id: int = Column(ForeignKey("messages.id"), nullable=False, index=True)
    title: str = Column(String(500), nullable=False)
    used_by: Any = Column(String(200))


def open_turn(session: Session, message: Message) -> Turn:
    """Let a customer's message wait for an answer; calling it again changes nothing."""
    turn: Turn | None = session.get(Turn, message.id)
    if turn is None:
        turn = Turn(message_id=message.id, conversation_id=message.conversation_id)
        session.add(turn)
        session.flush()
    return turn


def close_turns(session: Session, conversation_id: str, now: datetime) -> None:
    """Close every open turn of the conversation: a person reads those messages from now on."""
    session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.closed_at.is_(None))
        .values(closed_at=now)
    )


def take_turn(session: Session, conversation_id: str, now: datetime) -> Turn | None:
    """Take the conversation's oldest open turn; None if there is none, or somebody is at it.

    It is held for ``HOLD`` and as long as ``hold_on`` says so.
    """
    hold_conversation(session, conversation_id, now)
    wanted = {"conversation": conversation_id}
    turn: Turn | None = session.scalars(_OLDEST_OPEN, wanted).first()
    if turn is None or (turn.held_until and now < turn.held_until <= now + _LONGEST):
        return None
    turn.held_until = now + HOLD
    turn.tries += 1
    return turn


def hold_on(session: Session, turns: Iterable[Turn], now: datetime) -> None:
    """Say that whoever took these turns is still at them; nothing where another took one since."""
    for turn in sorted(turns, key=lambda one: one.message_id):
        session.execute(
            update(Turn)
            .where(
                Turn.message_id == turn.message_id,
                Turn.tries == turn.tries,
                Turn.closed_at.is_(None),
            )
            .values(held_until=now + HOLD),
            execution_options={"synchronize_session": False},
        )


def is_waiting(session: Session, conversation_id: str) -> bool:
    """Whether the conversation has an open turn that was not excused: somebody is typing."""
    excused: bool | None = session.scalars(_EXCUSED, {"conversation": conversation_id}).first()
    return excused is False


def _oldest_open(what: Any) -> Any:
    return (
        select(what)
        .where(Turn.conversation_id == bindparam("conversation"), Turn.closed_at.is_(None))
        .order_by(Turn.message_id)
        .limit(1)
    )


# Made once: they are asked at every message.
_OLDEST_OPEN = _oldest_open(Turn)
_EXCUSED = _oldest_open(Turn.excused)


def conversations_to_serve(session: Session, now: datetime) -> list[str]:
    """The conversations whose oldest open turn nobody holds, the longest waiting first."""
    oldest = (
        select(func.min(Turn.message_id).label("message_id"))
        .where(Turn.closed_at.is_(None))
        .group_by(Turn.conversation_id)
        .subquery()
    )
    free = (
        select(Turn.conversation_id)
        .join(oldest, oldest.c.message_id == Turn.message_id)
        .where(
            Turn.held_until.is_(None)
            | (Turn.held_until <= now)
            | (Turn.held_until > now + _LONGEST)
        )
        .order_by(Turn.message_id)
    )
    return list(session.scalars(free))


def offer_replies(session: Session, message: Message, replies: list[tuple[str, str]]) -> None:
    """Keep the quick replies (id, title) that ``message`` offers."""
    session.add_all(
        QuickReply(
            id=key, conversation_id=message.conversation_id, message_id=message.id, title=title
        )
        for key, title in replies
    )
    session.flush()


def press_reply(session: Session, conversation_id: str, reply_id: str, *, key: str) -> str | None:
    """Use a quick reply of this conversation and return its title; None if it is not to be had.

    A reply can be had once, with its whole group: pressing "yes" uses up "no" as well. The same
    ``key`` (the client's message id) may repeat its own press.
    """
    reply: QuickReply | None = session.get(QuickReply, reply_id, with_for_update=True)
    if reply is None or reply.conversation_id != conversation_id:
        return None
    group = list(
        session.scalars(
            select(QuickReply)
            .where(QuickReply.message_id == reply.message_id)
            .order_by(QuickReply.id)
            .with_for_update()
        )
    )
    if any(one.used_by not in (None, key) for one in group):
        return None
    for one in group:
        one.used_by = key
    return reply.title


def open_replies(session: Session, conversation_id: str) -> set[str]:
    """The ids of the quick replies still worth offering: unused, and newer than the last turn."""
    last = (
        select(func.coalesce(func.max(Turn.message_id), 0))
        .where(Turn.conversation_id == conversation_id)
        .scalar_subquery()
    )
    return set(
        session.scalars(
            select(QuickReply.id).where(
                QuickReply.conversation_id == conversation_id,
                QuickReply.message_id > last,
                QuickReply.used_by.is_(None),
            )
        )
    )
