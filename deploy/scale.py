"""Runs the scaled-out set-up on this machine, and restarts its tiers process by process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg2
import redis

from deploy.engines import DATABASE, EngineMissingError, missing, unprivileged
from deploy.topology import TRACKER, Topology
from gateway.settings import PROJECT, SettingsError, port_setting
from gateway.start.own_folder import let_pass
from gateway.start.supervisor import Supervisor
from gateway.web.secret_files import secret

TIERS = ("postgresql", "redis", "actions", "rasa", "gateway", "proxy")
START_SECONDS = 240
_LOOK = 0.2


def topology() -> Topology:
    """The topology that `SCALE_PORT` (8080) and `SCALE_FOLDER` (`var/scale`) set."""
    var = (PROJECT / "var").resolve()
    folder = Path(os.environ.get("SCALE_FOLDER", str(var / "scale"))).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    if var in folder.parents and unprivileged():  # PostgreSQL and the proxy's workers are others
        let_pass(var)
    return Topology(
        folder, port_setting(os.environ, "SCALE_PORT", 8080), secret(folder, "database-password")
    )


def up() -> int:
    """Start everything and keep it running until Ctrl-C or a TERM; returns the exit status."""
    if lacking := missing(("postgresql", "redis", "nginx")):
        raise EngineMissingError(lacking)
    shape = topology()
    if _takes(shape.base):
        raise SettingsError(f"Port {shape.base} is taken; choose another block with SCALE_PORT=…")
    token = secret(shape.folder, "gateway-token")
    environment = {**os.environ, **shape.environment(), "GATEWAY_TOKEN": token}
    supervisor = Supervisor(environment, shape.folder / "log")

    def begin() -> None:
        try:
            _begin(shape, supervisor, environment)
        except Exception as failure:
            print(f"It could not start: {failure}", file=sys.stderr, flush=True)
            supervisor.end(1)

    print("Starting PostgreSQL, Redis, two of each tier and the proxy …", flush=True)
    threading.Thread(target=begin, daemon=True).start()
    return supervisor.run()


def _begin(shape: Topology, supervisor: Supervisor, environment: dict[str, str]) -> None:
    shape.postgresql.prepare()
    for name in ("postgresql", "redis"):
        supervisor.start(name, shape.command(name))
    _until(shape.postgresql.is_up, "PostgreSQL")
    _until(lambda: _pings(shape.redis_port), "Redis")
    for database in (DATABASE, TRACKER):
        with suppress(psycopg2.errors.DuplicateDatabase):
            shape.postgresql.execute(f"CREATE DATABASE {database}")
    for command in ("migrate", "sample-orders"):  # once, before anybody serves
        subprocess.run(
            [sys.executable, "-m", "casework", command],
            cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    names = [name for tier in TIERS[2:] for name in shape.names(tier)]
    for name in names:
        supervisor.start(name, shape.command(name), **shape.environment(name))
    for name in names:
        _until(lambda name=name: _serves(shape.health(name)), name)  # type: ignore[misc]
    supervisor.settled.set()
    print(f"\n  Open {shape.address}\n\n  Ctrl-C ends everything.", flush=True)


def restart(tier: str) -> int:
    """Restart a tier's processes one after the other, each once the one before serves again."""
    shape = topology()
    for name in shape.names(tier):
        file = shape.folder / "log" / f"{name}.pid"
        if not file.is_file():
            raise SettingsError(f"{name} does not run: start it with 'make scale'")
        before = file.read_text()
        # PostgreSQL would wait for its clients to leave after a TERM.
        number = signal.SIGINT if tier == "postgresql" else signal.SIGTERM
        os.killpg(int(before), number)
        _until(lambda: file.is_file() and file.read_text() != before, name)  # noqa: B023
        if tier == "postgresql":
            _until(shape.postgresql.is_up, name)
        elif tier == "redis":
            _until(lambda: _pings(shape.redis_port), name)
        else:
            _until(lambda: _serves(shape.health(name)), name)  # noqa: B023
        print(f"{name} serves again", flush=True)
    return 0


def _until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come up in {START_SECONDS} s")
        time.sleep(_LOOK)


def _serves(address: str | None) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(address or "", timeout=3, trust_env=False).status_code == 200
    return False


def _pings(port: int) -> bool:
    with suppress(redis.exceptions.RedisError):
        return bool(redis.Redis(port=port).ping())
    return False


def _takes(port: int) -> bool:
    return _serves(f"http://127.0.0.1:{port}/health")
