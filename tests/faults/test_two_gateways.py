"""Two gateways on one PostgreSQL: one dies or freezes; the other goes on, nothing is doubled."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from casework.storage.database import Database
from tests.engines import Engines
from tests.faults.crowd import arrivals, chatting, leave, losses, taken, until, until_answered
from tests.faults.machine import Process, gateway_process, running
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.site import Server, free_port

CUSTOMERS = 10


@dataclass
class Pair:
    gateways: list[Process]
    addresses: list[str]
    database: Database
    fake: FakeAssistant


@pytest.fixture
def pair(tmp_path: Path, engines: Engines) -> Iterator[Pair]:
    fake, fake_port = FakeAssistant("a-token-for-tests-only"), free_port()
    ports = [free_port(), free_port()]
    server = Server(fake.app, fake_port)
    with engines.database() as url:
        rasa = f"http://127.0.0.1:{fake_port}"
        more = {"REDIS_URL": engines.redis_url}
        gateways = [gateway_process(port, tmp_path, url, rasa, **more) for port in ports]
        database = Database(url)
        with running(*gateways):
            yield Pair(gateways, [f"http://127.0.0.1:{port}" for port in ports], database, fake)
        fake.behave = "ok"
        database.close()
    server.stop()


async def test_what_a_dead_gateway_held_is_taken_over_by_the_living_one(pair: Pair) -> None:
    dying = await arrivals(pair.addresses[:1], CUSTOMERS)
    pair.fake.behave = "slow"
    await chatting(dying, 1)
    await until(lambda: taken(pair.database) == CUSTOMERS)
    await asyncio.to_thread(pair.gateways[0].kill)
    pair.fake.behave = "ok"
    await until_answered(dying, pair.database)  # nobody has restarted anything
    await leave(dying)
    found = losses(dying, pair.database)
    assert found.none, found


async def test_a_gateway_that_freezes_and_wakes_again_doubles_nothing(pair: Pair) -> None:
    customers = await arrivals(pair.addresses, CUSTOMERS)
    frozen = pair.gateways[0].popen
    assert frozen
    pair.fake.behave = "slow"
    await chatting(customers, 1)
    os.killpg(frozen.pid, signal.SIGSTOP)
    pair.fake.behave = "ok"
    try:
        await until_answered(customers, pair.database)
    finally:
        os.killpg(frozen.pid, signal.SIGCONT)
    await chatting(customers, 4)
    await until_answered(customers, pair.database)
    await leave(customers)
    found = losses(customers, pair.database)
    assert found.messages == CUSTOMERS * 5
    assert found.none, found
    assert len(pair.fake.heard) == CUSTOMERS * 5


async def test_gateways_die_in_turn_while_customers_go_to_the_other(pair: Pair) -> None:
    customers = await arrivals(pair.addresses, CUSTOMERS)
    over = asyncio.Event()
    chats = asyncio.create_task(chatting(customers, 8, pause=0.5, until=over))
    for one in [*pair.gateways, *pair.gateways]:
        await asyncio.sleep(1)
        await asyncio.to_thread(one.kill)
        await asyncio.to_thread(one.start)
    over.set()
    await chats
    await until_answered(customers, pair.database)
    await leave(customers)
    found = losses(customers, pair.database)
    assert found.messages >= CUSTOMERS * 8
    assert found.none, found
