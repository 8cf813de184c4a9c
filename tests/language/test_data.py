"""The training and test sentences themselves: labels, numbers, nothing in both."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest
import yaml

from language.evaluate.examples import Example, read_examples
from language.evaluate.rasa_model import ROOT
from language.evaluate.report import TRAINING, several_sets, unseen_sets
from language.guard import plain_text
from language.several import MATTERS

SERVICE = (
    "cancel_order",
    "ask_order_status",
    "report_damaged_item",
    "report_defective_item",
    "return_unwanted_item",
    "correct_address",
    "report_returned_in_transit",
    "report_destroyed_in_transit",
    "report_other_problem",
    "ask_case_status",
    "withdraw_request",
    "ask_policy",
    "request_human",
    "out_of_scope",
)
FEWEST = 120
LONG = 8
SET_BY_COMPONENTS = {"nlu_fallback"}


@pytest.fixture(scope="module")
def training() -> list[Example]:
    return read_examples([TRAINING])


@pytest.fixture(scope="module")
def known(training: list[Example]) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = defaultdict(set)
    for example in training:
        labels[example.compared].add(example.label)
    return labels


def test_every_service_intent_has_enough_different_sentences(training: list[Example]) -> None:
    different = {(example.compared, example.intent) for example in training}
    counts = Counter(intent for _, intent in different)
    assert {intent: counts[intent] for intent in SERVICE if counts[intent] < FEWEST} == {}


def test_no_sentence_has_two_labels(known: dict[str, set[str]]) -> None:
    assert {text: labels for text, labels in known.items() if len(labels) > 1} == {}


def test_sentences_are_plain(training: list[Example]) -> None:
    annotated = [e.text for e in training if "[" in e.text or "](" in e.text or "{" in e.text]
    assert annotated == []
    assert [e.text for e in training if plain_text(e.text) != e.text] == []


def test_every_message_of_several_matters_has_each_one_s_part_marked(
    training: list[Example],
) -> None:
    several = [e for e in training if e.label == "several_matters"]
    assert len(several) >= FEWEST
    assert [
        e.text for e in several if len(e.matters) < 2 or not set(e.matters) <= set(MATTERS)
    ] == []
    assert [e.text for e in training if e.marked and e.label != "several_matters"] == []
    pairs = Counter(frozenset(e.matters) for e in several)
    assert set(pairs) == {frozenset(pair) for pair in combinations(MATTERS, 2)}


def test_labels_are_the_domain_s_and_none_that_a_component_sets(training: list[Example]) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    named = {
        intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]
    }
    labels = {example.intent for example in training}
    assert labels - named == set()
    assert labels & SET_BY_COMPONENTS == set()


def test_the_guide_describes_every_label(training: list[Example]) -> None:
    guide = (ROOT / "docs" / "intents.md").read_text(encoding="utf-8")
    names = {example.label.rpartition("/")[2] for example in training}
    assert [
        name for name in sorted(names) if f"`{name}`" not in guide and name not in SERVICE
    ] == []
    assert [intent for intent in SERVICE if f"### {intent}" not in guide] == []


def test_test_sentences_are_labeled_with_what_is_learned(training: list[Example]) -> None:
    labels = {example.label for example in training}
    for name, examples in unseen_sets().items():
        assert {example.label for example in examples} - labels == set(), name


def test_no_test_sentence_of_some_length_is_learned_from(known: dict[str, set[str]]) -> None:
    """What is short ("thx", "where is my refund") everybody says; the report tells it apart."""
    several = several_sets().items()
    messages = {name: [Example(case["text"], "") for case in cases] for name, cases in several}
    sets = unseen_sets() | messages
    learned = {
        name: [e.text for e in examples if e.compared in known and len(e.compared.split()) > LONG]
        for name, examples in sets.items()
    }
    assert learned == {name: [] for name in sets}
