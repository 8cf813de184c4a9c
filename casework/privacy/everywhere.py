"""Erasing in every place: the casework tables, Rasa's memory, the pictures, the file's free pages.

Rasa's memory goes just before the commit and the pictures after it: cut off in between, a run
leaves rows that name files which are there, or files that no row names; the next run takes those.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.conversations.turns import Turn
from casework.errors import CaseworkError
from casework.people.audit import note_act
from casework.privacy.customer import Held, find_customer, open_cases
from casework.privacy.erase import Erased, erase
from casework.privacy.files import compact, orphans, remove_files
from casework.privacy.retention import Ended
from casework.privacy.tracker import forget, remembered
from casework.shop import day_of
from casework.storage.database import Database
from casework.training.unclear import forget_unlabeled

MEMORY = "events of the assistant's memory"


@dataclass(frozen=True)
class Places:
    """Where customers' data lies; ``tracker`` is None where Rasa has no store."""

    database: Database
    tracker: Engine | None
    uploads: Path


def erase_customer(
    places: Places, *, email: str, order_number: str, also_open: bool, now: datetime
) -> dict[str, int]:
    """Erase one customer for good; returns how many of what.

    Raises:
        CaseworkError: there is no such order, a case is open and not to be erased, or an answer
            is being written this moment.
    """
    with places.database.begin() as session:
        held = find_customer(session, email=email, order_number=order_number)
        _refuse(session, held, also_open, now)
        done = _erase(session, places, held, "customer_erased", now)
    return done.counts | _files(places, done.files)


def would_erase(
    places: Places, *, email: str, order_number: str
) -> tuple[dict[str, int], list[str]]:
    """Return how many of what would be erased, and the open cases' numbers; nothing is changed."""
    with places.database.begin() as session:
        held = find_customer(session, email=email, order_number=order_number)
        still_open = open_cases(session, held)
        done = erase(session, held)
        session.rollback()
    counts = done.counts | ({"pictures": len(done.files)} if done.files else {})
    memory = remembered(places.tracker, held.conversations) if places.tracker else 0
    return counts | ({MEMORY: memory} if memory else {}), still_open


def erase_ended(places: Places, older_than: timedelta, now: datetime) -> dict[str, int]:
    """Erase everything that ended longer ago; returns how many of what, all batches together."""
    ended, counts, files = Ended(now - older_than), dict[str, int](), list[str]()
    while True:
        with places.database.begin() as session:
            held = ended.next(session)
            if held is None:
                break
            done = _erase(session, places, held, "retention_erased", now)
        remove_files(places.uploads, done.files)
        files += done.files
        for what, count in done.counts.items():
            counts[what] = counts.get(what, 0) + count
    pictures = {"pictures": len(files)} if files else {}
    return counts | pictures | _files(places, []) | _untaught(places, now - older_than, now)


def _untaught(places: Places, before: datetime, now: datetime) -> dict[str, int]:
    """Delete older misunderstandings that nobody labeled: one may still name somebody."""
    with places.database.begin() as session:
        count = forget_unlabeled(session, day_of(before))
        counts = {"unclear sentences": count} if count else {}
        if counts:
            data = {"counts": counts, "cases": []}
            note_act(
                session, actor="system", act="retention_erased", subject="sentences", data=data,
                now=now,
            )  # fmt: skip
    return counts


def rewrite(places: Places) -> bool:
    """Let the database files keep no trace of what was deleted; False where one was in use."""
    engines = [places.database.engine, *([places.tracker] if places.tracker else [])]
    done = [compact(engine) for engine in engines]  # each is tried
    return all(done)


def _refuse(session: Session, held: Held, also_open: bool, now: datetime) -> None:
    still_open = open_cases(session, held)
    if still_open and not also_open:
        raise CaseworkError(
            f"open cases: {', '.join(still_open)}. The shop may still owe something: settle them "
            "first, or give --also-open"
        )
    turns: Any = Turn
    answering = select(turns.message_id).where(
        turns.conversation_id.in_(held.conversations),
        turns.closed_at.is_(None),
        turns.held_until > now,
    )
    if session.scalars(answering.limit(1)).first() is not None:
        raise CaseworkError("the assistant is answering this customer now; try again in a minute")


def _erase(session: Session, places: Places, held: Held, act: str, now: datetime) -> Erased:
    numbers = select(Case.number).where(Case.id.in_(held.cases)).order_by(Case.id)
    cases = list(session.scalars(numbers))
    done = erase(session, held)
    memory = forget(places.tracker, held.conversations) if places.tracker else 0
    if memory:
        done.counts[MEMORY] = memory
    if done.counts:
        data = {"counts": done.counts, "cases": cases}
        note_act(session, actor="system", act=act, subject="customer", data=data, now=now)
    return done


def _files(places: Places, names: list[str]) -> dict[str, int]:
    """Delete these pictures, and those an earlier run was cut off before deleting."""
    removed = remove_files(places.uploads, names)
    with places.database.read() as session:
        left_over = orphans(session, places.uploads)
    left = remove_files(places.uploads, left_over)
    counts = {"pictures": removed, "pictures no row names": left}
    return {what: count for what, count in counts.items() if count}
