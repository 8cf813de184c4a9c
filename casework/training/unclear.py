"""What was not understood: a sentence without identity, why it is here, and what was meant.

There is no way back from a row to a customer: no conversation, no message, no time of day.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    Integer,
    String,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from casework.errors import CaseworkError
from casework.storage.tables import Base, Mapped, Moment, write_once
from casework.training.masking import masked

WHY = ("not_understood", "low_confidence", "corrected")
NOT_USABLE = "not_usable"
"""The label of a sentence that nothing is to be learned from; its words are gone."""

MOST = 5000
"""So many wait at most: nobody labels more, and nobody can fill the database with nonsense."""

_LABEL = re.compile(r"[a-z_]{2,40}(?:/[a-z_]{2,38})?")


class AlreadyLabeledError(CaseworkError):
    """Somebody else was quicker, and meant something else."""


class Unclear(Base):
    """One sentence; ``guessed`` is the likeliest intent, ``times`` how often it came up.

    ``key`` is a digest of the words, so that the same ones are one row whatever their form.
    """

    __tablename__ = "unclear"
    __table_args__ = (CheckConstraint(f"why IN {WHY}", name="why"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    key: Mapped[str] = Column(String(64), nullable=False, unique=True)
    text: Mapped[str] = Column(Text, nullable=False)
    guessed: Mapped[str] = Column(String(80), nullable=False)
    confidence: Mapped[float] = Column(Float, nullable=False)
    why: Mapped[str] = Column(String(20), nullable=False)
    times: Mapped[int] = Column(Integer, nullable=False)
    noted_on: Mapped[date] = Column(Date, nullable=False)
    label: Mapped[str | None] = Column(String(80))
    labeled_by: Mapped[str | None] = Column(String(40))
    labeled_at: Mapped[datetime | None] = Column(Moment)


def compared(text: str) -> str:
    """Return the text as two are compared: its words; case and marks make no difference."""
    letters = (letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join("".join(letters).split())


def note(
    session: Session,
    *,
    text: str,
    guessed: str,
    confidence: float,
    why: str,
    today: date,
    known: Iterable[str] = (),
) -> None:
    """Keep a customer's sentence without identity; the same one again counts up."""
    kept = masked(text, known)
    key = hashlib.sha256(compared(kept).encode()).hexdigest()
    if _count_up(session, key, today):
        return
    waiting = session.scalar(select(func.count()).where(Unclear.label.is_(None)))
    if not compared(kept) or (waiting or 0) >= MOST:
        return
    new = Unclear(
        key=key, text=kept, guessed=guessed[:80], confidence=round(confidence, 3), why=why,
        times=1, noted_on=today,
    )  # fmt: skip
    if write_once(session, new, lambda: _with_key(session, key)) is not new:
        _count_up(session, key, today)


def _with_key(session: Session, key: str) -> Unclear | None:
    found: Unclear | None = session.scalars(select(Unclear).where(Unclear.key == key)).first()
    return found


def _count_up(session: Session, key: str, today: date) -> bool:
    again = update(Unclear).where(Unclear.key == key)
    again = again.values(times=Unclear.times + 1, noted_on=today)
    done = session.execute(again.execution_options(synchronize_session=False))
    return bool(done.rowcount)


def to_label(session: Session, limit: int) -> list[Unclear]:
    """Return the sentences nobody has labeled, the most frequent first."""
    waiting = select(Unclear).where(Unclear.label.is_(None))
    newest = waiting.order_by(Unclear.times.desc(), Unclear.noted_on.desc(), Unclear.id)
    return list(session.scalars(newest.limit(limit)))


def count_to_label(session: Session) -> int:
    """Return how many nobody has labeled."""
    return int(session.scalar(select(func.count()).where(Unclear.label.is_(None))) or 0)


def label(session: Session, sentence: int, meant: str, *, by: str, now: datetime) -> bool:
    """Say what was meant, an intent or `NOT_USABLE`; returns False where that was said before.

    Raises:
        CaseworkError: there is no such sentence, or the label has no label's form.
        AlreadyLabeledError: it has another label.
    """
    if not _LABEL.fullmatch(meant):
        raise CaseworkError(f"{meant!r} is not an intent")
    values: dict[str, Any] = {"label": meant, "labeled_by": by, "labeled_at": now}
    if meant == NOT_USABLE:
        values["text"] = ""
    if _change(session, sentence, Unclear.label.is_(None), values):
        return True
    row: Unclear | None = session.get(Unclear, sentence, populate_existing=True)
    if row is None:
        raise CaseworkError("There is no such sentence (any more).")
    if row.label != meant:
        raise AlreadyLabeledError("Somebody else was quicker and chose another intent.")
    return False


def take_back(session: Session, sentence: int, *, by: str) -> bool:
    """Take one's own label off again; False where there is none (or the words are gone)."""
    mine = (Unclear.labeled_by == by) & (Unclear.label != NOT_USABLE)
    return _change(session, sentence, mine, {"label": None, "labeled_by": None, "labeled_at": None})


def _change(session: Session, sentence: int, where: Any, values: dict[str, Any]) -> bool:
    change = update(Unclear).where(Unclear.id == sentence, where).values(**values)
    done = session.execute(change.execution_options(synchronize_session=False))
    return bool(done.rowcount)


def forget_unlabeled(session: Session, before: date) -> int:
    """Delete what came up last before that day and taught nothing; returns how many."""
    old = Unclear.noted_on < before
    untaught = Unclear.label.is_(None) | (Unclear.label == NOT_USABLE)
    gone = delete(Unclear).where(old, untaught).execution_options(synchronize_session=False)
    return int(session.execute(gone).rowcount)
