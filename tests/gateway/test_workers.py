"""Several workers of the assistant: a conversation is always the same one's."""

import json
from collections import defaultdict

import httpx
import pytest

from gateway.delivery.assistant import Assistant, AssistantDownError
from gateway.settings import Settings

URLS = ("http://127.0.0.1:7000", "http://127.0.0.1:7001", "http://127.0.0.1:7002")


async def test_a_conversation_is_always_the_same_workers() -> None:
    heard: defaultdict[str, set[int]] = defaultdict(set)

    def worker(request: httpx.Request) -> httpx.Response:
        heard[json.loads(request.content)["conversation_id"]].add(request.url.port or 0)
        return httpx.Response(200, json={"messages": []})

    for _ in range(2):  # two gateways send it to the same one
        gateway = Assistant(Settings(rasa_urls=URLS), transport=httpx.MockTransport(worker))
        for number in range(60):
            await gateway.ask(f"c{number}", "1", "hello", again=False)
        await gateway.close()
    assert all(len(ports) == 1 for ports in heard.values())
    assert set.union(*heard.values()) == {7000, 7001, 7002}


async def test_the_assistant_is_ready_when_every_worker_is() -> None:
    up = {7000: 200, 7001: 200, 7002: 200}

    def worker(request: httpx.Request) -> httpx.Response:
        status = up[request.url.port or 0]
        if not status:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(status)

    gateway = Assistant(Settings(rasa_urls=URLS), transport=httpx.MockTransport(worker))
    assert await gateway.state() == "ready"
    up[7002] = 0
    assert await gateway.state() == "away"
    up[7001] = 503
    assert await gateway.state() == "broken"
    await gateway.close()


async def test_while_nobody_listens_at_its_worker_the_next_one_has_the_conversation() -> None:
    heard: list[int] = []
    away = {7000}

    def worker(request: httpx.Request) -> httpx.Response:
        if request.url.port in away:
            raise httpx.ConnectError("nobody there")
        heard.append(request.url.port or 0)
        return httpx.Response(200, json={"messages": []})

    gateway = Assistant(Settings(rasa_urls=URLS), transport=httpx.MockTransport(worker))
    for number in range(60):
        await gateway.ask(f"c{number}", "1", "hello", again=False)
    assert set(heard) == {7001, 7002}
    assert len(heard) == 60
    away.update({7001, 7002})
    with pytest.raises(AssistantDownError):
        await gateway.ask("c1", "1", "hello", again=False)
    await gateway.close()
