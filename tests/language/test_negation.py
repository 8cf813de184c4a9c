"""What a customer does not want is not read as a wish."""

from __future__ import annotations

import pytest

from language.evaluate.rasa_model import Understanding
from language.negation import (
    denies_fault,
    gives_own_reason,
    negated_intents,
    without_what_is_denied,
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("don't cancel it, just change the address", "just change the address"),
        ("please do not cancel my order. where is it right now?", "where is it right now?"),
        ("i don't want to return it, it just doesn't work", "it just doesn't work"),
        ("not a return, just tell me where 12345 is", "just tell me where 12345 is"),
        ("nobody said destroyed or canceling. it just arrived broken", "it just arrived broken"),
        ("i never mentioned a return, the lamp is dead", "the lamp is dead"),
        ("never arrived, not defective. can you answer?", "never arrived, can you answer?"),
        ("not broken. it was never delivered to me", "it was never delivered to me"),
        ("this is not about an address. when does it come?", "when does it come?"),
    ],
)
def test_an_act_that_is_not_wanted_is_left_out(text: str, left: str) -> None:
    assert without_what_is_denied(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "if you do not cancel my order i call my bank",
        "why don't you cancel my order",
        "you did not refund me",
        "no refund, no answer, three weeks",
        "i don't want it anymore, return it",
        "it does not work",
        "nobody said so, and now it is late",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert without_what_is_denied(text) == text
    assert negated_intents(text) == frozenset()


def test_with_nothing_else_said_the_intent_is_known_not_to_be_meant() -> None:
    assert without_what_is_denied("please don't cancel it") == "please don't cancel it"
    assert negated_intents("please don't cancel it") == {"cancel_order"}
    assert negated_intents("i don't want to send it back") == {"return_unwanted_item"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Don't cancel it please, I only need the suite number changed", "correct_address"),
        ("I'm not asking to cancel, when does it arrive?", "ask_order_status"),
    ],
)
def test_the_other_wish_is_understood(text: str, intent: str, understanding: Understanding) -> None:
    assert understanding.answer(text).intent == intent


def test_please_do_not_cancel_never_cancels(understanding: Understanding) -> None:
    for text in ("please do not cancel my order", "I don't want to cancel it"):
        assert understanding.answer(text).likeliest != "cancel_order"


def test_every_intent_stays_in_the_ranking(understanding: Understanding) -> None:
    texts = ["please do not cancel", "not cancelling. so. cancel the other order 10480, the lamp"]
    found = [understanding.parsed(text)["intent_ranking"] for text in texts]
    names = [{entry["name"] for entry in ranking} - {"nlu_fallback"} for ranking in found]
    assert "cancel_order" in names[0]
    assert names[0] - {"several_matters"} == names[1] - {"several_matters"}


@pytest.mark.parametrize(
    "text",
    [
        "it isn't damaged",
        "nothing wrong with it",
        "chair works as advertised",
        "the lamp inside is in perfect order",
    ],
)
def test_nothing_is_wrong_with_the_goods(text: str) -> None:
    assert denies_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "it is not working as it should",
        "it doesn't work as described",
        "arrived broken so i decided to return it",
        "the box was fine but the screen is cracked",
        "in order to return this broken lamp",
        "i didn't order a broken chair",
    ],
)
def test_a_fault_is_not_denied(text: str) -> None:
    assert not denies_fault(text)


def test_the_wrong_choice_is_no_fault() -> None:
    assert gives_own_reason("it doesn't fit my drawer")
    assert gives_own_reason("it is simply too big")
    assert not gives_own_reason("cracked and nothing fits")
