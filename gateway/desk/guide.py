"""The labelling guide, docs/intents.md, as the desk shows it: what each intent is and is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from gateway.settings import PROJECT

GUIDE = PROJECT / "docs" / "intents.md"
TOPICS_OF = "ask_policy"
# One for each choice; j, k, u and x mean something else on the page.
KEYS = "1234567890abcdefghilmnopqrstvwyzABCDEFGHILMNOPQRSTVWYZ"
_SECTION = re.compile(
    r"^### (?P<name>\w+)(?:/<(?P<kind>\w+)>)?\n(?P<text>.*?)(?=^##|\Z)", re.M | re.S
)
_ROW = re.compile(r"^\| (?P<names>`[^|]+) \| (?P<cells>.+) \|$", re.M)
_NAME = re.compile(r"`(\w+)`")
_LONG = 90


@dataclass(frozen=True)
class Rule:
    """What the guide says of one label: what it means; then examples and limits, line by line."""

    label: str
    means: str
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The label as people read it."""
        return self.label.rpartition("/")[2].replace("_", " ").capitalize()

    @property
    def short(self) -> str:
        """The meaning's beginning, for a list."""
        first = re.split(r"(?<=[a-z)])[.;:] ", self.means)[0].rstrip(".")
        return first if len(first) <= _LONG else f"{first[:_LONG].rpartition(' ')[0]} …"


@dataclass(frozen=True)
class Choice:
    """A label to choose, and the key that chooses it."""

    key: str
    rule: Rule


@dataclass(frozen=True)
class Guide:
    """The guide: the intents, and the topics of `ask_policy`, with their rules."""

    intents: tuple[Choice, ...]
    topics: tuple[Choice, ...]

    @property
    def labels(self) -> set[str]:
        """Every label there is: `ask_policy` has one with each topic, and none alone."""
        choices = (*self.intents, *self.topics)
        return {choice.rule.label for choice in choices} - {TOPICS_OF}

    def rule(self, label: str) -> Rule | None:
        """The rule of a label, None where the guide has none."""
        choices = (*self.intents, *self.topics)
        return next((one.rule for one in choices if one.rule.label == label), None)


@lru_cache(maxsize=1)
def guide() -> Guide:
    """Read the guide, once a process."""
    service, rest = GUIDE.read_text("utf-8").split("## Conversational intents")
    conversation = rest.split("## How to write")[0]
    intents: list[Rule] = []
    topics: list[Rule] = []
    for match in _SECTION.finditer(service):
        rows = [_under(match["name"], rule) for rule in _rows(match["text"])]
        if match["name"] == TOPICS_OF:
            topics = rows
        if rows and match["name"] != TOPICS_OF:
            intents += rows
        elif match["kind"] == "language":
            intents += [_under(match["name"], rule) for rule in _languages(match)]
        else:
            intents.append(_section(match))
    intents += _rows(conversation)
    return Guide(_choices(intents), _choices(topics))


def _languages(match: re.Match[str]) -> Iterator[Rule]:
    """One rule for each language that the section's first sentence names."""
    rule = _section(match)
    for name in _NAME.findall(match["text"].split("(")[0]):
        yield Rule(name, rule.means, rule.notes)


def _section(match: re.Match[str]) -> Rule:
    prose = _plain(match["text"].split("\n| topic |")[0])
    means, *notes = re.split(r"\n- ", prose)
    lines = (" ".join(part.split()) for part in (means, *notes))
    return Rule(match["name"], next(lines), tuple(lines))


def _rows(text: str) -> Iterator[Rule]:
    for row in _ROW.finditer(text):
        means, *limits = (_plain(cell.strip()) for cell in row["cells"].split(" | "))
        notes = tuple(f"No: {limit}" for limit in limits if limit)
        for name in _NAME.findall(row["names"]):
            yield Rule(name, means, notes)


def _under(intent: str, rule: Rule) -> Rule:
    return Rule(f"{intent}/{rule.label}", rule.means, rule.notes)


def _plain(markdown: str) -> str:
    return re.sub(r"[`*]", "", markdown).strip()


def _choices(rules: Iterable[Rule]) -> tuple[Choice, ...]:
    labels = list(rules)
    if len(labels) > len(KEYS):
        raise ValueError(f"{GUIDE.name} has {len(labels)} labels for {len(KEYS)} keys: add keys")
    return tuple(Choice(key, rule) for key, rule in zip(KEYS, labels, strict=False))
