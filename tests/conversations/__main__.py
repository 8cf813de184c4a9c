"""`python -m tests.conversations check FILE…` and `python -m tests.conversations play FILE…`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conversations.reader import BadFileError, read
from tests.conversations.schema import Conversation
from tests.conversations.transcript import MismatchError

RULE = "-" * 96


def main(arguments: list[str] | None = None) -> int:
    """Check or play conversation files; 0 where all is well, 1 where something is not."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conversations", description="Check or play conversation files."
    )
    parser.add_argument("command", choices=["check", "play"])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--only", default="", help="only the cases whose name holds this text")
    asked = parser.parse_args(arguments)
    conversations, bad = _read_all(asked.files, asked.only)
    if asked.command == "check":
        print(f"{len(conversations)} conversations can be played, {bad} files cannot.")
        return min(bad, 1)
    failed = _play_all(conversations)
    print(f"{len(conversations) - failed} went as written, {failed} did not.")
    return min(bad + failed, 1)


def _read_all(files: list[Path], only: str) -> tuple[list[Conversation], int]:
    conversations: list[Conversation] = []
    bad = 0
    for path in files:
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            try:
                conversations += [one for one in read(file) if only in one.name]
            except BadFileError as error:
                print(error, file=sys.stderr)
                bad += 1
    return conversations, bad


def _play_all(conversations: list[Conversation]) -> int:
    from tests.conversations.stage import Stage

    stage = Stage()
    failed = 0
    for conversation in conversations:
        try:
            print(stage.play(conversation))
        except (MismatchError, ValueError) as error:
            failed += 1
            print(error)
        print(RULE)
    stage.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
