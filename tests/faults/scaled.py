"""`make scale` on ports and data of its own, its processes killed and restarted by name."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from casework.storage.database import Database
from deploy.topology import Topology
from gateway.settings import PROJECT
from gateway.web.secret_files import secret
from tests.faults.machine import Process, running

START_SECONDS = 240
# What customers ask: answered by rules, by actions and from the database.
WORDS = (
    "My chair arrived damaged",
    "10482 dana.kim@example.com",
    "how long do refunds take?",
    "who pays for return shipping?",
    "is there a restocking fee?",
    "where is my order?",
    "what can you do?",
    "what if it arrives broken?",
)


class Scaled:
    """The running set-up."""

    def __init__(self, shape: Topology, runner: Process) -> None:
        self.shape = shape
        self.runner = runner
        self.database = Database(shape.postgresql.url)

    def pid(self, name: str) -> int:
        return int((self.shape.folder / "log" / f"{name}.pid").read_text())

    def kill(self, name: str) -> None:
        """Kill -9: the process and whatever it started."""
        os.killpg(self.pid(name), signal.SIGKILL)

    def restart(self, tier: str, **more: str) -> None:
        """Restart a tier as an operator does."""
        environment = {**os.environ, **self.runner.environment, **more}
        command = [sys.executable, "-m", "deploy", "restart", tier]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)

    def until_back(self, name: str, before: int) -> None:
        """Wait until a killed process was started again."""
        end = time.monotonic() + 60
        while self.pid(name) == before:
            if time.monotonic() > end:
                raise AssertionError(f"{name} did not come back:\n{self.runner.log.read_text()}")
            time.sleep(0.1)


@contextmanager
def scaled(folder: Path, **more: str) -> Iterator[Scaled]:
    """Start everything below the folder; ended as Ctrl-C ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    base = _free_block()
    environment = {
        "SCALE_FOLDER": str(folder),
        "SCALE_PORT": str(base),
        "GATEWAY_RATE_LIMITS": "off",
        **more,
    }
    runner = Process([sys.executable, "-m", "deploy", "up"], folder / "run.log", environment)
    with running(runner):
        end = time.monotonic() + START_SECONDS
        while "Open http" not in runner.log.read_text():
            assert runner.popen
            if runner.popen.poll() is not None or time.monotonic() > end:
                raise RuntimeError(runner.log.read_text())
            time.sleep(0.2)
        shape = Topology(folder.resolve(), base, secret(folder, "database-password"))
        running_one = Scaled(shape, runner)
        try:
            yield running_one
        finally:
            running_one.database.close()
            runner.stop()


def _free_block() -> int:
    """The first of ten free ports in a row, below those that outgoing connections take."""
    while True:
        base = random.randrange(20000, 30000, 10)
        with ExitStack() as probes, suppress(OSError):
            for port in range(base, base + 10):
                probe = probes.enter_context(socket.socket())
                probe.bind(("127.0.0.1", port))
            return base
