"""A real gateway on a real port, with an assistant made up for tests, inside this process."""

import asyncio
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from sse_starlette.sse import AppStatus

from casework.orders.samples import load_samples
from casework.storage.database import Database
from gateway.app import create_app
from gateway.settings import Settings
from gateway.start.web_server import configuration
from gateway.web.running import Gateway, now
from tests.gateway.fake_assistant import FakeAssistant


class Server:
    """A uvicorn server in a thread of its own; the port stays the same when it is started again."""

    def __init__(self, app: Any, port: int) -> None:
        settings = Settings(port=port)
        config = configuration(app, settings)
        config.timeout_graceful_shutdown = 1
        self.server = uvicorn.Server(config)
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        if not self.started.wait(60):
            raise RuntimeError(f"the server on port {port} did not start")

    def _run(self) -> None:
        async def serve() -> None:
            task = asyncio.create_task(self.server.serve())
            while not self.server.started and not task.done():
                await asyncio.sleep(0.01)
            self.started.set()
            await task

        asyncio.run(serve())

    def stop(self) -> None:
        # Ends the open streams of every server here: no signal comes to a thread.
        AppStatus.should_exit = True
        self.server.should_exit = True
        self.thread.join(60)
        AppStatus.should_exit = False
        assert not self.thread.is_alive()


# Below those that outgoing connections get, so that none of these is there before the server.
_PORTS = range(20_000, 30_000)
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens at, nor will because of another call."""
    while True:
        port = secrets.choice(_PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@dataclass
class Site:
    """The running site: where it is, what answers it, and what it keeps."""

    settings: Settings
    database: Database
    fake: FakeAssistant
    server: Server

    @property
    def address(self) -> str:
        return self.settings.address

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.server.server.config.app.state.gateway  # type: ignore[union-attr]
        return gateway

    def restart(self) -> None:
        """Stop the gateway and start another one in its place, on the same data."""
        self.stop_gateway()
        self.start_gateway()

    def stop_gateway(self) -> None:
        self.server.stop()

    def start_gateway(self) -> None:
        self.server = Server(create_app(self.settings, self.database), self.settings.port)


@contextmanager
def running_site(var: Path, url: str | None = None, **settings: Any) -> Iterator[Site]:
    """Start a site with sample orders on a database of its own: under `var`, or at `url`."""
    token = "a-token-for-tests-only"
    fake, fake_port = FakeAssistant(token), free_port()
    base = Settings(
        port=free_port(),
        rasa_urls=(f"http://127.0.0.1:{fake_port}",),
        token=token,
        var=var,
        rate_limits=False,
        slow_after=1.0,
    )
    chosen = replace(base, **settings)
    var.mkdir(parents=True, exist_ok=True)
    database = Database(url or f"sqlite:///{var / 'test.db'}")
    database.migrate()
    with database.begin() as session:
        load_samples(session, now())
    fake_server = Server(fake.app, fake_port)
    server = Server(create_app(chosen, database), chosen.port)
    site = Site(chosen, database, fake, server)
    try:
        yield site
    finally:
        site.server.stop()
        fake_server.stop()
        database.close()
