"""Kills every process of the scaled-out set-up under customers, and counts what was lost.

    python -m benchmarks.faults [--customers 12] [--turns 42]

Starts `make scale`'s topology on ports and data of its own, with the real assistant; customers chat
through the proxy, some carelessly: posts cut off, posts repeated at once. Every process is killed
with -9 in turn and every tier restarted. At the end each message must be kept once, in order, and
be answered once. The figures also go to `var/benchmarks/`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import keep
from casework.cases.case import Case
from casework.storage.database import Database
from tests.faults.crowd import Customer, arrivals, chatting, leave, losses, until_answered
from tests.faults.scaled import WORDS, Scaled, scaled

KILLED = (
    "gateway-1", "gateway-2", "rasa-1", "rasa-2", "actions-1", "actions-2", "redis", "postgresql",
    "proxy",
)  # fmt: skip
RESTARTED = ("actions", "rasa", "gateway", "redis", "postgresql", "proxy")
PATIENCE = 240
PAUSE = 3.0


def main() -> int:
    """Run; exit status 1 where anything was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--customers", type=int, default=12)
    parser.add_argument("--turns", type=int, default=42)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aop-faults-") as folder:
        Path(folder).chmod(0o711)
        with scaled(Path(folder) / "scale") as running:
            result = asyncio.run(measure(running, chosen.customers, chosen.turns))
    for name, value in result.items():
        print(f"{name:24}{value}")
    keep("faults", [result])
    wrong = ("lost", "doubled", "out_of_order", "unanswered", "answered_twice", "cases_twice")
    return 1 if any(result[name] for name in wrong) else 0


async def measure(running: Scaled, many: int, turns: int) -> dict[str, object]:
    """Chat, kill, restart, wait for the answers, and count."""
    customers = await arrivals([running.shape.address], many)
    over = asyncio.Event()
    chats = asyncio.create_task(chatting(customers, turns, pause=PAUSE, words=WORDS, until=over))
    waits: dict[str, float] = {}
    for name in KILLED:
        before = running.pid(name)
        await asyncio.to_thread(running.kill, name)
        waits[f"kill {name}"] = await _until_served(running, customers)
        await asyncio.to_thread(running.until_back, name, before)
    for tier in RESTARTED:
        began = time.monotonic()
        await asyncio.to_thread(running.restart, tier)
        waits[f"restart {tier}"] = round(time.monotonic() - began, 1)
    over.set()
    await chats
    await until_answered(customers, running.database, PATIENCE)
    await leave(customers)
    found = losses(customers, running.database)
    return {
        **asdict(found),
        "posts": sum(one.posts for one in customers),
        "faults": len(KILLED) + len(RESTARTED),
        "cases_twice": cases_twice(running.database),
        "seconds": waits,
    }


async def _until_served(running: Scaled, customers: list[Customer]) -> float:
    """Seconds until everything said before the fault is answered."""
    began = time.monotonic()
    said = {one.name: len(one.sent) for one in customers}

    def behind() -> bool:
        return any(len(one.answers(running.database)) < said[one.name] for one in customers)

    await _quietly_until(lambda: not behind())
    return round(time.monotonic() - began, 1)


async def _quietly_until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; while the database is away nobody can tell."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if await asyncio.to_thread(holds):
                return
        except Exception as away:
            if "connect" not in str(away) and "terminat" not in str(away):
                raise
        await asyncio.sleep(0.3)
    raise AssertionError("customers were not served again")


def cases_twice(database: Database) -> int:
    """How many orders have two open cases about the same."""
    with database.read() as session:
        same = (
            select(func.count())
            .select_from(Case)
            .where(Case.state != "closed")
            .group_by(Case.order_id, Case.situation)
            .having(func.count() > 1)
        )
        return len(session.execute(same).all())


if __name__ == "__main__":
    sys.exit(main())
