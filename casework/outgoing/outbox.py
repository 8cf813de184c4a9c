"""The outbox: news that was put in with the change it tells of, and leaves it delivered.

Whoever wants to send takes the next one that is due, and has it to itself for a while; one that
dies meanwhile leaves it to the next. What fails is tried again after growing pauses, for a week;
then it is parked: kept, counted, and sent again when somebody asks for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from casework.storage.tables import Base, Mapped, Moment, write_once

CHANNELS = ("webhook", "email")
KINDS = ("case_opened", "case_decided", "due_tomorrow", "overdue")
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
TRIED_FOR = timedelta(days=7)
_LONGEST_ERROR = 80


class Notice(Base):
    """One piece of news on its way through one channel; ``subject`` is the case's number.

    It waits while ``next_try_at`` is set. Without it, it was delivered (or had become untrue
    before anybody sent it: no tries), or it is parked (``delivered_at`` is None). ``due_on`` is the
    day of the promise that due_tomorrow and overdue are about.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        UniqueConstraint("channel", "key"),
        Index("ix_outbox_waiting", "channel", "next_try_at"),
        Index("ix_outbox_subject", "subject"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    channel: Mapped[str] = Column(String(10), nullable=False)
    kind: Mapped[str] = Column(String(20), nullable=False)
    subject: Mapped[str] = Column(String(20), nullable=False)
    due_on: Mapped[date | None] = Column(Date)
    key: Mapped[str] = Column(String(60), nullable=False)
    payload: Mapped[dict[str, Any]] = Column(JSON, nullable=False)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    next_try_at: Mapped[datetime | None] = Column(Moment)
    tries: Mapped[int] = Column(Integer, nullable=False, default=0)
    delivered_at: Mapped[datetime | None] = Column(Moment)
    last_error: Mapped[str | None] = Column(String(_LONGEST_ERROR))


@dataclass(frozen=True)
class Standing:
    """How a channel stands: how many wait, since when the oldest does, and how many are parked."""

    waiting: int
    oldest: datetime | None
    parked: int


def put(session: Session, notice: Notice) -> bool:
    """Put a notice in; False if one of its channel and key was there before."""

    def find() -> Notice | None:
        same = select(Notice).where(Notice.channel == notice.channel, Notice.key == notice.key)
        found: Notice | None = session.scalars(same).first()
        return found

    return write_once(session, notice, find) is notice


def anything_due(session: Session, channel: str, now: datetime) -> bool:
    """Whether the channel has something to send at ``now``."""
    return session.scalars(_due(channel, now)).first() is not None


def take(session: Session, channel: str, now: datetime, until: datetime) -> Notice | None:
    """Take the channel's notice that is due longest, until ``until``; None if there is none."""
    while (id := session.scalars(_due(channel, now)).first()) is not None:
        # Of two that saw the same one, the first to write gets it.
        free = update(Notice).where(Notice.id == id, Notice.next_try_at <= now)
        taken = session.execute(
            free.values(next_try_at=until, tries=Notice.tries + 1),
            execution_options={"synchronize_session": False},
        )
        if taken.rowcount == 1:
            notice: Notice = session.get(Notice, id, populate_existing=True)
            return notice
    return None


def delivered(session: Session, id: int, now: datetime) -> None:
    """Note that the notice arrived."""
    notice: Notice = session.get(Notice, id)
    notice.delivered_at, notice.next_try_at, notice.last_error = now, None, None


def failed(session: Session, id: int, now: datetime, error: str) -> None:
    """Note that a try failed, in a few words without personal data; try later, or park it."""
    notice: Notice = session.get(Notice, id)
    if notice.delivered_at is not None:
        return  # another process, which took over, was luckier
    waited = sum((pause(number) for number in range(1, notice.tries)), timedelta())
    notice.next_try_at = None if waited >= TRIED_FOR else now + pause(notice.tries)
    notice.last_error = error[:_LONGEST_ERROR]


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many failed tries: a minute, doubling, at most 6 hours."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def standing(session: Session, channel: str) -> Standing:
    """Return how the channel stands."""
    of_channel = select(func.count(), func.min(Notice.created_at)).where(Notice.channel == channel)
    waiting, oldest = session.execute(of_channel.where(Notice.next_try_at.is_not(None))).one()
    parked = session.execute(of_channel.where(*_PARKED)).one()[0]
    return Standing(waiting, oldest, parked)


def retry_parked(session: Session, now: datetime) -> int:
    """Let everything that is parked wait again, with a week before it; returns how many."""
    again = update(Notice).where(*_PARKED).values(next_try_at=now, tries=0)
    changed: int = session.execute(again, execution_options={"synchronize_session": False}).rowcount
    return changed


_PARKED = (Notice.next_try_at.is_(None), Notice.delivered_at.is_(None))


def _due(channel: str, now: datetime) -> Any:
    wanted = select(Notice.id).where(Notice.channel == channel, Notice.next_try_at <= now)
    return wanted.order_by(Notice.next_try_at, Notice.id).limit(1)
