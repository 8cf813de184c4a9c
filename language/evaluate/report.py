"""Puts the figures together: a report as JSON, and tables to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from language.evaluate import measures
from language.evaluate.examples import Example, folds, read_examples, with_typos
from language.evaluate.picture import draw_confusions
from language.evaluate.rasa_model import (
    ROOT,
    Answer,
    Understanding,
    median_milliseconds,
    own_config,
)

TRAINING = ROOT / "data" / "nlu"
UNSEEN = ROOT / "tests" / "language"
PICTURES = ROOT / "var" / "evaluation"
FOLDS = 5
WORST = 20

Say = Callable[[str], None]


def misspelled(examples: Sequence[Example]) -> list[Example]:
    """Return the examples with typos, the same ones every time."""
    return [with_typos(example, seed) for seed, example in enumerate(examples)]


def unseen_sets() -> dict[str, list[Example]]:
    """Return the test sets written by others, by their files' names."""
    names = [path for path in sorted(UNSEEN.glob("unseen*.yml")) if "nlu:" in path.read_text()]
    return {path.stem: read_examples([path]) for path in names}


def _details(examples: Sequence[Example], answers: Sequence[Answer], name: str) -> dict[str, Any]:
    draw_confusions(examples, answers, name, PICTURES / f"{name}.png")
    return {
        "figures": measures.figures(examples, answers),
        "intents": measures.by_intent(examples, answers),
        "confusions": measures.confusions(examples, answers)[:40],
        "worst": measures.worst(examples, answers, WORST),
    }


@lru_cache(maxsize=1)
def learned_sentences() -> frozenset[str]:
    """Return the training sentences, as sentences are compared."""
    return frozenset(example.compared for example in read_examples([TRAINING]))


def _never_learned(examples: Sequence[Example], answers: Sequence[Answer]) -> measures.Figures:
    """Return the figures without the sentences ("thx", "where is my refund") learned from.

    Who writes a test set without having read the training data still writes some of its
    sentences word for word; those prove nothing.
    """
    learned = learned_sentences()
    pairs = zip(examples, answers, strict=True)
    new = [(example, answer) for example, answer in pairs if example.compared not in learned]
    return measures.figures([example for example, _ in new], [answer for _, answer in new])


def on_set(model: Understanding, examples: Sequence[Example], name: str) -> dict[str, Any]:
    """Return the figures of a model on a test set, as written and with typos."""
    answers = model.answers(examples)
    wrong = misspelled(examples)
    report = _details(examples, answers, name)
    report["never_learned"] = _never_learned(examples, answers)
    report["typos"] = measures.figures(wrong, model.answers(wrong))
    report["median_ms"] = median_milliseconds(answers)
    return report


def entity_figures(model: Understanding) -> dict[str, float]:
    """Return precision and recall of the entities on the cases written by others."""
    cases = yaml.safe_load((UNSEEN / "unseen_entities.yml").read_text(encoding="utf-8"))
    hits = found = wanted = 0
    for case in cases:
        expected = {_comparable(e["entity"], e["value"]) for e in case["entities"]}
        answer = model.answer(case["text"], str(case["today"]))
        # Lengths of time and products are not labelled in that file.
        got = {_comparable(*e) for e in answer.entities if e[0] not in ("duration", "product")}
        hits += len(expected & got)
        found += len(got)
        wanted += len(expected)
    return {"precision": hits / max(found, 1), "recall": hits / max(wanted, 1)}


def _comparable(entity: str, value: object) -> tuple[str, str]:
    text = str(value).lower()
    return entity, f"{float(text):.2f}" if entity == "money" else text


def several_sets() -> dict[str, list[dict[str, Any]]]:
    """Return the messages of one matter or two that others wrote, by their files' names."""
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(UNSEEN.glob("unseen*.yml"))}
    return {name: yaml.safe_load(text) for name, text in texts.items() if "matters:" in text}


def several_figures(model: Understanding, cases: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return how often two matters are found where there are two, and where there is one."""
    two = [case for case in cases if len(case["matters"]) == 2]
    one = [case for case in cases if len(case["matters"]) == 1]
    right = [model.answer(case["text"]).matters == tuple(case["matters"]) for case in two]
    false = [bool(model.answer(case["text"]).matters) for case in one]
    return {
        "found": sum(right) / max(len(right), 1),
        "false_alarms": sum(false) / max(len(false), 1),
        "left_alone": 1 - sum(false) / max(len(false), 1),
    }


def cross_validation(say: Say) -> dict[str, Any]:
    """Return the figures of models trained on four fifths of the data, on the rest.

    Messages of several matters have no likeliest intent: `several_found` says how many are found.
    """
    examples: list[Example] = []
    answers: list[Answer] = []
    found: list[bool] = []
    wrong: list[Example] = []
    wrong_answers: list[Answer] = []
    for number, (train, test) in enumerate(folds(read_examples([TRAINING]), FOLDS), 1):
        say(f"cross-validation, part {number} of {FOLDS} …")
        model = Understanding.trained(train, own_config())
        found += [list(model.answer(e.text).matters) == e.matters for e in test if e.matters]
        sentences = [example for example in test if not example.matters]
        examples += sentences
        answers += model.answers(sentences)
        bad = misspelled(sentences)
        wrong += bad
        wrong_answers += model.answers(bad)
    report = _details(examples, answers, "cross_validation")
    report["typos"] = measures.figures(wrong, wrong_answers)
    report["several_found"] = sum(found) / max(len(found), 1)
    return report


def full_report(model_file: Path, *, cross: bool, say: Say) -> dict[str, Any]:
    """Return the whole report of a trained model."""
    model = Understanding(model_file)
    report: dict[str, Any] = {}
    for name, examples in unseen_sets().items():
        say(f"{name}: {len(examples)} sentences …")
        report[name] = on_set(model, examples, name)
    report["entities"] = entity_figures(model)
    report |= {name: several_figures(model, cases) for name, cases in several_sets().items()}
    if cross:
        report["cross_validation"] = cross_validation(say)
    return report
