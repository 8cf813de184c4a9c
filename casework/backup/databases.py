"""A copy of one database, and its return: SQLite's own online backup, PostgreSQL's own programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL

from casework.errors import CaseworkError

BUSY_SECONDS = 10


def file_of(url: URL) -> Path | None:
    """Return the SQLite file of the address; None for another database."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def copy(url: URL, to: Path) -> None:
    """Write a copy, as it stood at one moment, while others read and write.

    Raises:
        CaseworkError: the database's own program is not there, or could not do it.
    """
    file = file_of(url)
    if file is None:
        _postgresql("pg_dump", url, "--format=custom", "--no-owner", f"--file={to}")
        return
    with closing(_open(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)  # in one step: nothing can be written in between


def holds_something(url: URL) -> bool:
    """Return whether there is anything at the address that a restore would overwrite."""
    file = file_of(url)
    if file is not None:
        return file.exists()
    engine = create_engine(url, future=True)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def put_back(url: URL, copied: Path) -> None:
    """Put the copy in the database's place.

    Raises:
        CaseworkError: somebody still works with the database there; nothing was changed.
    """
    file = file_of(url)
    if file is None:
        _postgresql(
            "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--exit-on-error",
            "--single-transaction", str(copied),
        )  # fmt: skip
        return
    if file.exists():
        _leave_nobody_in(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.restored")
    shutil.copyfile(copied, draft)
    draft.chmod(0o600)
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    draft.replace(file)


def _leave_nobody_in(file: Path) -> None:
    """Take the file out of WAL mode, which SQLite does only where nobody else has it open."""
    try:
        with closing(sqlite3.connect(file, timeout=1)) as alone:
            alone.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise CaseworkError(f"{file.name} is in use: end everything that runs first") from None
    except sqlite3.DatabaseError:
        return  # it is no database (any more): that is why it is replaced


def _open(file: Path) -> sqlite3.Connection:
    if not file.is_file():
        raise CaseworkError(f"there is no database {file.name}")
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def _postgresql(program: str, url: URL, *arguments: str) -> None:
    # The password goes by the environment: other users read command lines.
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    address = url._replace(drivername="postgresql", password=None).render_as_string()
    try:
        done = subprocess.run(
            [program, f"--dbname={address}", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise CaseworkError(
            f"{program} is not there; install PostgreSQL's client programs"
        ) from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise CaseworkError(f"{program} could not do it: {last}")
