"""What the dispatcher does of one turn, on a database of its own and with an assistant of ours."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from casework.conversations.turns import Taken, Turn
from casework.conversations.web_sessions import start_session
from casework.operating.metrics import REGISTRY
from casework.storage.database import Database
from gateway.delivery import dispatch, posting
from gateway.delivery.assistant import Answer, AssistantDownError, Said
from gateway.delivery.dispatch import Dispatcher
from gateway.settings import Settings
from gateway.web.running import Gateway, WakeUps, now


class Shop:
    """A dispatcher with what it needs, and one turn that was taken for it."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'casework.db'}")
        self.database.migrate()
        with self.database.begin() as session:
            self.chat = start_session(session, now())[1]
        self.ask: Callable[..., Awaitable[Answer]]
        gateway: Any = SimpleNamespace(
            settings=Settings(slow_after=0),
            database=self.database,
            assistant=SimpleNamespace(ask=lambda *given, **more: self.ask(*given, **more)),
            wakeups=WakeUps(),
        )
        gateway.in_thread = Gateway.in_thread.__get__(gateway)
        self.dispatcher = Dispatcher(gateway)
        turn = posting.send_text(self.database, self.chat, "client-1", "hello").turn
        assert turn
        self.turn: Taken = turn


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.database.close()


async def test_a_turn_that_is_put_off_is_held_by_no_beat_under_way(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "BEAT_SECONDS", 0)
    keep_on, dispatcher = posting.keep_on, shop.dispatcher
    begun = asyncio.Event()
    beats = []

    def keep_on_late(database: Database, turns: Iterable[Taken]) -> None:
        anyio.from_thread.run_sync(begun.set)
        while shop.turn.message_id in dispatcher._held:
            anyio.from_thread.run(asyncio.sleep, 0)
        anyio.from_thread.run(asyncio.sleep, 0.05)  # long enough for it to be put off
        keep_on(database, turns)

    async def ask(*_: object, **__: object) -> Answer:
        beats.append(asyncio.create_task(dispatcher._beat()))
        await begun.wait()
        raise AssistantDownError("away")

    monkeypatch.setattr(posting, "keep_on", keep_on_late)
    shop.ask = ask
    assert await dispatcher._serve_one(shop.turn) is None
    await asyncio.gather(*beats)
    with shop.database.read() as session:
        held_until = session.get(Turn, shop.turn.message_id).held_until
    assert (held_until - now()).total_seconds() <= posting.RETRY_SECONDS


def counted() -> dict[str, float]:
    names = ("aop_answer_seconds_count", "aop_excuses_total")
    return {name: REGISTRY.get_sample_value(name) or 0 for name in names}


@pytest.mark.parametrize("late", [False, True])
async def test_what_is_not_said_is_not_counted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Neither the excuse nor the answer, where another gateway has answered meanwhile."""
    monkeypatch.setattr(dispatch, "GRACE_SECONDS", 0)
    tried, excuse = asyncio.Event(), posting.excuse

    def excuse_and_tell(database: Database, turn: Taken) -> None:
        excuse(database, turn)
        anyio.from_thread.run_sync(tried.set)

    async def ask(*_: object, **__: object) -> Answer:
        if late:
            posting.keep_answer(shop.database, shop.turn, [Said("Somebody else's.")])
        await tried.wait()
        return Answer((Said("Ours."),), 1.0)

    monkeypatch.setattr(posting, "excuse", excuse_and_tell)
    shop.ask, before = ask, counted()
    assert await shop.dispatcher._serve_one(shop.turn) is None
    more = {name: counted()[name] - before[name] for name in before}
    assert set(more.values()) == {0 if late else 1}, more
