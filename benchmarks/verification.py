"""How long a wrong proof and an unknown order take: ``python -m benchmarks.verification [size …]``.

The two must not be told apart. They are measured in turns, each try in a conversation of its own,
in one database; the right proof stands beside them. The table goes to `var/benchmarks/`, too.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.figures import show
from casework.conversations.conversation import ensure_conversation
from casework.orders.order import Order
from casework.orders.verification import verify
from casework.shop import day_of, now
from casework.storage.database import Database

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 500
FIRST = 100_000
EMAIL = "pat{}@example.com"


@dataclass
class Row:
    """One kind of try: how long each took in microseconds, and its statements."""

    times: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def median(self) -> float:
        """The time in the middle."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The time that one in twenty exceeds."""
        return statistics.quantiles(self.times, n=20)[-1]


def main() -> int:
    """Measure with so many orders, or with each of `SIZES`."""
    measured: list[dict[str, Any]] = []
    for orders in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'verification.db'}")
            database.migrate()
            _fill(database, orders)
            rows = _measure(database, orders)
            database.close()
        apart = _told_apart(rows["unknown order"].times, rows["wrong proof"].times)
        measured += [
            {
                "try": kind,
                "orders": orders,
                "median µs": row.median,
                "p95 µs": row.p95,
                "statements": row.queries,
                "wrong slower than unknown, %": 100 * apart,
            }
            for kind, row in rows.items()
        ]
    show("verification", measured, "50% of all pairs is what tells nothing.")
    return 0


def _fill(database: Database, orders: int) -> None:
    today = day_of(now())
    days = {"placed_on": today - timedelta(days=9), "ship_by": today + timedelta(days=1)}
    with database.begin() as session:
        session.bulk_insert_mappings(
            Order,
            [
                {"number": str(FIRST + at), "email": EMAIL.format(FIRST + at), "zip": "90012",
                 "status": "processing", "total": 189, "currency": "USD", **days}
                for at in range(orders)
            ],
        )  # fmt: skip


def _measure(database: Database, orders: int) -> dict[str, Row]:
    kinds: dict[str, Callable[[int], tuple[str, str]]] = {
        "unknown order": lambda at: (str(FIRST + orders + at), "10001"),
        "wrong proof": lambda at: (str(FIRST + at % orders), "10001"),
        "right proof": lambda at: (str(FIRST + at % orders), "90012"),
    }
    rows = {kind: Row() for kind in kinds}
    for at in range(ROUNDS):
        for kind in random.sample(list(kinds), len(kinds)):
            spent, rows[kind].queries = _try(database, f"{kind}-{at}", *kinds[kind](at))
            rows[kind].times.append(spent)
    return rows


def _try(database: Database, name: str, number: str, proof: str) -> tuple[float, int]:
    """One proof in a new conversation: microseconds, and how many statements it took."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    moment = now()
    with database.begin() as session:
        ensure_conversation(session, name, moment)
    event.listen(database.engine, "before_cursor_execute", note)
    began = time.perf_counter()
    with database.begin() as session:
        verify(session, name, number, proof, moment)
    spent = (time.perf_counter() - began) * 1e6
    event.remove(database.engine, "before_cursor_execute", note)
    return spent, len(statements)


def _told_apart(unknown: list[float], wrong: list[float]) -> float:
    """In which part of all pairs the wrong proof took longer: one half tells nothing."""
    slower = sum(one > other for other in unknown for one in wrong)
    return slower / (len(unknown) * len(wrong))


if __name__ == "__main__":
    sys.exit(main())
