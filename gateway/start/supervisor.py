"""Keeps processes running: one that ends is brought back, after pauses that grow.

Honcho starts each command and reads what it says; that goes to a log file, and to the terminal only
what the operator should know.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from honcho.printer import Message
from honcho.process import Process

from casework.storage.private_files import make_private
from gateway.settings import PROJECT

PAUSES = (0.5, 1, 2, 4, 8, 15, 30)
# Who ran so long has recovered: the next pause is the first one again.
RECOVERED_AFTER = 60.0
KILL_AFTER = 8.0
_TICK = 0.1
# What our processes say comes at once, and is about us.
QUIET = {
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
_BY_HAND = {0, -signal.SIGTERM, 128 + signal.SIGTERM}


@dataclass
class Kept:
    """One process: its command, its log, how it runs now and how often it ended in a row."""

    name: str
    command: str
    environment: dict[str, str]
    log: IO[str]
    process: Process | None = None
    began: float = 0.0
    falls: int = 0
    again_at: float | None = None
    last: deque[str] = field(default_factory=lambda: deque(maxlen=15))

    @property
    def pid(self) -> int | None:
        """Its process group, while it runs."""
        child = self.process._child if self.process else None
        return child.pid if child and child.poll() is None else None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs, nor is just being started."""
        child = self.process._child if self.process else None
        return child is not None and child.poll() is not None

    def signal(self, number: int) -> None:
        """Send a signal to it and to whatever it started."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


class Supervisor:
    """Runs commands by name until a signal comes or one cannot even begin.

    ``settled``: set once everything is up. Before, one that ends with an error ends all; afterwards
    whatever ends is brought back. The pid of each stands in `NAME.pid` beside its log.
    """

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_private(folder)  # what the processes say, PostgreSQL's statements too
        self.settled = threading.Event()
        self._environment = environment
        self._folder = folder
        self._kept: dict[str, Kept] = {}
        self._events: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._status: int | None = None
        self._ending_since: float | None = None

    def start(self, name: str, command: str, **environment: str) -> None:
        """Start a command and keep it running."""
        log = (self._folder / f"{name}.log").open("w", encoding="utf-8", buffering=1)
        kept = Kept(name, command, {**self._environment, **environment}, log)
        self._kept[name] = kept
        self._begin(kept)

    def end(self, status: int) -> None:
        """End everything; `run` then returns the status."""
        if self._status is None:
            self._status = status

    def run(self) -> int:
        """Watch until the end; 0 after Ctrl-C or a TERM, else what `end` was told."""

        def stop(number: int, frame: object) -> None:
            if self._status is None:
                print("\nStopping …", flush=True)
            self.end(0)

        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            while self._status is None or not all(one.is_over for one in self._kept.values()):
                self._look()
            while not self._events.empty():
                self._take(self._events.get())
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for one in self._kept.values():
                one.log.close()
                (self._folder / f"{one.name}.pid").unlink(missing_ok=True)
        return self._status

    def _look(self) -> None:
        with suppress(queue.Empty):
            self._take(self._events.get(timeout=_TICK))
        if self._status is not None:
            self._end_all()
            return
        for one in list(self._kept.values()):
            if one.again_at is not None and time.monotonic() >= one.again_at:
                self._begin(one)

    def _begin(self, one: Kept) -> None:
        one.again_at, one.began = None, time.monotonic()
        one.process = Process(one.command, name=one.name, env=one.environment, cwd=str(PROJECT))
        threading.Thread(target=one.process.run, args=(self._events,), daemon=True).start()

    def _take(self, message: Message) -> None:
        one = self._kept[message.name]
        if message.type == "start":
            # Whole or not at all: others read it to kill the process, or to see it come back.
            fresh = self._folder / f"{one.name}.pid.new"
            fresh.write_text(str(message.data["pid"]))
            fresh.replace(self._folder / f"{one.name}.pid")
            if self._status is not None:  # the end was quicker than the start
                one.signal(signal.SIGTERM)
        elif message.type == "line":
            line = message.data.decode("utf-8", "replace")
            one.log.write(line)
            one.last.append(line.rstrip())
        elif message.type == "stop" and self._status is None:
            self._ended(one, int(message.data["returncode"]))

    def _ended(self, one: Kept, status: int) -> None:
        by_signal = status < 0 or status > 128
        if not (by_signal or self.settled.is_set()):
            self._say(f"{one.name} could not start (status {status}); ending all.", one)
            self.end(status or 1)
            return
        if time.monotonic() - one.began > RECOVERED_AFTER:
            one.falls = 0
        by_hand = status in _BY_HAND and one.falls == 0
        pause = 0 if by_hand else PAUSES[min(one.falls, len(PAUSES) - 1)]
        one.falls += 1
        one.again_at = time.monotonic() + pause
        if by_hand:
            print(f"\n{one.name} was stopped; it is started again.", file=sys.stderr, flush=True)
            return
        how = f"signal {abs(status) % 128}" if by_signal else f"status {status}"
        self._say(f"{one.name} ended ({how}); it is started again in {pause:g} s.", one)

    def _say(self, words: str, one: Kept) -> None:
        print(f"\n{words} Its last lines:", file=sys.stderr)
        print(*(f"  {line}" for line in one.last), sep="\n", file=sys.stderr)
        print(f"All of it: {self._folder / one.name}.log", file=sys.stderr, flush=True)

    def _end_all(self) -> None:
        first = self._ending_since is None
        if self._ending_since is None:
            self._ending_since = time.monotonic()
        late = time.monotonic() - self._ending_since > KILL_AFTER
        for one in self._kept.values():
            if first or late:
                one.signal(signal.SIGKILL if late else signal.SIGTERM)
