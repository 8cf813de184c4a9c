"""The canned replies: read from their file, and offered where all of their blanks can be filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from casework.canned.blanks import BLANKS
from casework.errors import CaseworkError

FILE = Path(__file__).with_name("replies.yml")


@dataclass(frozen=True)
class CannedReply:
    """One reply; ``text`` has its blanks still open, or filled where it is offered."""

    title: str
    text: str

    @property
    def blanks(self) -> set[str]:
        """The names of its blanks.

        Raises:
            ValueError: a brace that opens or closes nothing.
        """
        return {name for _, name, _, _ in Formatter().parse(self.text) if name is not None}


def offered_replies(known: Mapping[str, str]) -> list[CannedReply]:
    """Return the replies all of whose blanks are ``known``, filled."""
    return [
        CannedReply(one.title, one.text.format_map(known))
        for one in canned_replies()
        if one.blanks <= set(known)
    ]


def canned_replies() -> tuple[CannedReply, ...]:
    """Return the replies of the file, blanks open.

    Raises:
        CaseworkError: what is wrong with the file, naming the reply.
    """
    return read(FILE)


@lru_cache(maxsize=4)
def read(file: Path) -> tuple[CannedReply, ...]:
    """Return the replies of a file; CaseworkError as for `canned_replies`."""
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except yaml.YAMLError as wrong:
        raise CaseworkError(f"{file.name}: {wrong}") from None
    if not isinstance(found, list) or not found:
        raise CaseworkError(f"{file.name}: give a list of replies, each with a title and a text")
    replies = tuple(_checked(file.name, one) for one in found)
    titles = [one.title for one in replies]
    for title in titles:
        if titles.count(title) > 1:
            raise CaseworkError(f"{file.name}: {title!r} is there twice")
    return replies


def _checked(file: str, row: Any) -> CannedReply:
    fields = ("title", "text")
    if not isinstance(row, dict) or set(row) != set(fields):
        raise CaseworkError(f"{file}: {row!r} is not a reply with a title and a text")
    if not all(isinstance(row[name], str) and row[name].strip() for name in fields):
        raise CaseworkError(f"{file}: {row['title']!r}: title and text are words")
    reply = CannedReply(row["title"], row["text"])
    try:
        unknown = sorted(reply.blanks - set(BLANKS))
    except ValueError as wrong:
        raise CaseworkError(f"{file}: {reply.title!r}: {wrong}") from None
    if unknown:
        known = ", ".join(BLANKS)
        raise CaseworkError(
            f"{file}: {reply.title!r} has the blank {{{unknown[0]}}}, which nothing fills; "
            f"there are: {known}"
        )
    return reply
