"""How long one look of the clock takes: ``python -m benchmarks.clock [open cases …]``.

A tenth of the cases is overdue and was told of, as after a bad week: a look finds nothing new, and
reads no log. The reference, in the same run, is reading one row by its primary key. The table goes
to `var/benchmarks/`, too.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from benchmarks.figures import show
from casework.cases.case import Case
from casework.orders.samples import load_samples
from casework.outgoing.clock import notice_due
from casework.outgoing.outbox import Notice
from casework.queue.rows import QueueRow
from casework.queue.table import OURS
from casework.shop import day_of, now
from casework.storage.database import Database

SIZES = (1_000, 100_000, 1_000_000)
RUNS = 15
AT_ONCE = 50_000


def main() -> int:
    """Print the table for the sizes named, or for `SIZES`."""
    os.environ["OUT_WEBHOOK_URL"] = "http://127.0.0.1:9/"  # nothing is sent: nobody delivers here
    os.environ["OUT_WEBHOOK_SECRET"] = "whsec_" + "A" * 40
    moment = now()
    measured: list[dict[str, Any]] = []
    for size in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'clock.db'}")
            database.migrate()
            _fill(database, size, moment)
            measured += _measure(database, size, moment)
            database.close()
    show("clock", measured)
    return 0


def _fill(database: Database, size: int, moment: datetime) -> None:
    with database.begin() as session:
        load_samples(session, moment)
        case = session.scalars(select(Case)).first()
        of = {"case_id": case.id, "conversation_id": case.conversation_id}
        while notice_due(session, moment):
            pass
    for first in range(0, size, AT_ONCE):
        rows = [_row(at, of, day_of(moment)) for at in range(first, min(first + AT_ONCE, size))]
        late = [_told(row, moment) for row in rows if row["due_on"] < day_of(moment)]
        with database.begin() as session:
            session.execute(QueueRow.__table__.insert(), rows)
            session.execute(Notice.__table__.insert(), late)


def _row(number: int, of: dict[str, Any], today: date) -> dict[str, Any]:
    subject = f"AOP-R-{number:08}"
    days = -3 if number % 10 == 0 else 2 + number % 30
    return {
        **of,
        "subject": subject,
        "case_number": subject,
        "needs": "refund",
        "turn": OURS,
        "waiting_since": now(),
        "due_on": today + timedelta(days=days),
        "words": "",
        "said": "",
    }


def _told(row: dict[str, Any], moment: datetime) -> dict[str, Any]:
    subject, due_on = row["subject"], row["due_on"]
    return {
        "channel": "webhook",
        "kind": "overdue",
        "subject": subject,
        "due_on": due_on,
        "key": f"overdue:{subject}:{due_on}",
        "payload": {},
        "created_at": moment,
        "delivered_at": moment,
        "tries": 1,
    }


def _measure(database: Database, size: int, moment: datetime) -> Iterator[dict[str, Any]]:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def key(session: Session) -> object:
        return session.get(QueueRow, "AOP-R-00000007")

    for what, read in (("one row by its key", key), ("a look of the clock", _look(moment))):
        passed, used = [], []
        asked.clear()
        for _ in range(RUNS):
            with database.begin() as session:
                started, began = time.perf_counter(), time.thread_time()
                read(session)
                passed.append(time.perf_counter() - started)
                used.append(time.thread_time() - began)
        times = [statistics.median(one) * 1000 for one in (passed, used)]
        logs = sum("case_log" in one for one in asked)
        yield {
            "what": what,
            "open": size,
            "median ms": times[0],
            "processor ms": times[1],
            "logs read": logs,
        }


def _look(moment: datetime) -> Callable[[Session], object]:
    return lambda session: notice_due(session, moment)


if __name__ == "__main__":
    sys.exit(main())
