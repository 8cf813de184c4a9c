"""How long a customer waits for a reply, and whose share is what: `python -m benchmarks.chat`.

Starts the gateway, the assistant and its actions on data of their own, with a clock between the
gateway and Rasa and another between Rasa and the actions, and talks as a browser does: POST, then
the stream. A reply's time runs from the POST to the first message of the answer. The two clocks
add about a millisecond each, which counts as the gateway's and Rasa's own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework.orders.samples import load_samples
from casework.storage.database import Database
from gateway.settings import PROJECT
from gateway.web.assets import Assets
from gateway.web.running import now

TALK = (
    "Hi there",
    "my new chair arrived with a broken leg",
    "10482",
    "dana.kim@example.com",
    "how long do refunds take?",
    "I'll send the photos later",
    "no, wait",
    "where is my order 10483?",
    "omar.haddad@example.com",
    "never mind, thanks",
)
ACTIONS_TOKEN = "a-token-for-measuring-only"
EVERYDAY = "how long do refunds take?"


@dataclass
class Clock:
    """Passes requests on to `target` and keeps the seconds each took there."""

    target: str
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))
    seconds: float = 0.0

    def app(self) -> Starlette:
        """The clock as a web application."""
        return Starlette(routes=[Route("/{path:path}", self.pass_on, methods=["GET", "POST"])])

    async def pass_on(self, request: Request) -> Response:
        """Pass one request on."""
        headers = {k: v for k, v in request.headers.items() if k not in {"host", "content-length"}}
        started = time.perf_counter()
        answer = await self.client.request(
            request.method,
            self.target + request.url.path,
            content=await request.body(),
            headers=headers,
        )
        self.seconds += time.perf_counter() - started
        kind = answer.headers.get("content-type", "application/json")
        return Response(answer.content, answer.status_code, media_type=kind)

    def take(self) -> float:
        """The seconds since the last taking."""
        taken, self.seconds = self.seconds, 0.0
        return taken


@dataclass
class Customer:
    """A browser's session: sends, and waits for the first message of the answer."""

    client: httpx.AsyncClient
    csrf: str = ""
    events: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def begin(self) -> None:
        """Open the chat."""
        page = (await self.client.get("/chat")).text
        found = re.search(r'data-csrf="([0-9a-f]+)"', page)
        assert found, page[:300]
        self.csrf = found[1]

    async def listen(self) -> None:
        """Read the stream for ever."""
        async with self.client.stream("GET", "/chat/stream", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith('data: <li class="message'):
                    await self.events.put(line)

    async def ask(self, text: str) -> float:
        """Send a text; the seconds until the answer is here."""
        started = time.perf_counter()
        sent = await self.client.post(
            "/chat/messages",
            data={"id": secrets.token_hex(16), "text": text},
            headers={"X-CSRF-Token": self.csrf},
        )
        sent.raise_for_status()
        said = ""
        while "message assistant" not in said:
            said = await asyncio.wait_for(self.events.get(), 60)
            if "message system" in said:
                raise RuntimeError(f"no answer to {text!r}: {said}")
        spent = time.perf_counter() - started
        await asyncio.sleep(0.05)  # the rest of the answer, and the turn's end
        while not self.events.empty():
            self.events.get_nowait()
        return spent


@asynccontextmanager
async def customer(address: str) -> AsyncIterator[Customer]:
    """A new session with its stream open."""
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        one = Customer(client)
        await one.begin()
        listening = asyncio.create_task(one.listen())
        await one.events.get()  # the greeting
        yield one
        listening.cancel()


@asynccontextmanager
async def serving(clock: Clock, port: int) -> AsyncIterator[None]:
    """Let a clock run on a port."""
    server = uvicorn.Server(uvicorn.Config(clock.app(), port=port, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve())
    yield
    server.should_exit = True
    await task


@contextmanager
def processes(var: Path, ports: dict[str, int]) -> Iterator[dict[str, int]]:
    """The gateway, the assistant and its actions, each behind its clock; gives their ids."""
    endpoints = {
        "action_endpoint": {
            "url": f"http://127.0.0.1:{ports['actions clock']}/webhook",
            "enable_selective_domain": True,
            "headers": {"Authorization": f"Bearer {ACTIONS_TOKEN}"},
        },
        "tracker_store": {
            "type": "gateway.inside_rasa.tracker_store.ConversationStore",
            "dialect": "sqlite",
            "db": str(var / "tracker.db"),
        },
    }
    (var / "endpoints.yml").write_text(yaml.safe_dump(endpoints), "utf-8")
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{var / 'casework.db'}",
        "GATEWAY_TOKEN": "a-token-for-measuring-only",
        "GATEWAY_VAR": str(var),
        "GATEWAY_PORT": str(ports["gateway"]),
        "GATEWAY_RASA_URL": f"http://127.0.0.1:{ports['rasa clock']}",
        "GATEWAY_RATE_LIMITS": "off",
        "ACTIONS_TOKEN": ACTIONS_TOKEN,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    rasa = (
        f"-m rasa run --model {os.environ.get('RASA_MODEL', 'models')} --interface 127.0.0.1 "
        f"--port {ports['rasa']} --endpoints {var / 'endpoints.yml'}"
    )
    commands = {
        "gateway": "-m gateway serve",
        "actions": f"-m actions --port {ports['actions']}",
        "Rasa": rasa,
    }
    started = {
        name: subprocess.Popen(
            [sys.executable, *command.split()],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, command in commands.items()
    }
    try:
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.send_signal(signal.SIGINT)
        for process in started.values():
            process.wait(20)


def most_memory(process: int) -> str:
    """The most memory a process has held so far, in MB; Linux tells it."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return f"{int(found[1]) / 1024:.0f} MB" if found else "not known here"


async def until_ready(address: str) -> None:
    """Wait until the web says that the assistant is there."""
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(600):
            try:
                if (await client.get("/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)
    raise RuntimeError("the assistant did not come up; was it trained?")


async def measure(messages: int, long_turns: int) -> None:
    """Measure and print."""
    names = ("gateway", "rasa", "actions", "rasa clock", "actions clock")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    rasa = Clock(f"http://127.0.0.1:{ports['rasa']}")
    actions = Clock(f"http://127.0.0.1:{ports['actions']}")
    address = f"http://127.0.0.1:{ports['gateway']}"
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        async with serving(rasa, ports["rasa clock"]), serving(actions, ports["actions clock"]):
            with processes(Path(folder), ports) as running:
                await until_ready(address)
                async with customer(address) as warm:
                    for text in TALK:
                        await warm.ask(text)
                rows: list[tuple[float, float, float]] = []
                while len(rows) < messages:
                    async with customer(address) as one:
                        for text in TALK[: messages - len(rows)]:
                            rasa.take(), actions.take()
                            total = await one.ask(text)
                            rows.append((total, rasa.take(), actions.take()))
                async with customer(address) as patient:
                    turns = [await patient.ask(EVERYDAY) for _ in range(long_turns)]
                memory = {name: most_memory(process) for name, process in running.items()}
    report(rows, turns)
    print("Most memory: " + ", ".join(f"{name} {most}" for name, most in memory.items()))


def prepare(var: Path) -> None:
    """A database with the sample orders."""
    database = Database(f"sqlite:///{var / 'casework.db'}")
    database.migrate()
    with database.begin() as session:
        load_samples(session, now())
    database.close()


def report(rows: list[tuple[float, float, float]], turns: list[float]) -> None:
    """Print the figures: milliseconds, and shares of the mean."""
    total, inside, acting = ([row[part] * 1000 for row in rows] for part in range(3))
    own = [i - a for i, a in zip(inside, acting, strict=True)]
    web = [t - i for t, i in zip(total, inside, strict=True)]
    print(f"{len(rows)} messages, one after the other        median     p95   share of the mean")
    parts = (("whole reply", total), ("  gateway", web), ("  Rasa", own), ("  actions", acting))
    for name, values in parts:
        p95 = statistics.quantiles(values, n=20)[-1]
        share = statistics.mean(values) / statistics.mean(total)
        print(f"  {name:38}{statistics.median(values):7.1f} {p95:7.1f} ms {share:10.0%}")
    if len(turns) >= 60:
        early, late = (statistics.median(part) * 1000 for part in (turns[4:24], turns[-20:]))
        print(f"One conversation: turns 5 to 24 {early:.1f} ms, the last 20 {late:.1f} ms")
    files = Assets().files
    weights = {name: len(asset.zipped) / 1000 for name, asset in files.items()}
    ours, theirs = (sum(weights[name] for name in names) for names in (OF_THE_CHAT, FROM_NPM))
    print(f"The chat page loads {ours + theirs:.1f} kB of JS and CSS (gzip), {ours:.1f} kB ours")
    print(f"A shop's page loads {weights['embed.js']:.1f} kB for the launcher")


OF_THE_CHAT = ("base.css", "chat.css", "chat.js", "event_stream.js", "outbox.js", "uploads.js")
FROM_NPM = ("htmx.js", "sse.js")


def free_ports(count: int) -> list[int]:
    """So many free ports."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=__doc__)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--long", type=int, default=300, help="turns of one long conversation")
    chosen = parser.parse_args()
    asyncio.run(measure(chosen.messages, chosen.long))
    return 0


if __name__ == "__main__":
    sys.exit(main())
