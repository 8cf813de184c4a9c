"""What turn 5, 50 and 300 of one conversation cost, on the website."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.figures import show
from benchmarks.load.customers import OnTheWebsite
from benchmarks.load.systems import Running, ours
from benchmarks.load.talks import DAMAGED, FIRST, QUESTIONS

AROUND = 10


def measure(last: int) -> None:
    """Have one conversation of `last` turns, and print the medians around some of them."""
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder)) as system:
        asyncio.run(_measure(system, last))


async def _measure(system: Running, last: int) -> None:
    customer = OnTheWebsite(system.address)
    await customer.begin()
    opening = (
        text.format(order=FIRST, email="customer0@example.com", zip="") for text in DAMAGED[:-1]
    )
    waits: list[float] = []
    processor: list[float] = []
    for text in itertools.islice(itertools.chain(opening, itertools.cycle(QUESTIONS)), last):
        before, asked = system.processor()["Rasa"], time.perf_counter()
        await customer.say(text)
        waits.append((time.perf_counter() - asked) * 1000)
        processor.append((system.processor()["Rasa"] - before) * 1000)
    await customer.leave()
    rows = []
    for turn in sorted({5, 50, last}):
        around = slice(max(0, turn - AROUND), turn + AROUND)
        rows.append(
            {
                "": f"turn {turn}",
                "median ms": statistics.median(waits[around]),
                "mean Rasa CPU": statistics.mean(processor[around]),
            }
        )
    show("turns", rows, f"Each over {AROUND} turns before and after it.")
