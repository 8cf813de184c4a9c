"""The database: opened by its URL, brought up to date, used one transaction at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

import casework.storage.schema  # noqa: F401  (every table: those that are read refer to others)
from casework import settings
from casework.errors import CaseworkError
from casework.storage.private_files import make_private
from casework.storage.write_ahead import write_ahead

BUSY_SECONDS = 5
# As many as a process has threads: opening an SQLite file anew costs more than what is asked of it.
POOL_SIZE = 40
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_MIGRATION_LOCK = 0xA0B


class Database:
    """The casework database.

    ``url`` is an SQLAlchemy URL; None means ``DATABASE_URL``, else SQLite under ``var/``.
    Objects stay readable after their transaction has ended.
    """

    def __init__(self, url: str | None = None) -> None:
        """Prepare the engine; nothing is opened yet. A URL that cannot be read is an error."""
        self.engine = _engine(url or settings.database_url())
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)
        self._reader = self.engine.execution_options(sqlite_begin="DEFERRED")
        self._writing = threading.Lock()

    def migrate(self) -> None:
        """Bring the tables up to date (Alembic, head); several may call at once.

        Raises:
            CaseworkError: the database has a migration that this code does not know.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                raise CaseworkError(
                    "the database was made by newer code than this: start that, or restore a backup"
                ) from None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a session in one transaction: committed at the end, rolled back on an error."""
        with self._in_turn(), self._sessions.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading only: it never waits for a writer, and keeps nothing."""
        with self._sessions(bind=self._reader) as session:
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let this process's writers wait in line, where the database takes one at a time.

        SQLite's own waiters look again at growing intervals, and of many some never come in time.
        Who has stood in line for long asks the database itself, which then says what is wrong.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        mine = self._writing.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._writing.release()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError:
        raise CaseworkError("DATABASE_URL is not a database URL") from None
    if address.get_backend_name() != "sqlite":
        return create_engine(address, future=True, pool_pre_ping=True)
    options: dict[str, Any] = {}
    if address.database and address.database != ":memory:":
        file = Path(address.database)
        _make_folder(file.parent)
        options = {
            "poolclass": QueuePool,
            "pool_size": POOL_SIZE,
            "connect_args": {"check_same_thread": False},
        }
    engine = create_engine(address, future=True, **options)
    if options:  # the journal beside it takes the file's mode
        event.listen(engine, "connect", lambda *_: make_private(file))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CaseworkError(f"the database's folder cannot be made: {error.strerror}") from None


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for savepoints
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    write_ahead(connection, BUSY_SECONDS)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes its lock at the start: a reader that turns writer later could not wait.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")
