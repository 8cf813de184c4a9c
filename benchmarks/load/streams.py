"""What customers cost who have the chat open and say nothing, and what they cost those who talk."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import show
from benchmarks.load.crowd import crowd
from benchmarks.load.customers import OnTheWebsite
from benchmarks.load.systems import Running, ours
from benchmarks.load.talks import talks

AT_ONCE = 20
SECONDS = 20.0


def measure(count: int) -> None:
    """Open so many streams, and print the gateway's share of a processor and its memory."""
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder)) as system:
        asyncio.run(_measure(system, count))


async def _measure(system: Running, count: int) -> None:
    await crowd(lambda: OnTheWebsite(system.address), talks(), 1, 5)  # warm up
    rows = [await _row(system, 0)]
    listening: list[OnTheWebsite] = []
    for _ in range(0, count, AT_ONCE):
        some = [OnTheWebsite(system.address) for _ in range(min(AT_ONCE, count - len(listening)))]
        await asyncio.gather(*(one.begin() for one in some))
        listening += some
    rows.append(await _row(system, count))
    await asyncio.gather(*(one.leave() for one in listening))
    show("streams", rows)


async def _row(system: Running, count: int) -> dict[str, Any]:
    before, started = system.processor()["gateway"], time.perf_counter()
    await asyncio.sleep(SECONDS)
    spent = system.processor()["gateway"] - before
    share = 100 * spent / (time.perf_counter() - started)
    heard = await crowd(lambda: OnTheWebsite(system.address), talks(), 1, SECONDS)
    kinds = system.processes()
    memory = [held["now"] for process, held in system.memory().items()]
    gateway = memory[list(kinds.values()).index("gateway")]
    return {
        "": f"{count} idle streams",
        "gateway CPU %": share,
        "gateway MB": gateway,
        "p50 ms of one who talks": heard.percentile(50),
        "p95 ms": heard.percentile(95),
    }
