"""What further training sentences change: two models, one without them and one with, side by side.

Both are trained here, in the same way, into folders that are gone afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from language.evaluate import measures
from language.evaluate.examples import Example, read_examples
from language.evaluate.rasa_model import Answer, Understanding, own_config

COLUMNS = ("accuracy", "likeliest", "topics", "caught", "lost")
NEW = "the sentences themselves"

Train = Callable[[Sequence[Example]], Understanding]


@dataclass(frozen=True)
class Compared:
    """A test set as the two models answer it."""

    name: str
    examples: Sequence[Example]
    before: Sequence[Answer]
    after: Sequence[Answer]

    @property
    def rows(self) -> list[str]:
        """The figures as rows of a Markdown table: before, after, difference."""
        old = measures.figures(self.examples, self.before)
        new = measures.figures(self.examples, self.after)
        return [
            f"| {self.name} | {len(self.examples)} | {column} | {old[column]:.3f} "
            f"| {new[column]:.3f} | {new[column] - old[column]:+.3f} |"
            for column in COLUMNS
        ]

    @property
    def changed(self) -> list[str]:
        """The sentences that are right with one model and wrong with the other."""
        found = []
        for example, old, new in zip(self.examples, self.before, self.after, strict=True):
            if is_right(example, old) != is_right(example, new):
                way = "now right" if is_right(example, new) else "NOW WRONG"
                said = f"{_said(old)} -> {_said(new)}"
                found.append(f"{way}: {example.text} [{example.label}] {said} ({self.name})")
        return found


def is_right(example: Example, answer: Answer) -> bool:
    """Tell whether a sentence is understood in the end, its topic too."""
    if example.intent == measures.OUT_OF_SCOPE:
        return answer.intent in (measures.OUT_OF_SCOPE, measures.FALLBACK)
    return _said(answer) == example.label


def _said(answer: Answer) -> str:
    return answer.topics.get(answer.intent, answer.intent)


def with_and_without(
    training: Path, file: Path
) -> tuple[list[Example], list[Example], list[Example]]:
    """Return the training sentences without the file, with it, and the file's own.

    The file may lie in the training folder already. A sentence that was there before is not new.
    """
    there = [path for path in sorted(training.rglob("*.yml")) if path.resolve() != file.resolve()]
    before = read_examples(there)
    known = {example.compared for example in before}
    new = [example for example in read_examples([file]) if example.compared not in known]
    return before, [*before, *new], new


def _trained(examples: Sequence[Example]) -> Understanding:
    return Understanding.trained(examples, own_config())


def compare(
    training: Path,
    file: Path,
    sets: Mapping[str, Sequence[Example]],
    say: Callable[[str], None],
    train: Train = _trained,
) -> list[Compared]:
    """Train without and with the file's sentences, and let both answer each set and the file."""
    before, after, new = with_and_without(training, file)
    asked = {**sets, NEW: new}
    answers = []
    for title, examples in (("without", before), ("with", after)):
        say(f"training {title} {len(new)} new sentences …")
        model = train(examples)
        say("asking it the test sets …")
        answers.append({name: model.answers(asked[name]) for name in asked})
    old, now = answers
    return [Compared(name, asked[name], old[name], now[name]) for name in asked if asked[name]]


def in_lines(found: Sequence[Compared]) -> str:
    """Return the comparison to read: the figures, then the sentences that changed side."""
    head = ["| | sentences | | before | after | difference |", "|---|---|---|---|---|---|"]
    rows = [row for one in found for row in one.rows]
    changed = sorted(line for one in found for line in one.changed)
    return "\n".join([*head, *rows, "", *(changed or ["No sentence changed side."])])
