"""Labeled sentences as a file of `data/nlu/`: what is learned there already stays out."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.settings import PROJECT_ROOT
from casework.training.unclear import NOT_USABLE, Unclear, compared

TRAINING = PROJECT_ROOT / "data" / "nlu"
FILE_NAME = "learned.yml"
_HEAD = """version: "3.1"

# Sentences that were misunderstood and labeled at the desk: python -m casework training-export
"""
_MARKUP = frozenset("[]{}")


@dataclass(frozen=True)
class Learned:
    """The file's content, how many sentences it has, and those left out with the reason."""

    content: str
    sentences: int
    left_out: list[str]


def learned(session: Session, training: Path = TRAINING) -> Learned:
    """Return every labeled sentence in the form of the training files, sorted.

    An earlier export in the folder does not count as training data: the file is made anew, whole.
    """
    known = _known(training)
    by_label: dict[str, list[str]] = defaultdict(list)
    left_out = []
    wanted = select(Unclear).where(Unclear.label.is_not(None), Unclear.label != NOT_USABLE)
    for row in session.scalars(wanted):
        reason = _refusal(row, known)
        if reason:
            left_out.append(f"{row.text}: {reason}")
        else:
            by_label[str(row.label)].append(row.text)
    count = sum(map(len, by_label.values()))
    return Learned(_written(by_label), count, sorted(left_out))


def _refusal(row: Unclear, known: dict[str, str]) -> str:
    """Say why a sentence cannot be learned from; empty where it can."""
    if _MARKUP & set(row.text) or row.text.startswith("/"):
        return "brackets or a slash in front would be a command to Rasa"
    other = known.get(compared(row.text))
    return f"in the training data already, as {other}" if other else ""


def _known(training: Path) -> dict[str, str]:
    """Return the labels of the training sentences, by the sentences as they are compared."""
    found = {}
    for file in sorted(training.glob("*.yml")):
        if file.name == FILE_NAME:
            continue
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for block in content.get("nlu", []):
            for line in block.get("examples", "").splitlines():
                found[compared(line.removeprefix("- "))] = str(block.get("intent"))
    return found


def _written(by_label: dict[str, list[str]]) -> str:
    if not by_label:
        return f"{_HEAD}nlu: []\n"
    blocks = []
    for label, texts in sorted(by_label.items()):
        lines = "".join(f"      - {text}\n" for text in sorted(texts))
        blocks.append(f"  - intent: {label}\n    examples: |\n{lines}")
    return f"{_HEAD}nlu:\n{''.join(blocks)}"
