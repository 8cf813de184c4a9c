"""Clients that behave badly: slow readers, storms of reconnections, messages sent many times."""

import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from casework.conversations.conversation import add_message
from gateway.app import create_app
from gateway.web.running import now
from tests.faults.conftest import Shop
from tests.faults.crowd import arrivals, chatting, leave, losses, until_answered
from tests.gateway.site import Server, Site, free_port
from tests.gateway.visitor import Visitor, shown

MANY = 150


def test_a_slow_reader_holds_nobody_up_and_misses_nothing(
    site: Site, visitor: Visitor, other: Visitor
) -> None:
    key = visitor.conversation(site.database)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
    ask = f"GET /chat/stream HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.settings.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(ask.encode())
        for number in range(MANY):  # nobody reads
            with site.database.begin() as session:
                note = {"audience": "customer", "author": "system", "now": now()}
                add_message(session, key, text=f"note {number} " + "." * 3000, **note)
        other.send("am I held up?")
        other.wait_for("You said: am I held up?")
        slow.settimeout(20)
        read = b""
        while f"note {MANY - 1} ".encode() not in read:
            read += slow.recv(65536)
    places = [read.find(f"note {number} ".encode()) for number in range(MANY)]
    assert all(place > 0 for place in places)
    assert places == sorted(places)


def test_a_storm_of_reconnections_shows_each_message_once_and_in_order(
    site: Site, visitor: Visitor
) -> None:
    key = visitor.conversation(site.database)
    writing = threading.Event()

    def write() -> None:
        for number in range(60):
            with site.database.begin() as session:
                note = {"audience": "customer", "author": "system", "now": now()}
                add_message(session, key, text=f"storm {number}", **note)
        writing.set()

    def read(_: int) -> list[str]:
        """A page that loses its stream after every event or two and comes back where it was."""
        last, seen = "0", []
        while len(seen) < 60:
            with visitor.stream(after=last) as events:
                for _ in range(1 + secrets.randbelow(3)):
                    event = next(events)
                    if event.name == "message":
                        last = event.id or last
                        seen += [text for _, text in shown(event.data) if "storm" in text]
        return seen

    with ThreadPoolExecutor(13) as pool:
        written = pool.submit(write)
        pages = [pool.submit(read, number) for number in range(12)]
        written.result()
        assert all(page.result() == [f"storm {number}" for number in range(60)] for page in pages)


@contextmanager
def another_gateway(site: Site) -> Iterator[str]:
    """A second gateway on the same data; its address."""
    settings = replace(site.settings, port=free_port())
    second = Server(create_app(settings, site.database), settings.port)
    try:
        yield settings.address
    finally:
        second.stop()


def test_one_message_delivered_many_times_to_two_gateways_is_one(
    site: Site, visitor: Visitor
) -> None:
    texts = [f"only one {number}." for number in range(20)]
    with another_gateway(site) as address:
        there = Visitor(address)
        there.client.cookies = visitor.client.cookies
        there.csrf = visitor.csrf
        with ThreadPoolExecutor(12) as pool:
            for text in texts:
                key = secrets.token_hex(16)
                answers = [pool.submit(one.send, text, key) for one in [visitor, there] * 6]
                assert {answer.result().status_code for answer in answers} == {204}
        visitor.wait_for(f"You said: {texts[-1]}")
        there.client.close()
    assert [heard["text"] for heard in site.fake.heard] == texts


async def test_careless_customers_lose_and_double_nothing(shop: Shop) -> None:
    customers = await arrivals([shop.address], 20)
    await chatting(customers, 10, pause=0.05)
    await until_answered(customers, shop.database)
    await leave(customers)
    found = losses(customers, shop.database)
    assert found.messages == 200
    assert sum(one.posts for one in customers) > 200
    assert found.none, found
    assert len(shop.fake.heard) == 200
