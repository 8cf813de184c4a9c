"""Further sentences are compared by two models: without them, and with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from language.evaluate.__main__ import main
from language.evaluate.before_after import compare, in_lines, with_and_without
from language.evaluate.examples import Example, read_examples, write_examples
from language.evaluate.rasa_model import Answer

OLD = [Example("where is it", "ask_order_status"), Example("what if late", "ask_policy/damaged")]
NEW = [Example("it went poof", "ask_order_status"), Example("Where is it?", "ask_order_status")]


class Parrot:
    """Knows what it was trained on, and takes everything else for a greeting."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._labels = {example.text: example.label for example in examples}

    def answers(self, examples: Sequence[Example]) -> list[Answer]:
        return [self._answer(self._labels.get(example.text, "greet")) for example in examples]

    def _answer(self, label: str) -> Answer:
        intent = label.partition("/")[0]
        return Answer(intent, intent, 0.9, {intent: label} if intent != label else {}, (), (), 0.0)


@pytest.fixture
def training(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    folder.mkdir()
    write_examples(OLD, folder / "old.yml")
    write_examples(NEW, folder / "learned.yml")
    return folder


def test_the_file_counts_as_new_wherever_it_lies(training: Path, tmp_path: Path) -> None:
    before, after, new = with_and_without(training, training / "learned.yml")
    assert (before, new) == (read_examples([training / "old.yml"]), [NEW[0]])
    assert after == [*before, *new]
    (training / "learned.yml").rename(tmp_path / "elsewhere.yml")
    assert with_and_without(training, tmp_path / "elsewhere.yml") == (before, after, new)


def test_figures_stand_side_by_side_and_changed_sentences_are_named(training: Path) -> None:
    said: list[str] = []
    train: Any = Parrot
    test = [Example("it went poof", "ask_order_status"), Example("where is it", "ask_order_status"),
            Example("zzz", "out_of_scope")]  # fmt: skip
    found = compare(training, training / "learned.yml", {"unseen": test}, said.append, train)
    text = in_lines(found)
    assert "| unseen | 3 | accuracy | 0.333 | 0.667 | +0.333 |" in text
    assert "| the sentences themselves | 1 | accuracy | 0.000 | 1.000 | +1.000 |" in text
    assert "now right: it went poof [ask_order_status] greet -> ask_order_status (unseen)" in text
    assert "where is it" not in text
    assert said[0] == "training without 1 new sentences …"


def test_nothing_new_changes_nothing(training: Path) -> None:
    train: Any = Parrot
    found = compare(training, training / "old.yml", {}, lambda _: None, train)
    assert "now right" in in_lines(found)
    write_examples([OLD[0]], training / "again.yml")
    found = compare(training, training / "again.yml", {"unseen": OLD}, lambda _: None, train)
    assert in_lines(found).endswith("No sentence changed side.")


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--with", "nowhere.yml"]) == 2
    assert "nowhere.yml" in capsys.readouterr().err
