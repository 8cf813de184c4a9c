"""Two matters in one message, and one matter told at length."""

from __future__ import annotations

import pytest

from language.clauses import clauses, of_different_things
from language.evaluate.rasa_model import Understanding

TWO = [
    (
        "My desk lamp arrived smashed. Also, I need to change the delivery address of order 10500.",
        ("report_damaged_item", "correct_address"),
    ),
    (
        "please cancel order 10482, and another thing: my shredder from 10500 stopped working",
        ("cancel_order", "report_defective_item"),
    ),
    (
        "where is my refund for 10482? and please also cancel order 10511",
        ("ask_case_status", "cancel_order"),
    ),
]
ONE = [
    "the chair came with a broken leg and the seat is torn too",
    "I was so happy when it came yesterday. Then I opened the box. The screen is cracked.",
    "it's not damaged, I just don't want it",
    "I want to cancel my order. How do I do that? Please help.",
]


@pytest.mark.parametrize(("text", "matters"), TWO)
def test_two_matters_are_found_in_order_of_mention(
    text: str, matters: tuple[str, str], understanding: Understanding
) -> None:
    parsed = understanding.parsed(text)
    found = [e["value"] for e in parsed["entities"] if e["entity"] == "matter"]
    assert parsed["intent"]["name"] == "several_matters"
    assert tuple(found) == matters
    assert [entry["name"] for entry in parsed["intent_ranking"][1:3]] == list(matters)


@pytest.mark.parametrize("text", ONE)
def test_one_matter_at_length_stays_one(text: str, understanding: Understanding) -> None:
    assert understanding.answer(text).intent != "several_matters"


def test_a_message_is_split_at_sentences_and_joints() -> None:
    assert clauses("the lamp is broken and where is order 12345?") == [
        "the lamp is broken",
        "where is order 12345",
    ]
    assert clauses("hello there") == ["hello there"]
    assert clauses("the lamp is dead, where is my refund") == [
        "the lamp is dead",
        "where is my refund",
    ]


def test_two_numbers_or_two_products_are_different_things() -> None:
    assert of_different_things("the lamp is dead", "the desks have not come")
    assert of_different_things("cancel 12345", "where is 12345")
    assert not of_different_things("the lamp is dead", "i want a new lamp")
    assert not of_different_things("the lamp is dead", "the box was fine")


def test_a_rant_is_split_into_a_few_pieces_only() -> None:
    rant = "this is bad service and i am angry. " * 60
    assert len(clauses(rant)) == 6
