"""The command line's ``training-export``."""

import argparse
import sys
from pathlib import Path

from casework.storage.database import Database
from casework.training.export import learned


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    export = commands.add_parser(
        "training-export", help="labeled misunderstandings as a training file"
    )
    export.add_argument("--to", type=Path, metavar="FILE", help="write it there, not to the screen")
    export.set_defaults(run=_export)


def _export(chosen: argparse.Namespace) -> int:
    with Database().read() as session:
        found = learned(session)
    if chosen.to:
        chosen.to.write_text(found.content, encoding="utf-8")
    else:
        print(found.content, end="")
    for line in found.left_out:
        print(f"left out: {line}", file=sys.stderr)
    print(f"{found.sentences} sentences", file=sys.stderr)
    return 0
