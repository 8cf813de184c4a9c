"""A PostgreSQL and a Redis for the tests alone: started once, with nothing kept."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from casework.storage.database import Database
from deploy.engines import PostgreSQL, missing, redis_command
from tests.gateway.site import free_port

TEMPLATE = "migrated"
START_SECONDS = 30


# Far quicker than another copy: only what was filled is emptied, past the triggers that forbid it.
_EMPTY = """
DO $$ DECLARE filled text; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SELECT string_agg(quote_ident(relname), ', ') INTO filled FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0;
  IF filled IS NOT NULL THEN
    SET LOCAL session_replication_role = replica;
    EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY CASCADE';
  END IF;
END $$
"""


class Engines:
    """Databases to order, and the Redis beside them."""

    def __init__(self, postgresql: PostgreSQL, redis_url: str) -> None:
        self.postgresql = postgresql
        self.redis_url = redis_url

        self._emptied: list[str] = []

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a database without a row; without a table where it is not ``migrated``."""
        if migrated and self._emptied:
            name = self._emptied.pop()
        else:
            name = f"test_{secrets.token_hex(6)}"
            template = TEMPLATE if migrated else "template0"
            self.postgresql.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.postgresql.url_of(name)
        finally:
            if migrated:
                self.postgresql.execute(_EMPTY, name)
                self._emptied.append(name)
            else:
                self.postgresql.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_engines() -> Iterator[Engines]:
    """Start both; skips the test where one is not installed."""
    if lacking := missing():
        pytest.skip(lacking)
    # Not below the project: who runs PostgreSQL may not be allowed to read a home directory.
    folder = Path(tempfile.mkdtemp(prefix="aop-engines-"))
    folder.chmod(0o711)
    postgresql = PostgreSQL(folder / "postgresql", free_port(), secrets.token_hex(8), safe=False)
    redis_port = free_port()
    started: list[subprocess.Popen[bytes]] = []
    try:
        postgresql.prepare()
        started.append(_start(postgresql.command))
        started.append(_start(redis_command(folder / "redis", redis_port, keep=False)))
        _until(postgresql.is_up)
        _until(lambda: _answers(redis_port))
        postgresql.execute(f"CREATE DATABASE {TEMPLATE}")
        template = Database(postgresql.url_of(TEMPLATE))
        template.migrate()
        template.close()
        yield Engines(postgresql, f"redis://127.0.0.1:{redis_port}/0")
    finally:
        for one in started:
            one.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            one.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_plain()
    )


def _plain() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def _answers(port: int) -> bool:
    try:
        return bool(redis.Redis(port=port).ping())
    except redis.exceptions.RedisError:
        return False


def _until(up) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + START_SECONDS
    while not up():
        if time.monotonic() > end:
            raise RuntimeError("a database for the tests did not start")
        time.sleep(0.05)
