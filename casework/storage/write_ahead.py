"""SQLite's write-ahead log: switched on by whoever opens a file first."""

import random
import sqlite3
import time

PAUSE_SECONDS = 0.05


def write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """Let the file's readers not wait for its writer, from now on and for every process.

    Two that switch a new file at once get in each other's way, and SQLite tells one of them at
    once that the file is locked, however long it may wait otherwise: it asks again for `seconds`.

    Raises:
        sqlite3.OperationalError: the file stayed locked all that time.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(random.uniform(0, PAUSE_SECONDS))
