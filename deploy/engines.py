"""PostgreSQL, Redis and nginx as Debian installs them, run from a folder of our own.

No system service is touched and no system configuration is read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

USER = "aop"
DATABASE = "aop"
# PostgreSQL refuses to run as root; Debian's package makes the first of these.
_UNPRIVILEGED = ("postgres", "nobody")
_ELSEWHERE = ("/usr/sbin", "/sbin", "/usr/local/sbin")


class EngineMissingError(RuntimeError):
    """A program is not installed; the message says which, and how to get it."""


def postgresql_folder() -> Path:
    """The folder of PostgreSQL's programs: the newest of Debian's, else that of `initdb`."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3])
    )
    found = debian[-1] if debian else shutil.which("initdb")
    if found is None:
        raise EngineMissingError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return Path(found).parent


def program(name: str, package: str) -> str:
    """The path of a program; EngineMissingError where it is not there."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_ELSEWHERE])
    found = shutil.which(name, path=path)
    if found is None:
        raise EngineMissingError(f"{name} is not installed (Debian: apt-get install {package})")
    return found


def unprivileged() -> str | None:
    """Whom PostgreSQL runs as; None: as whoever we are."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next((name for name in _UNPRIVILEGED if name in names), None)


@dataclass(frozen=True)
class PostgreSQL:
    """A cluster of our own: its folder, its port on loopback, and the database's password.

    ``safe``: whether what was committed outlives the machine; tests do without.
    """

    folder: Path
    port: int
    password: str
    safe: bool = True

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its first database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def command(self) -> list[str]:
        """What runs it in the foreground."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            **({} if self.safe else {"fsync": "off", "full_page_writes": "off"}),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        run = [str(postgresql_folder() / "postgres"), "-D", str(self.folder), *options]
        user = unprivileged()
        if user is None:
            return run
        # It ends with whoever started it, however that one ends.
        return ["setpriv", f"--reuid={user}", "--clear-groups", "--pdeathsig=INT", *run]

    def prepare(self) -> None:
        """Make the cluster, unless it is there."""
        if (self.folder / "PG_VERSION").is_file():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        user = unprivileged()
        if user:
            shutil.chown(self.folder, user)
        secret = self.folder.parent / f".{self.folder.name}.password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        try:
            if user:
                shutil.chown(secret, user)
            done = subprocess.run(
                [
                    str(postgresql_folder() / "initdb"), "-D", str(self.folder), "-U", USER,
                    f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8",
                    "--locale=C.UTF-8", *([] if self.safe else ["--no-sync"]),
                ],
                user=user, capture_output=True, text=True, check=False, cwd="/",
            )  # fmt: skip
        finally:
            secret.unlink()
        if done.returncode:
            raise RuntimeError(f"initdb: {done.stderr.strip()[-500:]}")

    def is_up(self) -> bool:
        """Whether it takes connections."""
        ask = [str(postgresql_folder() / "pg_isready"), "-q", "-h", "127.0.0.1"]
        return subprocess.run([*ask, "-p", str(self.port)], check=False).returncode == 0

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Execute one statement outside of any transaction."""
        import psycopg2

        connection = psycopg2.connect(self.url_of(database))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def redis_command(folder: Path, port: int, *, keep: bool) -> list[str]:
    """What runs Redis in the foreground on loopback; ``keep``: what it holds outlives it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        program("redis-server", "redis-server"),
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""),
        *("--appendonly", "yes" if keep else "no", "--daemonize", "no"),
    ]


def missing(programs: Sequence[str] = ("postgresql", "redis")) -> str:
    """What is not installed of these, in a sentence; empty where all is there."""
    ask: dict[str, Callable[[], object]] = {
        "postgresql": postgresql_folder,
        "redis": lambda: program("redis-server", "redis-server"),
        "nginx": lambda: program("nginx", "nginx-light"),
    }
    words = []
    for name in programs:
        try:
            ask[name]()
        except EngineMissingError as error:
            words.append(str(error))
    return "; ".join(words)
