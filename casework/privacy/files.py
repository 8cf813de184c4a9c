"""Pictures on disk: deleted after the rows that named them, also where an earlier run was cut off.

And what SQLite leaves in its file of rows that are deleted.
"""

import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.evidence.evidence import Evidence
from casework.evidence.uploads import Upload

# A picture is written before its row: a young file may belong to an upload under way.
UNDER_WAY_SECONDS = 3600


def remove_files(folder: Path, names: Iterable[str]) -> int:
    """Delete the files of these names; returns how many there were."""
    there = [folder / name for name in names if (folder / name).is_file()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)


def orphans(session: Session, folder: Path) -> list[str]:
    """Return the names of the folder's files that no row names, and that no upload is writing."""
    if not folder.is_dir():
        return []
    before = time.time() - UNDER_WAY_SECONDS
    files = {one.name for one in folder.iterdir() if one.is_file() and one.stat().st_mtime < before}
    for table in (Upload, Evidence):
        files -= set(session.scalars(select(table.file_name)))
    return sorted(files)


def compact(engine: Engine) -> bool:
    """Write an SQLite file anew without what was deleted; False where others hold it just now.

    Deleted rows otherwise stay readable in the file's free pages. Other databases do this alone.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        # The driver must not begin a transaction of its own.
        connection.connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not cursor.fetchone()[0]
    except (DBAPIError, engine.dialect.dbapi.OperationalError):
        return False
    finally:
        connection.close()
