"""What the gateway's parts share while it runs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Protocol, TypeVar, cast

import anyio
from jinja2 import Environment
from starlette.requests import HTTPConnection

from casework.conversations.turns import Taken
from casework.storage.database import Database
from gateway.delivery.assistant import Assistant
from gateway.settings import Settings
from gateway.web.assets import Assets
from gateway.web.limits import RateLimits

T = TypeVar("T")


def now() -> datetime:
    """This moment, in UTC: the one place where the gateway asks for the time."""
    return datetime.now(timezone.utc)


class Serve(Protocol):
    """Sees to a conversation's open turns; `taken`: one that was taken for this gateway."""

    def __call__(self, conversation_id: str, taken: Taken | None = None) -> None:
        """Begin with it, and return."""


def _nobody_serves(conversation_id: str, taken: Taken | None = None) -> None:
    raise RuntimeError("no dispatcher was employed")


class Ear:
    """What a stream listens with: set at news, and which news of the list it has seen so far."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.seen = 0


class WakeUps:
    """Tells the open streams of this process that there is news of what they show.

    What this process does wakes them at once; what others did comes by `gateway.delivery.news`.
    """

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[Ear]] = defaultdict(set)

    def wake(self, subject: str, number: int | None = None) -> None:
        """Wake whoever listens to the conversation or case, and has not seen news of that number.

        Without a number everybody is woken.
        """
        for ear in self._listening.get(subject, ()):
            if number is None or ear.seen < number:
                ear.news.set()

    def wake_all(self) -> None:
        """Wake everybody: nobody knows what there is news of."""
        for subject in list(self._listening):
            self.wake(subject)

    @contextmanager
    def listen(self, *subjects: str) -> Iterator[Ear]:
        """Give an ear that is woken at news of any of these; the listener clears its event."""
        ear = Ear()
        for subject in subjects:
            self._listening[subject].add(ear)
        try:
            yield ear
        finally:
            for subject in subjects:
                self._listening[subject].discard(ear)
                if not self._listening[subject]:
                    del self._listening[subject]


@dataclass
class Gateway:
    """The running gateway: settings, database, assistant, limits, and what is under way."""

    settings: Settings
    database: Database
    assistant: Assistant
    assets: Assets
    templates: Environment
    limits: RateLimits
    csrf_key: str
    wakeups: WakeUps = field(default_factory=WakeUps)
    drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    # Few at a time: hashing takes memory, and a guess counts before the next one is looked at.
    signing_in: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    # The app sets it to the dispatcher's.
    serve: Serve = _nobody_serves

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run blocking work (the database, a picture) beside the event loop."""
        return await anyio.to_thread.run_sync(work)


def gateway_of(connection: HTTPConnection) -> Gateway:
    """The gateway that serves this request."""
    return cast(Gateway, connection.app.state.gateway)


def address_of(connection: HTTPConnection) -> str:
    """The client's address, for limits (a proxy's word is taken only where uvicorn trusts it)."""
    return connection.client.host if connection.client else "unknown"
