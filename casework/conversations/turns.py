"""Turns: customers' messages that wait for the assistant's answer, in order, none lost or doubled.

A turn is opened with the customer's message in one transaction and closed with the answer in
another. Whoever wants to answer takes the oldest open turn of a conversation for a few seconds and
says again and again that it is still at it; once a process has stopped saying so, another one takes
the turn over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from casework.conversations.conversation import Message, hold_conversation
from casework.storage.tables import Base, Moment, ask

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


@dataclass(frozen=True)
class Taken:
    """A turn that somebody has taken, and the message it is about.

    ``tries``: how often it was taken, this time included; another number means another one has it.
    """

    message_id: int
    conversation_id: str
    tries: int
    excused: bool
    text: str
    author: str
    created_at: datetime


class QuickReply(Base):
    """One quick reply offered with a message; its group can be used once."""

    __tablename__ = "quick_replies"

    id: str = Column(String(43), primary_key=True)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    message_id: int = Column(ForeignKey("messages.id"), nullable=False, index=True)
    title: str = Column(String(500), nullable=False)
    used_by: Any = Column(String(200))


def open_turn(session: Session, message: Message) -> None:
    """Let a customer's message wait for an answer; calling it again changes nothing."""
    ask(session, _OPEN, message=message.id, conversation=message.conversation_id)


def close_turns(session: Session, conversation_id: str, now: datetime) -> None:
    """Close every open turn of the conversation: a person reads those messages from now on."""
    session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.closed_at.is_(None))
        .values(closed_at=now)
    )


def take_turn(session: Session, conversation_id: str, now: datetime) -> Taken | None:
    """Take the conversation's oldest open turn; None if there is none, or somebody is at it.

    It is held for ``HOLD`` and as long as ``hold_on`` says so.
    """
    hold_conversation(session, conversation_id, now)
    found = ask(session, _OLDEST_OPEN, conversation=conversation_id).first()
    if found is None or (found.held_until and now < found.held_until <= now + _LONGEST):
        return None
    tries = found.tries + 1
    ask(session, _TAKE, message=found.id, until=now + HOLD, tried=tries)
    return Taken(
        found.id, conversation_id, tries, found.excused, found.text, found.author, found.created_at
    )


def close_turn(session: Session, turn: Taken, now: datetime) -> bool:
    """Close the turn; False where that was done before. The caller holds the conversation."""
    return bool(ask(session, _CLOSE, message=turn.message_id, now=now).rowcount)


def change_turn(session: Session, turn: Taken, **values: Any) -> bool:
    """Change the turn if it is open, and the one who took it so last; whether it is.

    It is one statement: nobody comes between, be the conversation held or not.
    """
    mine = _OPEN_ONE & (_TURNS.c.tries == turn.tries)
    changed = ask(session, update(_TURNS).where(mine).values(values), message=turn.message_id)
    return bool(changed.rowcount)


def fail_turn(session: Session, turn: Taken, until: datetime) -> int:
    """Count a failed try, and let the turn rest until then; how often it failed, or 0.

    0: it is closed, or another one took it since. The caller holds the conversation.
    """
    if not change_turn(session, turn, failures=_TURNS.c.failures + 1, held_until=until):
        return 0
    wanted = select(_TURNS.c.failures).where(_OPEN_ONE)
    return int(ask(session, wanted, message=turn.message_id).scalar())


def hold_on(session: Session, turns: Iterable[Taken], now: datetime) -> None:
    """Say that whoever took these turns is still at them; nothing where another took one since."""
    for turn in sorted(turns, key=lambda one: one.message_id):
        change_turn(session, turn, held_until=now + HOLD)


def is_waiting(session: Session, conversation_id: str) -> bool:
    """Whether the conversation has an open turn that was not excused: somebody is typing."""
    return ask(session, _EXCUSED, conversation=conversation_id).scalar() is False


# Made once: they are asked at every message.
_TURNS = Turn.__table__
_MESSAGES = Message.__table__
_OPEN_ONE = (_TURNS.c.message_id == bindparam("message")) & _TURNS.c.closed_at.is_(None)
_OPEN = insert(_TURNS).from_select(
    ["message_id", "conversation_id", "tries", "failures", "excused"],
    select(
        bindparam("message", type_=Integer),
        bindparam("conversation", type_=String),
        literal(0),
        literal(0),
        literal(False),
    ).where(~exists().where(_TURNS.c.message_id == bindparam("message"))),
)
_EXCUSED = (
    select(_TURNS.c.excused)
    .where(_TURNS.c.conversation_id == bindparam("conversation"), _TURNS.c.closed_at.is_(None))
    .order_by(_TURNS.c.message_id)
    .limit(1)
)
_OLDEST_OPEN = _EXCUSED.add_columns(
    _TURNS.c.tries,
    _TURNS.c.held_until,
    _MESSAGES.c.id,
    _MESSAGES.c.text,
    _MESSAGES.c.author,
    _MESSAGES.c.created_at,
).join_from(_TURNS, _MESSAGES, _MESSAGES.c.id == _TURNS.c.message_id)
_TAKE = (
    update(_TURNS).where(_OPEN_ONE).values(tries=bindparam("tried"), held_until=bindparam("until"))
)
_CLOSE = update(_TURNS).where(_OPEN_ONE).values(closed_at=bindparam("now"))


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
    offered = {"conversation_id": message.conversation_id, "message_id": message.id}
    rows = [{"id": key, "title": title, **offered} for key, title in replies]
    if rows:
        ask(session, insert(QuickReply.__table__), rows)


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
