"""What is expected of a reply: the sentences that open it, its amounts and days, its buttons."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.conversations.conversation import Message

_BEARS_MEANING = re.compile(
    r"\$\d[\d,]*(?:\.\d\d)?"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}\b"
    r"|(?<!\{)\{case[^}]*\}"
)
_ENOUGH = 12


@dataclass(frozen=True)
class Expected:
    """Parts the reply must hold, and the buttons it offers; nothing is asked where one is empty."""

    parts: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


def titles(answers: Sequence[Message]) -> tuple[str, ...]:
    """The quick replies offered with these messages."""
    return tuple(
        str(one["title"]) for answer in answers for one in (answer.payload or {}).get("replies", ())
    )


def expected(answers: Sequence[Message], mask: Callable[[str], str]) -> Expected:
    """What to expect of a reply like this one; ``mask`` puts the stand-ins in."""
    parts: list[str] = []
    for answer in answers:
        text = mask(answer.text)
        parts += [_opening(text)] if text.strip() else []
        said = "\n".join(parts)
        parts += [one for one in dict.fromkeys(_BEARS_MEANING.findall(text)) if one not in said]
    return Expected(tuple(dict.fromkeys(parts)), tuple(mask(one) for one in titles(answers)))


def from_form(parts: str, buttons: str) -> Expected:
    """What an agent typed, a line each; a line without anything is passed over."""
    return Expected(_lines(parts), _lines(buttons))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _opening(text: str) -> str:
    """The first sentence of a text's first line, or more where that is but a word."""
    line = text.strip().splitlines()[0].strip()
    for end in re.finditer(r"[.!?:](?=\s)", line):
        if end.end() >= _ENOUGH:
            return line[: end.end()]
    return line
