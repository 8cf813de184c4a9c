"""Several workers of the assistant: a conversation is always the same one's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientTimeout, web
from aiohttp.test_utils import TestServer

from gateway.delivery import assistant
from gateway.delivery.assistant import Assistant, AssistantDownError, AssistantFailedError
from gateway.settings import Settings


class Worker:
    """One worker on a port of its own: what it heard, and the status it answers with."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        self.body: object = {"messages": []}
        self.keeps_waiting = False
        app = web.Application()
        app.router.add_get("/webhooks/gateway/", self._health)
        app.router.add_post("/webhooks/gateway/webhook", self._hear)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({}, status=self.status)

    async def _hear(self, request: web.Request) -> web.Response:
        self.heard.append((await request.json())["conversation_id"])
        while self.keeps_waiting:
            await asyncio.sleep(0.01)
        return web.json_response(self.body, status=self.status)


@pytest_asyncio.fixture
async def workers() -> AsyncIterator[list[Worker]]:
    three = [Worker() for _ in range(3)]
    for one in three:
        await one.server.start_server()
    yield three
    for one in three:
        await one.server.close()


@pytest_asyncio.fixture
async def gateway(workers: list[Worker]) -> AsyncIterator[Assistant]:
    gateway = Assistant(Settings(rasa_urls=tuple(one.url for one in workers)))
    yield gateway
    await gateway.close()


async def ask_sixty(gateway: Assistant) -> None:
    for number in range(60):
        await gateway.ask(f"c{number}", "1", "hello", again=False)


async def test_a_conversation_is_always_the_same_workers(workers: list[Worker]) -> None:
    for _ in range(2):  # two gateways send it to the same one
        gateway = Assistant(Settings(rasa_urls=tuple(one.url for one in workers)))
        await ask_sixty(gateway)
        await gateway.close()
    assert all(one.heard for one in workers)
    everyone = Counter(one for worker in workers for one in set(worker.heard))
    assert len(everyone) == 60
    assert set(everyone.values()) == {1}


async def test_the_assistant_is_ready_when_every_worker_is(
    workers: list[Worker], gateway: Assistant
) -> None:
    assert await gateway.state() == "ready"
    await workers[2].server.close()
    assert await gateway.state() == "away"
    workers[1].status = 503
    assert await gateway.state() == "broken"
    workers[1].status = 401
    assert await gateway.state() == "refused"


async def test_while_nobody_listens_at_its_worker_the_next_one_has_the_conversation(
    workers: list[Worker], gateway: Assistant
) -> None:
    await workers[0].server.close()
    await ask_sixty(gateway)
    assert len(workers[1].heard) + len(workers[2].heard) == 60
    assert workers[1].heard
    assert workers[2].heard
    for one in workers[1:]:
        await one.server.close()
    with pytest.raises(AssistantDownError):
        await gateway.ask("c1", "1", "hello", again=False)


@pytest.mark.parametrize("status", [401, 503])
async def test_a_message_waits_where_a_worker_cannot_take_it(
    workers: list[Worker], gateway: Assistant, status: int
) -> None:
    for one in workers:
        one.status = status
    with pytest.raises(AssistantDownError):
        await gateway.ask("c1", "1", "hello", again=False)


async def test_a_worker_that_breaks_off_may_have_heard_it_and_the_next_one_does_not(
    workers: list[Worker], gateway: Assistant
) -> None:
    for one in workers:
        one.keeps_waiting = True
    asking = asyncio.ensure_future(gateway.ask("c1", "1", "hello", again=False))
    while not any(one.heard for one in workers):
        await asyncio.sleep(0.01)
    chosen = next(one for one in workers if one.heard)
    for connection in list(chosen.server.handler.connections):  # type: ignore[union-attr]
        connection.transport.close()  # type: ignore[union-attr]
    with pytest.raises(AssistantDownError):
        await asking
    assert sum(len(one.heard) for one in workers) == 1
    for one in workers:
        one.keeps_waiting = False


async def test_an_error_a_strange_answer_and_one_that_is_too_late_are_failures(
    workers: list[Worker], gateway: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in workers:
        one.status = 500
    with pytest.raises(AssistantFailedError):
        await gateway.ask("c1", "1", "hello", again=False)
    for one in workers:
        one.status, one.body = 200, ["not", "this"]
    with pytest.raises(AssistantFailedError):
        await gateway.ask("c1", "1", "hello", again=False)
    monkeypatch.setattr(assistant, "ANSWER_TIMEOUT", ClientTimeout(total=0.2))
    impatient = Assistant(Settings(rasa_urls=tuple(one.url for one in workers)))
    for one in workers:
        one.keeps_waiting = True
    with pytest.raises(AssistantFailedError):
        await impatient.ask("c1", "1", "hello", again=False)
    for one in workers:
        one.keeps_waiting = False
    await impatient.close()
