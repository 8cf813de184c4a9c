"""A shop whose processes can be killed, with an assistant made up for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from casework.storage.database import Database
from tests.faults.machine import Process, gateway_process, running
from tests.gateway.conftest import other, shared_site, site, visitor
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.site import Server, free_port

__all__ = ["other", "shared_site", "site", "visitor"]  # the running site, for tests in one process


@dataclass
class Shop:
    """One gateway process on SQLite, and the made-up assistant in this process."""

    gateway: Process
    address: str
    database: Database
    fake: FakeAssistant


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    fake, fake_port, port = FakeAssistant("a-token-for-tests-only"), free_port(), free_port()
    url = f"sqlite:///{tmp_path / 'casework.db'}"
    server = Server(fake.app, fake_port)
    gateway = gateway_process(port, tmp_path, url, f"http://127.0.0.1:{fake_port}")
    database = Database(url)
    try:
        with running(gateway):
            yield Shop(gateway, f"http://127.0.0.1:{port}", database, fake)
    finally:
        fake.behave = "ok"
        server.stop()
        database.close()
