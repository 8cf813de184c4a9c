"""Which matters a message holds, and when two of them are two: without Rasa, on toys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.clauses import Span
from language.encoder import SENTENCE_WIDTH, shared_encoder
from language.features import TextFeatures
from language.gate import SIGNS, Gate, Said, Told, cuts, pairs
from language.heads import Settings
from language.regression import fit_each_label
from language.repair import MARKED, READABLE, SpellingRepair
from language.several import MATTERS, Example, Several, joined

TOY = {
    "cancel_order": ["please cancel my order", "cancel the lamp", "stop the order of the rug"],
    "report_damaged_item": ["the desk came broken", "the mug is cracked", "the chair is scratched"],
    "ask_order_status": ["where is my order", "the pens never came", "has the printer shipped"],
}
TWO = [
    ("the lamp is cracked and where is the rug", ("report_damaged_item", "ask_order_status")),
    ("cancel the pens, the mug came broken", ("cancel_order", "report_damaged_item")),
    ("where are the pens, and stop the rug", ("ask_order_status", "cancel_order")),
    ("the desk is scratched, cancel the chair", ("report_damaged_item", "cancel_order")),
]


def _example(text: str, *matters: str) -> Example:
    halves = [(Span(0, 0, announced=False), text)] if len(matters) == 1 else []
    if len(matters) == 2:
        first, second = text.split(",") if "," in text else text.split(" and ")
        halves = [(Span(0, 9, False), first), (Span(10, 19, False), second.strip())]
    return Example(text, shared_encoder().encode(text), frozenset(matters), halves)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    one = [_example(text, matter) for matter, listed in TOY.items() for text in listed]
    none = [_example("thank you so much"), _example("i forgot my password")]
    return [*one, *none, *(_example(text, *matters) for text, matters in TWO * 3)]


@pytest.fixture(scope="module")
def several(examples: list[Example]) -> Several:
    features, _ = TextFeatures.fit([example.text for example in examples])
    return Several.fit(features, examples, Settings(), shared_encoder().encode)


def test_a_message_of_two_matters_has_both_on_top(several: Several) -> None:
    text = "cancel my printer and the mug came cracked"
    odds = several.matters(text, shared_encoder().encode(text))
    top = sorted(odds, key=odds.__getitem__)[-2:]
    assert set(top) == {"cancel_order", "report_damaged_item"}


def test_what_is_stored_says_the_same(several: Several, tmp_path: Path) -> None:
    several.save(tmp_path)
    loaded = Several.load(tmp_path, several._features)
    assert loaded
    for text, _ in TWO:
        vector = shared_encoder().encode(text)
        assert loaded.matters(text, vector) == several.matters(text, vector)
    assert loaded.gate.weights == several.gate.weights
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}


def test_without_messages_of_several_matters_nothing_is_stored(tmp_path: Path) -> None:
    assert Several.load(tmp_path, TextFeatures([[], []], [np.zeros(0), np.zeros(0)])) is None


def test_messages_are_joined_the_same_way_every_time(examples: list[Example]) -> None:
    found, again = joined(examples, 40), joined(examples, 40)
    assert [one.text for one in found] == [one.text for one in again]
    assert {len(one.matters) for one in found} == {1, 2}
    for one in found:
        lengths = np.linalg.norm(one.vector.reshape(-1, SENTENCE_WIDTH), axis=1)
        np.testing.assert_allclose(lengths, 1, atol=1e-3)


def test_a_label_is_learned_whatever_other_labels_an_example_has() -> None:
    chance = np.random.default_rng(1)
    block = chance.normal(size=(200, 3)).astype(np.float32)
    has = (block > 0).astype(np.float32)
    weights, bias = fit_each_label([block], has, strength=10, iterations=50, tolerance=1e-6)
    assert (((block @ weights + bias) > 0) == (has > 0)).mean() > 0.95


def test_a_text_is_cut_between_any_two_words_that_leave_two_on_each_side() -> None:
    typed = "Mugs cracked  where are PENS"
    found = [
        (typed[a.start : a.end], typed[b.start : b.end])
        for (a, _), (b, _) in cuts(typed, typed.lower())
    ]
    assert found == [("Mugs cracked", "where are PENS"), ("Mugs cracked  where", "are PENS")]
    assert cuts("idk where it is", "i don't know where it is") == []


def _said(start: int, text: str, **odds: float) -> Said:
    matters = {**dict.fromkeys(MATTERS, -5.0), **odds}
    return Said(Span(start, start + 5, announced=False), text, matters)


def test_a_pair_stands_in_order_of_mention_where_each_matter_is_clearest() -> None:
    told = Told(
        {**dict.fromkeys(MATTERS, -5.0), "cancel_order": 1.0, "ask_order_status": 2.0},
        [
            _said(0, "where are the pens", ask_order_status=4.0, cancel_order=-2.0),
            _said(10, "it was last year", cancel_order=5.0),
            _said(20, "cancel the desk", cancel_order=3.0),
        ],
        [],
    )
    best = max(pairs(told), key=lambda pair: pair.signs[0])
    assert best.matters == ("ask_order_status", "cancel_order")
    assert [span.start for span in best.spans] == [0, 20]
    signs = dict(zip(SIGNS, best.signs, strict=True))
    assert signs == {
        "whole": 1.0,
        "clear": 3.0,
        "mixed": -2.0,
        "things": 1.0,
        "announced": 0.0,
        "clauses": 3.0,
        "halves": 0.0,
    }


def test_the_gate_learns_that_clear_clauses_are_two_matters() -> None:
    def told(clear: float) -> Told:
        one, other = ("cancel_order", "ask_order_status")
        whole = {**dict.fromkeys(MATTERS, -9.0), one: 0.0, other: 0.0}
        return Told(whole, [_said(0, "a", **{one: clear}), _said(9, "b", **{other: clear})], [])

    both, just = frozenset({"cancel_order", "ask_order_status"}), frozenset({"cancel_order"})
    gate = Gate.fit([told(3.0), told(-3.0)] * 5, [both, just] * 5, [1] * 10)
    chances = [max(map(gate.chance, pairs(told(clear)))) for clear in (3.0, -3.0)]
    assert chances[0] > 0.5 > chances[1]


def test_each_marked_part_of_a_training_message_is_readable_too() -> None:
    text = "the desk is scratched and the other one never came"
    parts = [(0, 21, "report_damaged_item"), (26, 50, "ask_order_status")]
    entities = [
        {"entity": "matter", "start": start, "end": end, "value": value}
        for start, end, value in parts
    ]
    whole = Message({"text": text, "intent": "several_matters", "entities": entities})
    repair = SpellingRepair(None, None, {})  # type: ignore[arg-type]
    learned = repair.process_training_data(TrainingData([whole])).training_examples
    assert learned[0].get(READABLE) == text
    assert learned[0].get(MARKED) == [
        ("report_damaged_item", "the desk is scratched"),
        ("ask_order_status", "the other one never came"),
    ]
