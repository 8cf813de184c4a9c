"""The trained pipeline: what the assistant must understand, in sentences of our own."""

from __future__ import annotations

import pytest

from language.evaluate import floors, measures
from language.evaluate.rasa_model import Answer, Understanding
from language.evaluate.report import (
    entity_figures,
    on_set,
    several_figures,
    several_sets,
    unseen_sets,
)

SENTENCES = [
    ("I need help cancelling my purchase", "cancel_order"),
    ("order 10482 showed up smashed, I've got pictures", "report_damaged_item"),
    ("what if it arrives broken?", "ask_policy"),
    ("it's not damaged, I just don't want it", "return_unwanted_item"),
    (
        "the lamp works fine and nothing is wrong with it, but I want to return it",
        "return_unwanted_item",
    ),
    ("one of the wheels came off and now i want to return it", "report_damaged_item"),
    ("the scanner does not turn on. how do I send it back?", "report_defective_item"),
    ("my last order was cancelled, now where is this one?", "ask_order_status"),
    ("tracking says return to sender", "report_returned_in_transit"),
    ("ups says my package was destroyed on the way", "report_destroyed_in_transit"),
    ("you sent me the wrong toner", "report_other_problem"),
    ("the shredder won't turn on", "report_defective_item"),
    ("I put the wrong street on my order", "correct_address"),
    ("when do I get my refund", "ask_case_status"),
    ("please take my return back, I keep the chair", "withdraw_request"),
    ("let me talk to a person", "request_human"),
    ("I forgot my password", "out_of_scope"),
    ("I want my money back", "want_remedy"),
    ("never mind", "stop"),
    ("10482", "inform"),
]


@pytest.mark.parametrize(("text", "intent"), SENTENCES)
def test_sentences_of_our_own(text: str, intent: str, understanding: Understanding) -> None:
    assert understanding.answer(text).likeliest == intent


def test_the_topic_stands_where_rasa_s_response_selector_would_write_it(
    understanding: Understanding,
) -> None:
    parsed = understanding.parsed("what happens if my order comes damaged?")
    selected = parsed["response_selector"]
    assert selected["ask_policy"]["response"]["intent_response_key"] == "ask_policy/damaged"
    assert parsed["intent"]["full_retrieval_intent_name"] == "ask_policy/damaged"
    assert len(selected["ask_policy"]["ranking"]) > 10


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("so is that a yes or a no?", "ask_about_this/verdict"),
        ("hola, mi pedido no llegó", "other_language/spanish"),
    ],
)
def test_every_retrieval_intent_has_its_topic(
    text: str, label: str, understanding: Understanding
) -> None:
    parsed = understanding.parsed(text)
    intent = label.partition("/")[0]
    assert parsed["intent"]["name"] == intent
    assert parsed["intent"]["full_retrieval_intent_name"] == label
    assert parsed["response_selector"][intent]["response"]["utter_action"] == f"utter_{label}"


def test_fallback_keeps_the_ranking(understanding: Understanding) -> None:
    parsed = understanding.parsed("purple monkey dishwasher elbow 77")
    names = [entry["name"] for entry in parsed["intent_ranking"]]
    assert parsed["intent"]["name"] in ("nlu_fallback", "out_of_scope")
    assert len(names) > 20


def test_understanding_has_not_dropped(understanding: Understanding) -> None:
    """`python -m language.evaluate --keep` writes the floors after a change for the better."""
    report = {name: on_set(understanding, e, name) for name, e in unseen_sets().items()}
    report["entities"] = entity_figures(understanding)
    for name, cases in several_sets().items():
        report[name] = several_figures(understanding, cases)
    assert floors.drops(report) == []


def test_calibration_error_and_auroc() -> None:
    assert measures.calibration_error([0.95, 0.95], [True, True]) == pytest.approx(0.05)
    assert measures.auroc([0.9, 0.8], [0.1, 0.85]) == pytest.approx(0.75)
    assert measures.auroc([0.5], [0.5]) == pytest.approx(0.5)


def test_figures_count_fallback_as_caught_out_of_scope_and_lost_in_scope() -> None:
    from language.evaluate.examples import Example

    def said(intent: str) -> Answer:
        return Answer(intent, intent, 0.9, {}, (), (), 0.0)

    examples = [Example("a", "stop"), Example("b", "stop"), Example("c", "out_of_scope")]
    answers = [said("stop"), said("nlu_fallback"), said("nlu_fallback")]
    found = measures.figures(examples, answers)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert (found["caught"], found["lost"]) == (1.0, 0.5)
