"""Customers who chat whatever happens: they send again what got no receipt, as the page does."""

from __future__ import annotations

import asyncio
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from sqlalchemy import func, select

from casework.conversations.conversation import Message, messages_after
from casework.conversations.turns import Turn
from casework.conversations.web_sessions import conversation_of
from casework.storage.database import Database
from gateway.web.running import now

# The key of the first message of an answer, and of the word that there will be none.
_ANSWER = re.compile(r"(?:a:(\d+):0|failed:(\d+))")
PAUSE = 0.3
PATIENCE = 120.0


@dataclass
class Customer:
    """One browser. ``addresses``: the gateways it may reach; another one after each failure."""

    addresses: Sequence[str]
    name: str
    client: httpx.AsyncClient = field(init=False)
    csrf: str = ""
    sent: list[str] = field(default_factory=list)
    posts: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.client = httpx.AsyncClient(timeout=20.0, trust_env=False)
        self._turn = random.randrange(len(self.addresses))

    @property
    def address(self) -> str:
        return self.addresses[self._turn % len(self.addresses)]

    async def arrive(self) -> None:
        """Open the chat, as often as it takes."""
        page = await self._until(lambda: self.client.get(f"{self.address}/chat"))
        found = re.search(r'data-csrf="([0-9a-f]+)"', page.text)
        assert found
        self.csrf = found[1]

    async def say(self, text: str, *, carelessly: bool = False) -> None:
        """Send a text until there is a receipt; ``carelessly``: several times, one cut off."""
        key = secrets.token_hex(16)
        self.sent.append(text)
        if carelessly:
            with suppress(httpx.HTTPError, asyncio.TimeoutError):
                await asyncio.wait_for(self._post(text, key), random.uniform(0.001, 0.05))
            await asyncio.gather(
                self._post(text, key), self._post(text, key), return_exceptions=True
            )
        await self._until(lambda: self._post(text, key))

    async def _post(self, text: str, key: str) -> httpx.Response:
        self.posts += 1
        return await self.client.post(
            f"{self.address}/chat/messages",
            data={"id": key, "text": text},
            headers={
                "X-CSRF-Token": self.csrf,
                "Origin": self.address,
                "Sec-Fetch-Site": "same-origin",
            },
        )

    async def _until(self, ask) -> httpx.Response:  # type: ignore[no-untyped-def]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(httpx.HTTPError):
                answer: httpx.Response = await ask()
                if answer.status_code < 300:
                    return answer
                assert answer.status_code >= 500 or answer.status_code == 429, answer.text
            self.refused += 1
            self._turn += 1
            await asyncio.sleep(PAUSE)
        raise AssertionError(f"{self.name} could not get through")

    def shown(self, database: Database) -> list[Message]:
        """What the customer reads, from the database."""
        with database.read() as session:
            conversation = conversation_of(session, self.client.cookies["chat"], now())
            assert conversation
            return messages_after(session, conversation, "customer")

    def answers(self, database: Database) -> list[str]:
        """The texts that were answered, in the order in which they were."""
        shown = self.shown(database)
        texts = {message.id: message.text for message in shown if message.author == "customer"}
        firsts = [_ANSWER.fullmatch(message.key or "") for message in shown]
        return [texts[int(first[1] or first[2])] for first in firsts if first]


@dataclass
class Losses:
    """What went wrong, counted over all customers; nothing should."""

    messages: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    given_up: int = 0
    excuses: int = 0

    @property
    def none(self) -> bool:
        return not any(
            (
                self.lost,
                self.doubled,
                self.out_of_order,
                self.unanswered,
                self.answered_twice,
                self.given_up,
            )
        )


def losses(customers: Sequence[Customer], database: Database) -> Losses:
    """Compare what the customers sent with what was kept and answered."""
    found = Losses()
    for one in customers:
        shown = one.shown(database)
        kept = [message.text for message in shown if message.author == "customer"]
        answers = one.answers(database)
        found.messages += len(one.sent)
        found.lost += len(Counter(one.sent) - Counter(kept))
        found.doubled += len(Counter(kept) - Counter(one.sent))
        found.unanswered += len(Counter(one.sent) - Counter(answers))
        found.answered_twice += len(Counter(answers) - Counter(one.sent))
        if not _in_order(kept, one.sent) or not _in_order(answers, one.sent):
            found.out_of_order += 1
        keys = [message.key or "" for message in shown]
        found.given_up += sum(key.startswith("failed:") for key in keys)
        found.excuses += sum(key.startswith("slow:") for key in keys)
    return found


def _in_order(some: list[str], order: list[str]) -> bool:
    places = [order.index(text) for text in some if text in order]
    return places == sorted(places)


def taken(database: Database) -> int:
    """How many turns some gateway has begun and none has ended."""
    with database.read() as session:
        begun = select(func.count()).select_from(Turn).where(Turn.tries > 0)
        return int(session.scalar(begun.where(Turn.closed_at.is_(None))) or 0)


async def until_answered(
    customers: Sequence[Customer], database: Database, seconds: float = PATIENCE
) -> None:
    """Wait until every text of every customer has its answer."""

    def missing() -> dict[str, list[str]]:
        answered = {one.name: len(one.answers(database)) for one in customers}
        return {
            one.name: one.sent[answered[one.name] :]
            for one in customers
            if answered[one.name] < len(one.sent)
        }

    await until(lambda: not missing(), seconds, lambda: f"not answered: {missing()}")


async def until(
    holds: Callable[[], bool],
    seconds: float = PATIENCE,
    say: Callable[[], str] = lambda: "that did not come about",
) -> None:
    """Wait until it holds; ``say`` what is wrong where it does not."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{say()} (in {seconds} s)")
        await asyncio.sleep(0.1)


async def arrivals(addresses: Sequence[str], many: int) -> list[Customer]:
    """So many customers with the chat open."""
    customers = [Customer(addresses, f"customer {number}") for number in range(many)]
    await asyncio.gather(*(one.arrive() for one in customers))
    return customers


async def chatting(
    customers: Sequence[Customer],
    turns: int,
    *,
    pause: float = 0.2,
    carelessly: bool = True,
    words: Sequence[str] = ("thing",),
    until: asyncio.Event | None = None,
) -> None:
    """Each says so many things, some of them carelessly, without waiting for the answers.

    ``until``: they go on beyond that for as long as it is not set.
    """

    async def chat(one: Customer) -> None:
        turn = 0
        while turn < turns or (until is not None and not until.is_set()):
            careless = carelessly and random.random() < 0.3
            said = f"{words[turn % len(words)]} ({turn}, {one.name})"
            await one.say(said, carelessly=careless)
            turn += 1
            await asyncio.sleep(random.uniform(0, 2 * pause))

    await asyncio.gather(*(chat(one) for one in customers))


async def leave(customers: Sequence[Customer]) -> None:
    """Close the browsers."""
    await asyncio.gather(*(one.client.aclose() for one in customers))
