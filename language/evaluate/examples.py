"""Reads labelled sentences from NLU files, divides them, and misspells them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from language.text import readable

SEPARATOR = "/"
_MARKED = re.compile(r'\[([^\]]+)\]\{"entity": "matter", "value": "(\w+)"\}')


@dataclass(frozen=True)
class Example:
    """A sentence and its label; a label may have a topic ("ask_policy/damaged").

    Attributes:
        text: the sentence.
        label: its label.
        marked: a message of several matters as it stands in the file, each one's part marked.
    """

    text: str
    label: str
    marked: str = ""

    @property
    def matters(self) -> list[str]:
        """The matters whose parts are marked, in order of mention."""
        return [value for _, value in _MARKED.findall(self.marked)]

    @property
    def intent(self) -> str:
        """The label without its topic."""
        return self.label.partition(SEPARATOR)[0]

    @property
    def compared(self) -> str:
        """The text as two are compared: its words; numbers, case and marks make no difference."""
        letters = (letter if letter.isalnum() else " " for letter in readable(self.text))
        return " ".join("".join(letters).split()) or self.text


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """Return the sentences of Rasa NLU files, or of all such files in folders."""
    found = []
    for path in paths:
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
                if "intent" in block:
                    lines = block["examples"].splitlines()
                    texts = [line[2:].strip() for line in lines if line.startswith("- ")]
                    found += [_example(text, block["intent"]) for text in texts if text]
    return found


def _example(line: str, label: str) -> Example:
    plain = _MARKED.sub(r"\1", line)
    return Example(plain, label, line if plain != line else "")


def write_examples(examples: Sequence[Example], path: Path) -> None:
    """Write the sentences as a Rasa NLU file."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        line = example.marked or example.text
        by_label[example.label].append(line.replace("\n", " "))
    blocks = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in sorted(by_label.items())
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True))


def folds(examples: Sequence[Example], count: int) -> list[tuple[list[Example], list[Example]]]:
    """Return `count` divisions into training and test sentences; every label is spread evenly."""
    shuffled = sorted(examples, key=lambda example: (example.label, example.text))
    random.Random(0).shuffle(shuffled)
    shuffled.sort(key=lambda example: example.label)
    divided = []
    for fold in range(count):
        test = shuffled[fold::count]
        train = [example for place, example in enumerate(shuffled) if place % count != fold]
        divided.append((train, test))
    return divided


_BESIDE = {
    letter: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for place, letter in enumerate(row)
}
_WORDS_A_TYPO = 6


def _misspelled(word: str, chance: random.Random) -> str:
    """Drop, double or swap a letter of the word, or hit the key beside it."""
    place = chance.randrange(1, len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    ways = [before + after, before + letter + letter + after]
    if after:
        ways.append(before + after[0] + letter + after[1:])
    if letter.lower() in _BESIDE:
        ways.append(before + chance.choice(_BESIDE[letter.lower()]) + after)
    return chance.choice(ways)


def with_typos(example: Example, seed: int) -> Example:
    """Return the sentence with a typo in about every sixth word, in one word at least."""
    chance = random.Random(seed)
    words = example.text.split(" ")
    places = [place for place, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    wanted = min(len(places), max(1, round(len(places) / _WORDS_A_TYPO)))
    for place in chance.sample(places, wanted):
        words[place] = _misspelled(words[place], chance)
    return Example(" ".join(words), example.label)
