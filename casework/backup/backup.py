"""A backup: a folder with a copy of each database, of files and secrets, and a list of it all."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.backup import databases
from casework.backup.places import Places
from casework.errors import CaseworkError

LIST = "backup.json"
FORMAT = 1
_PACKED = (".tar.gz", ".tgz")


def back_up(places: Places, to: Path, now: datetime) -> list[str]:
    """Write a backup to a folder, or to one file (.tar.gz); returns what is in it.

    Databases come before files: a file is written before the row that names it, so that each row
    of the backup has its file (but one whose customer was erased in that moment).

    Raises:
        CaseworkError: there is something at that place already, or a database cannot be copied.
    """
    if to.exists():
        raise CaseworkError(f"{to} is there already")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".backup-") as made:
        draft = Path(made) / "backup"
        draft.mkdir(mode=0o700)
        kinds = _copy_databases(places, draft)
        for name, folder in places.folders.items():
            _copy_folder(folder, draft / name)
        files = {str(one.relative_to(draft)): _digest(one) for one in _files(draft)}
        about = {"format": FORMAT, "made_at": now.isoformat(), "databases": kinds, "files": files}
        (draft / LIST).write_text(json.dumps(about, indent=1), "utf-8")
        _move(draft, to)
    return sorted(files)


def restore(places: Places, source: Path, *, force: bool) -> list[str]:
    """Put a backup back; returns what was restored.

    Everything is checked before anything is touched: the backup is whole, nothing is overwritten
    unless ``force``, and nobody is at work on what is.

    Raises:
        CaseworkError: what was found instead, in one line.
    """
    with _unpacked(source, places.folders["uploads"].parent) as folder:
        about = _checked(folder, places)
        if not force and (there := _taken(places)):
            raise CaseworkError(f"there is data already ({', '.join(there)}): --force replaces it")
        for name, url in places.databases.items():
            if name in about["databases"]:
                databases.put_back(url, folder / name)
        for name, place in places.folders.items():
            _replace_folder(folder / name, place)
    return sorted(about["files"])


def _copy_databases(places: Places, draft: Path) -> dict[str, str]:
    kinds = {}
    for name, url in places.databases.items():
        if databases.holds_something(url):
            databases.copy(url, draft / name)
            (draft / name).chmod(0o600)
            kinds[name] = url.get_backend_name()
    if "casework" not in kinds:
        raise CaseworkError("there is no database of orders and cases to back up")
    return kinds


def _checked(folder: Path, places: Places) -> Any:
    try:
        about = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError):
        raise CaseworkError(f"this is no backup: {LIST} cannot be read") from None
    if about.get("format") != FORMAT:
        raise CaseworkError("this backup was made by another version")
    found = {str(one.relative_to(folder)): one for one in _files(folder) if one.name != LIST}
    for name, digest in about["files"].items():
        if name not in found or _digest(found[name]) != digest:
            raise CaseworkError(f"the backup is damaged: {name} is missing or was changed")
    for name, kind in about["databases"].items():
        if places.databases[name].get_backend_name() != kind:
            raise CaseworkError(f"the backup's {name} database is {kind}, this one is not")
    return about


def _taken(places: Places) -> list[str]:
    taken = [name for name, url in places.databases.items() if databases.holds_something(url)]
    uploads = places.folders["uploads"]
    return taken + (["uploads"] if uploads.is_dir() and any(uploads.iterdir()) else [])


def _files(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.rglob("*")) if one.is_file())


def _digest(file: Path) -> str:
    made = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            made.update(piece)
    return made.hexdigest()


def _copy_folder(folder: Path, to: Path) -> None:
    to.mkdir(mode=0o700)
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if one.is_file() and not one.name.startswith("."):
            try:
                shutil.copy2(one, to / one.name)
            except FileNotFoundError:
                continue  # taken back or erased in this moment


def _replace_folder(folder: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    for one in _files(folder) if folder.is_dir() else ():
        shutil.copy2(one, place / one.name)
        (place / one.name).chmod(0o600)


def _move(draft: Path, to: Path) -> None:
    if not to.name.endswith(_PACKED):
        draft.rename(to)
        return
    packed = draft.parent / to.name
    # Mode 0600 from the first byte on: it holds customers' data and secrets.
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w|gz") as archive:
        archive.add(draft, arcname=".")
    packed.rename(to)


@contextmanager
def _unpacked(source: Path, room: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room, prefix=".restore-") as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        except (OSError, tarfile.TarError):
            raise CaseworkError(f"{source} is no backup") from None
        yield Path(folder)
