"""The processes that are measured: ours as `make run` starts them, and the reference."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.talks import add_orders
from casework.orders.samples import load_samples
from casework.storage.database import Database
from gateway.settings import PROJECT, Settings
from gateway.web.running import now

START_SECONDS = 300
REFERENCE = PROJECT / "var" / "reference"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A system that is up: where it is, and its first process."""

    address: str
    process: subprocess.Popen[bytes]
    seconds_to_ready: float
    settings: Settings

    def processes(self) -> dict[int, str]:
        """The ids of its processes, each with what it is."""
        found = {self.process.pid: _what(self.process.pid)}
        for number in list(found):
            for child in _children(number):
                found[child] = _what(child)
        return {number: name for number, name in found.items() if name}

    def processor(self) -> dict[str, float]:
        """The processor's seconds each kind of process has taken so far."""
        spent: dict[str, float] = {}
        for number, name in self.processes().items():
            spent[name] = spent.get(name, 0.0) + _processor(number)
        return spent

    def memory(self) -> dict[int, dict[str, float]]:
        """MB each process holds: `now`, its fair share of it (`share`), and at `most` so far."""
        return {number: _memory(number) for number in self.processes()}


@contextmanager
def ours(var: Path, **environment: str) -> Iterator[Running]:
    """The whole system as `make run` starts it, on data of its own under `var`."""
    database = Database(f"sqlite:///{var / 'casework.db'}")
    database.migrate()
    with database.begin() as session:
        load_samples(session, now())
        add_orders(session, var)
    database.close()
    web, rasa, actions = free_port(), free_ports_in_a_row(4), free_port()
    workers = int(environment.get("RASA_WORKERS", os.environ.get("RASA_WORKERS", "1")))
    more = {
        "DATABASE_URL": f"sqlite:///{var / 'casework.db'}",
        "GATEWAY_VAR": str(var),
        "GATEWAY_PORT": str(web),
        "RASA_PORT": str(rasa),
        "ACTIONS_PORT": str(actions),
        "GATEWAY_RATE_LIMITS": "off",
        **environment,
    }
    address = f"http://127.0.0.1:{web}"
    command = [sys.executable, "-m", "gateway", "run"]
    with started(command, PROJECT, more, f"{address}/ready", var / "run.log") as up:
        settings = Settings(
            rasa_urls=tuple(f"http://127.0.0.1:{rasa + at}" for at in range(workers)),
            token=(var / "secrets" / "gateway-token").read_text().strip(),
        )
        yield Running(address, *up, settings)


@contextmanager
def reference(var: Path) -> Iterator[Running]:
    """The assistant that `rasa init` makes, with its REST channel; trained once."""
    if not list(REFERENCE.glob("models/*.tar.gz")):
        print("Training the assistant that 'rasa init' makes, once; this takes minutes …")
        REFERENCE.mkdir(parents=True, exist_ok=True)
        init = [sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", "."]
        with (var / "reference-training.log").open("w") as log:
            subprocess.run(init, cwd=REFERENCE, env=environment({}), stdout=log, stderr=log)
    port = free_port()
    command = f"-m rasa run --interface 127.0.0.1 --port {port} --credentials credentials.yml"
    address = f"http://127.0.0.1:{port}"
    with started(
        [sys.executable, *command.split()],
        REFERENCE,
        {},
        f"{address}/webhooks/rest/",
        var / "reference.log",
    ) as (process, seconds):
        yield Running(address, process, seconds, Settings())


@contextmanager
def started(
    command: list[str], folder: Path, more: dict[str, str], ready: str, log: Path
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A process that is up once `ready` answers with 200, and the seconds until then."""
    begun = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(more),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not _is_up(ready):
            late = time.perf_counter() - begun > START_SECONDS
            if late or process.poll() is not None:
                raise RuntimeError(f"did not start: {log.read_text('utf-8')[-2000:]}")
            time.sleep(0.05)
        yield process, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _is_up(ready: str) -> bool:
    try:
        with urllib.request.urlopen(ready, timeout=3):
            return True
    except OSError:  # nobody there yet, or there with a 503
        return False


def environment(more: dict[str, str]) -> dict[str, str]:
    """The environment of a measured process: quiet, with more settings."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return {**os.environ, **quiet, **more}


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports_in_a_row(count: int) -> int:
    """The first of so many free ports, below those that systems give to outgoing connections."""
    while True:
        first = 20_000 + secrets.randbelow(12_000)
        probes = [socket.socket() for _ in range(count)]
        try:
            for at, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + at))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()


def _what(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return ""
    line = " ".join(words)
    if words[0].endswith("sh"):
        return ""
    names = {"gateway serve": "gateway", "rasa run": "Rasa", "-m actions": "actions"}
    return next((name for sign, name in names.items() if sign in line), "starter")


def _children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def _processor(process: int) -> float:
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def _memory(process: int) -> dict[str, float]:
    status = Path(f"/proc/{process}/status").read_text()
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()

    def megabytes(text: str, name: str) -> float:
        found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0

    return {
        "now": megabytes(status, "VmRSS"),
        "share": megabytes(rollup, "Pss"),
        "most": megabytes(status, "VmHWM"),
    }
