"""Guessing at orders: failed proofs count across conversations, and pauses grow.

They count by order number as it was typed, whether or not there is such an order, and by the
network a conversation came from. Nobody is shut out by somebody else: a network that did not guess
never waits for what others did, and an e-mail address, which nobody guesses by trying, always
serves; only ZIP codes cease to, for a number that too many wrong proofs were given for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

DAY = timedelta(days=1)

# After so many failures within a day, so many minutes pass before the next proof is looked at.
Steps = Sequence[tuple[int, int]]
ONE_ORDER: Steps = ((5, 1), (6, 5), (7, 15), (8, 60))
ALL_ORDERS: Steps = ((50, 1), (100, 5), (150, 15))
# After so many failures within a day for one number, from wherever, its ZIP code proves nothing.
ZIP_FAILURES = 200


@dataclass(frozen=True)
class Guesses:
    """How many proofs failed within a day, and when the last one did."""

    failures: int
    last: datetime | None


def wait_after(steps: Steps, guesses: Guesses, now: datetime) -> timedelta:
    """Return for how long the next proof is not looked at; zero or less: it is."""
    minutes = max((pause for failures, pause in steps if guesses.failures >= failures), default=0)
    pause = timedelta(minutes=minutes)
    # A clock that was ahead makes nobody wait longer than the pause.
    return min(pause, guesses.last + pause - now) if guesses.last else timedelta()


def take_turns(session: Session, network: str, number: str) -> None:
    """Let proofs of one network, and of one number, be looked at one after another.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for kind, name in ((1, network), (2, number)):
        session.execute(select(func.pg_advisory_xact_lock(kind, func.hashtext(name))))
