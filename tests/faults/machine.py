"""Processes that can be killed: a gateway of its own, and whatever else a test needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.settings import PROJECT

START_SECONDS = 120


@dataclass
class Process:
    """One process: started, killed, started again, always with the same command and output."""

    command: Sequence[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    ready: str = ""
    popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until its address answers, where it has one."""
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self.ready:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the address answers with 200."""
        assert self.popen
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.popen.poll() is not None:
                break
            try:
                if httpx.get(self.ready, timeout=2, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"{self.command} did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    def kill(self) -> None:
        """End it as a crash would: no word, no tidying up."""
        self.signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.signal(signal.SIGTERM)

    def signal(self, number: int) -> None:
        if self.popen and self.popen.poll() is None:
            os.killpg(self.popen.pid, number)
            try:
                self.popen.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait(20)


def gateway_process(port: int, var: Path, database: str, rasa: str, **more: str) -> Process:
    """The website alone, as `python -m gateway serve` starts it."""
    return Process(
        [sys.executable, "-m", "gateway", "serve"],
        var / f"gateway-{port}.log",
        {
            "GATEWAY_PORT": str(port),
            "GATEWAY_VAR": str(var),
            "DATABASE_URL": database,
            "GATEWAY_RASA_URL": rasa,
            "GATEWAY_TOKEN": "a-token-for-tests-only",
            "GATEWAY_RATE_LIMITS": "off",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            **more,
        },
        f"http://127.0.0.1:{port}/health",
    )


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    """Start them one after the other; all are ended at the end."""
    try:
        for one in processes:
            one.start()
        yield
    finally:
        for one in reversed(processes):
            one.signal(signal.SIGKILL)
