"""How long the desk's queue takes to read: ``python -m benchmarks.queue``.

Rows are written straight into the stored queue of a fresh SQLite file. The reference, in the same
run, is reading one row by its primary key.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from casework.conversations import ensure_conversation
from casework.database import Database
from casework.queue import VIEWS, Filters, count, page
from casework.queue_rows import QueueRow
from casework.shop import now

SIZES = (1_000, 100_000)
RUNS = 15


def main() -> int:
    """Print the table."""
    chance, today, written = random.Random(1), date.today(), 0
    print(f"{'open':>9} {'what':24} {'median':>10} {'of a key':>9}")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'queue.db'}")
        database.migrate()
        for size in SIZES:
            with database.begin() as session:
                ensure_conversation(session, "c", now())
                rows = [_row(number, chance, today) for number in range(written, size)]
                session.execute(QueueRow.__table__.insert(), rows)
            written = size
            with database.read() as session:
                _measure(session, size, today)
        database.close()
    return 0


def _row(number: int, chance: random.Random, today: date) -> dict[str, Any]:
    due = chance.choice([None, today + timedelta(days=chance.randint(-3, 5))])
    return {
        "subject": f"AOP-{number}",
        "conversation_id": "c",
        "order_number": str(100_000 + number),
        "email": f"customer{number}@example.com",
        "situation": "remorse",
        "needs": chance.choice(["decide", "refund", None]),
        "waiting_since": now() - timedelta(minutes=number),
        "due_on": due,
        "words": "the left armrest snapped when i sat down",
    }


def _measure(session: Session, size: int, today: date) -> None:
    def first(filters: Filters) -> list[QueueRow]:
        return page(session, filters, login="kim", today=today)

    key = _median(session, lambda: session.get(QueueRow, "AOP-7"))
    reads: dict[str, Callable[[], object]] = {
        "one row by its key": lambda: session.get(QueueRow, "AOP-7"),
        "the first page": lambda: first(Filters()),
        "all five counts": lambda: [
            count(session, Filters(view), login="kim", today=today) for view in VIEWS
        ],
        "search: order number": lambda: first(Filters("all", words="100500")),
        "search: words": lambda: first(Filters("all", words="snapped when")),
    }
    for what, read in reads.items():
        took = _median(session, read)
        print(f"{size:>9,} {what:24} {took * 1000:>7.1f} ms {took / key:>8.1f}x")


def _median(session: Session, read: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        session.expunge_all()
        started = time.perf_counter()
        read()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
