"""How long the desk's queue takes to read: ``python -m benchmarks.queue [size …]``.

Rows are written straight into the stored queue of a fresh SQLite file. The reference, in the same
run, is reading one row by its primary key. Beside the time that passes stands the processor's own,
which says more where others work on the same machine. The table goes to `var/benchmarks/`, too.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.figures import show
from casework.conversations.conversation import ensure_conversation
from casework.queue.queue import PAGE, VIEWS, Filters, Place, count, page
from casework.queue.rows import QueueRow
from casework.queue.table import turn_of
from casework.shop import now
from casework.storage.database import Database

SIZES = (1_000, 100_000, 1_000_000)
RUNS = 15
AT_ONCE = 50_000
DEEP = 19
SAID = "the left armrest snapped when i sat down on day {} and i would like it to be put right"


def main() -> int:
    """Print the table for the sizes named, or for `SIZES`."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    chance, written = random.Random(1), 0
    measured: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'queue.db'}")
        database.migrate()
        with database.begin() as session:
            ensure_conversation(session, "c", now())
        for size in sizes:
            for first in range(written, size, AT_ONCE):
                rows = [_row(at, chance) for at in range(first, min(first + AT_ONCE, size))]
                with database.begin() as session:
                    session.execute(QueueRow.__table__.insert(), rows)
            written = size
            with database.read() as session:
                measured += _measure(session, size)
        database.close()
    show("queue", measured)
    return 0


def _row(number: int, chance: random.Random) -> dict[str, Any]:
    needs = chance.choice(["decide", "judge_evidence", "refund", "refund", "close", None, None])
    due = date.today() + timedelta(days=chance.randint(-3, 5)) if needs == "refund" else None
    return {
        "subject": f"AOP-R-{number:08}",
        "conversation_id": "c",
        "order_number": str(10_000_000 + number),
        "email": f"customer{number}@example.com",
        "situation": chance.choice(["remorse", "damaged", "other"]),
        "needs": needs,
        "turn": turn_of(needs),
        "assignee": chance.choice(["kim", "lee", "ana", None]),
        "waiting_since": now() - timedelta(minutes=number),
        "due_on": due,
        "words": SAID.format(number),
        "said": SAID.format(number) * 3,
    }


def _measure(session: Session, size: int) -> Iterator[dict[str, Any]]:
    today, kim = date.today(), "kim"

    def first(view: str = "waiting", words: str = "", situation: str = "") -> list[QueueRow]:
        return page(session, Filters(view, situation, words), login=kim, today=today)

    _, key = _median(session, lambda: session.get(QueueRow, "AOP-R-00000007"))
    deep = _deep(session, kim, today)
    reads: dict[str, Callable[[], object]] = {
        "one row by its key": lambda: session.get(QueueRow, "AOP-R-00000007"),
        "the first page": first,
        "the 20th page": lambda: page(session, Filters(), login=kim, today=today, after=deep),
        "the first page of all": lambda: first("all"),
        "my first page, a situation": lambda: first("mine", situation="damaged"),
        "due and overdue": lambda: first("due"),
        "all six counts": lambda: [
            count(session, Filters(view), login=kim, today=today) for view in VIEWS
        ],
        "search: order number": lambda: first("all", "10000500"),
        "search: e-mail": lambda: first("all", "customer500@example.com"),
        "search: words many used": lambda: first("all", "armrest snapped"),
        "search: words nobody used": lambda: first("all", "a purple giraffe"),
    }
    for what, read in reads.items():
        took, used = _median(session, read)
        yield {
            "what": what,
            "open": size,
            "median ms": took * 1000,
            "processor ms": used * 1000,
            "times a key": used / key,
        }


def _deep(session: Session, login: str, today: date) -> Place | None:
    """Where the 20th page of what waits begins, found as the desk finds it: page by page."""
    return list(_places(session, login, today))[-1]


def _places(session: Session, login: str, today: date) -> Iterator[Place | None]:
    after: Place | None = None
    yield after
    for _ in range(DEEP):
        rows = page(session, Filters(), login=login, today=today, after=after)
        if len(rows) < PAGE:
            return
        after = Place.of(rows[-1])
        yield after


def _median(session: Session, read: Callable[[], object]) -> tuple[float, float]:
    """Seconds that pass and seconds of the processor."""
    passed, used = [], []
    for _ in range(RUNS):
        session.expunge_all()
        started, began = time.perf_counter(), time.thread_time()
        read()
        passed.append(time.perf_counter() - started)
        used.append(time.thread_time() - began)
    return statistics.median(passed), statistics.median(used)


if __name__ == "__main__":
    sys.exit(main())
