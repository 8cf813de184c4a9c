"""So many customers at once, each having one whole conversation after the other."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.load.customers import Customer

Arrives = Callable[[], Customer]


@dataclass
class Heard:
    """The answers of a while: how long it was, and how long each was waited for, in seconds."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __add__(self, other: Heard) -> Heard:
        return Heard(self.seconds + other.seconds, self.waits + other.waits)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many percent were answered."""
        if len(self.waits) < 2:
            return (self.waits or [0.0])[0] * 1000
        return statistics.quantiles(self.waits, n=100, method="inclusive")[percent - 1] * 1000


async def crowd(arrives: Arrives, talks: Iterator[tuple[str, ...]], size: int, s: float) -> Heard:
    """Let `size` customers talk for `s` seconds; whoever is speaking then ends their sentence.

    Answers of the last sentences do not count into the rate: they came after the time.
    """
    heard = Heard()
    start = time.perf_counter()
    end = start + s

    async def talk_on() -> None:
        while time.perf_counter() < end:
            customer = arrives()
            try:
                await customer.begin()
                for text in next(talks):
                    asked = time.perf_counter()
                    if asked >= end:
                        break
                    await customer.say(text)
                    answered = time.perf_counter()
                    if answered <= end:
                        heard.waits.append(answered - asked)
            finally:
                await customer.leave()

    await asyncio.gather(*(talk_on() for _ in range(size)))
    heard.seconds = s
    return heard
