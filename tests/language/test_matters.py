"""Two matters in one message, and one matter told at length."""

from __future__ import annotations

import pytest

from language.clauses import clauses, of_different_things, with_opening
from language.evaluate.rasa_model import Understanding
from language.idle import is_idle

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


def test_each_matter_has_its_part_of_the_message(understanding: Understanding) -> None:
    first = "My desk lamp arrived smashed. I took pictures."
    second = "Also, I need to change the delivery address of order 10500."
    parsed = understanding.parsed(f"{first} {second}")
    found = [entity for entity in parsed["entities"] if entity["entity"] == "matter"]
    assert [entity["clause"] for entity in found] == [first, second]


def test_three_matters_are_all_given(understanding: Understanding) -> None:
    text = (
        "Three things: please cancel order 10482. Also, the shredder from 10500 stopped working. "
        "And another thing, where is order 10511?"
    )
    found = understanding.answer(text).matters
    assert found == ("cancel_order", "report_defective_item", "ask_order_status")


def test_two_matters_without_any_joint_are_cut_where_the_second_begins(
    understanding: Understanding,
) -> None:
    parsed = understanding.parsed("my stapler is cracked please stop the binder order")
    found = [entity for entity in parsed["entities"] if entity["entity"] == "matter"]
    assert [(entity["value"], entity["clause"]) for entity in found] == [
        ("report_damaged_item", "my stapler is cracked"),
        ("cancel_order", "please stop the binder order"),
    ]


def _pieces(text: str) -> list[str]:
    return [text[span.start : span.end] for span in clauses(text)]


def test_a_message_is_split_at_sentences_and_joints() -> None:
    assert _pieces("The lamp is broken and where is order 12345?") == [
        "The lamp is broken",
        "where is order 12345",
    ]
    assert _pieces("hello there") == ["hello there"]
    assert _pieces("the lamp is dead, where is my refund") == [
        "the lamp is dead",
        "where is my refund",
    ]
    assert _pieces("10508 cancel it pls, 10509 has the wrong street") == [
        "10508 cancel it pls",
        "10509 has the wrong street",
    ]


def test_what_announces_a_matter_stays_with_it() -> None:
    spans = clauses("Where is my printer? Also, the lamp is dead")
    assert [span.announced for span in spans] == [False, True]


def test_what_says_nothing_is_told_apart() -> None:
    for text in ("order id 12345.", "please advise", "this is unacceptable.", "need help asap"):
        assert is_idle(text)
    for text in ("the lamp is dead", "where is my refund?", "thanks for nothing"):
        assert not is_idle(text)


def test_two_numbers_or_two_products_are_different_things() -> None:
    assert of_different_things("the lamp is dead", "the desks have not come")
    assert of_different_things("cancel 12345", "where is 12345")
    assert not of_different_things("the lamp is dead", "i want a new lamp")
    assert not of_different_things("the lamp is dead", "the box was fine")


def test_a_rant_is_split_into_a_few_pieces_only() -> None:
    rant = "this is bad service and i am angry. " * 60
    assert len(clauses(rant)) == 6
    assert clauses(rant)[-1].end == len(rant.strip()) - 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Later. My son comes on Sunday.", ["Later.", "My son comes on Sunday"]),
        ("No! Wait. The lamp is dead too.", ["No! Wait.", "The lamp is dead too"]),
        ("yes and where is my refund", ["yes and where is my refund"]),
        ("", []),
    ],
)
def test_a_short_answer_that_opens_a_text_is_a_part(text: str, parts: list[str]) -> None:
    spans = with_opening(text, clauses(text))
    assert [text[span.start : span.end] for span in spans] == parts


def test_each_part_is_understood_like_a_message(understanding: Understanding) -> None:
    text = "The lamp arrived smashed. How much do I get back?"
    told, asked = understanding.parsed(text)["parts"]
    assert (told["start"], text[asked["start"] : asked["end"]]) == (0, "How much do I get back")
    assert told["intent"]["name"] == "report_damaged_item"
    assert asked["intent"]["name"] == "ask_about_this"
    selected = asked["response_selector"]["ask_about_this"]["response"]
    assert selected["intent_response_key"] == "ask_about_this/amount"


def test_a_message_of_one_clause_has_no_parts(understanding: Understanding) -> None:
    assert "parts" not in understanding.parsed("how much do I get back")
