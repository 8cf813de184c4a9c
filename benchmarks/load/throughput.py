"""Messages a second and waits, at several crowds: website, Rasa alone, and the reference.

The systems run side by side and are asked in turn, round by round, so that what else the machine
does meanwhile meets all of them. The processor's time a message depends least on it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.figures import show
from benchmarks.load.crowd import Arrives, Heard, crowd
from benchmarks.load.customers import AtRasa, AtTheReference, OnTheWebsite
from benchmarks.load.systems import Running, ours, reference
from benchmarks.load.talks import reference_talks, talks
from gateway.delivery.assistant import Assistant

Talks = Callable[[], Iterator[tuple[str, ...]]]


def measure(crowds: list[int], seconds: float, rounds: int, workers: list[int]) -> None:
    """Measure the shapes with so many workers beside the reference, and print."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        running: dict[str, Running] = {}
        for count in workers:
            var = Path(folder) / str(count)
            var.mkdir()
            name = "website" if count == 1 else f"website, {count} workers"
            running[name] = stack.enter_context(ours(var, RASA_WORKERS=str(count)))
        running["rasa init"] = stack.enter_context(reference(Path(folder)))
        asyncio.run(_measure(running, crowds, seconds, rounds))
        show("memory", list(_memory(running)), "MB of memory after all this.")


async def _measure(
    running: dict[str, Running], crowds: list[int], seconds: float, rounds: int
) -> None:
    async with aiohttp.ClientSession(running["rasa init"].address) as client:
        asked: dict[str, tuple[Running, Arrives, Iterator[tuple[str, ...]]]] = {}
        assistants = []
        for name, one in running.items():
            if name == "rasa init":
                asked[name] = (one, lambda: AtTheReference(client), reference_talks())
                continue
            said = talks()
            assistants.append(Assistant(one.settings))
            asked[name] = (one, lambda at=one.address: OnTheWebsite(at), said)  # type: ignore[misc]
            asked[name.replace("website", "Rasa alone")] = (
                one,
                lambda to=assistants[-1]: AtRasa(to),  # type: ignore[misc]
                said,
            )
        for _, arrives, said in asked.values():  # warm up
            await crowd(arrives, said, 4, min(seconds, 5))
        for size in crowds:
            heard = {name: Heard() for name in asked}
            spent = {name: dict[str, float]() for name in asked}
            for _ in range(rounds):
                for name, (one, arrives, said) in asked.items():
                    before = one.processor()
                    heard[name] += await crowd(arrives, said, size, seconds)
                    for part, total in one.processor().items():
                        more = total - before.get(part, 0.0)
                        spent[name][part] = spent[name].get(part, 0.0) + more
            rows = [_row(size, name, heard[name], spent[name], heard) for name in asked]
            show(f"throughput-{size}", rows, "CPU: the processor's ms a message.")
        for assistant in assistants:
            await assistant.close()


def _row(
    size: int, name: str, one: Heard, spent: dict[str, float], heard: dict[str, Heard]
) -> dict[str, Any]:
    def a_message(part: str) -> float | None:
        return spent[part] * 1000 / len(one.waits) if spent.get(part) and one.waits else None

    return {
        "": f"{size:3} customers: {name}",
        "messages": len(one.waits),
        "a second": one.rate,
        "times rasa init": one.rate / heard["rasa init"].rate,
        "p50 ms": one.percentile(50),
        "p95 ms": one.percentile(95),
        "p99 ms": one.percentile(99),
        "gateway CPU": a_message("gateway"),
        "Rasa CPU": a_message("Rasa"),
        "actions CPU": a_message("actions"),
    }


def _memory(running: dict[str, Running]) -> Iterator[dict[str, Any]]:
    for name, one in running.items():
        kinds, memory = one.processes(), one.memory()
        for process, held in memory.items():
            yield {"": f"{name}: {kinds[process]}", **held}
        whole = {part: sum(held[part] for held in memory.values()) for part in ("now", "share")}
        yield {"": f"{name}: all", **whole, "most": None}
