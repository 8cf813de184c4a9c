"""Whether what stands on the database can serve: each part by name, and one word for how it is."""

import shutil
import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from casework import settings
from casework.errors import CaseworkError
from casework.people.duty import duty
from casework.storage.database import MIGRATIONS, Database
from policy_core import InputError, PolicyError, load_policy

OK = "ok"
# A customer may send several of the largest pictures at once.
ROOM_BYTES = 200 * 1024 * 1024
_UNREADABLE = (InputError, PolicyError, OSError)


def readiness(database: Database) -> dict[str, str]:
    """Return how database, migrations, policy and settings are.

    A word other than ``ok`` says what is wrong: database: away, or locked (it can be read, and not
    written to for seconds). migrations: missing, behind or ahead (of this code), or unknown.
    policy, settings: unreadable. No setting's value, address or version is in it.
    """
    revision = _revision(database)
    return {
        "database": "away" if revision is None else _writable(database),
        "migrations": "unknown" if revision is None else _migrations(revision),
        "policy": _policy(),
        "settings": _settings(),
    }


def room_for_uploads(folder: Path) -> str:
    """Return ``ok``, or whether the folder of customers' files is unwritable or (nearly) full."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"?")
    except OSError:
        return "unwritable"
    return OK if shutil.disk_usage(there).free >= ROOM_BYTES else "full"


def is_ready(parts: dict[str, str]) -> bool:
    """Whether every part is well."""
    return set(parts.values()) == {OK}


def _revision(database: Database) -> str | None:
    """The database's migration, empty before the first; None where it cannot be asked."""
    try:
        with database.read() as session:
            return MigrationContext.configure(session.connection()).get_current_revision() or ""
    except SQLAlchemyError:
        return None


def _writable(database: Database) -> str:
    try:
        with database.begin() as session:
            session.connection()  # on SQLite, this takes the one writer's lock
    except SQLAlchemyError:
        return "locked"
    return OK


def _migrations(revision: str) -> str:
    if not revision:
        return "missing"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    if revision not in known:
        return "ahead"
    return OK if revision == known[0] else "behind"


def _policy() -> str:
    try:
        load_policy(settings.policy_file())
    except _UNREADABLE:
        return "unreadable"
    return OK


def _settings() -> str:
    try:
        duty()
    except (CaseworkError, *_UNREADABLE):
        return "unreadable"
    return OK
