"""The command line's ``backup`` and ``restore``."""

import argparse
from pathlib import Path

from casework.backup.backup import back_up, restore
from casework.backup.places import places
from casework.shop import now


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the command line."""
    backup = commands.add_parser("backup", help="copy everything that is kept, while the shop runs")
    backup.add_argument("to", type=Path, metavar="FILE|DIR", help="a .tar.gz file, or a new folder")
    backup.set_defaults(run=_backup)
    again = commands.add_parser("restore", help="put a backup back; end everything that runs first")
    again.add_argument("source", type=Path, metavar="FILE|DIR")
    again.add_argument("--force", action="store_true", help="replace what is there")
    again.set_defaults(run=_restore)


def _backup(chosen: argparse.Namespace) -> int:
    files = back_up(places(), chosen.to, now())
    print(f"{len(files)} files, databases included, in {chosen.to}")
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    files = restore(places(), chosen.source, force=chosen.force)
    print(f"{len(files)} files, databases included, restored from {chosen.source}")
    return 0
