"""What is repaired, and what is left alone."""

from __future__ import annotations

import pytest

from language.evaluate.examples import read_examples
from language.evaluate.report import TRAINING
from language.slips import slip_weight
from language.spelling import Speller, words_of
from language.text import readable, with_other_shops_masked


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(words_of(readable(e.text) for e in read_examples([TRAINING])))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my ordr is damged", "my order is damaged"),
        ("retrun teh chiar", "return the chair"),
        ("i wnat a refnud pls", "i want a refund please"),
        ("it dosent work", "it doesn't work"),
        ("dont cancle", "don't cancel"),
        ("wher is my pacakge", "where is my package"),
    ],
)
def test_slips_are_repaired(typed: str, meant: str, speller: Speller) -> None:
    assert speller.repair(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "i want to cancel order 12345",
        "fedex and usps and ontrac",
        "the 3rd, 9th and 12th",
        "name@example.com",
        "my shredder, laminator and whiteboard",
        "it arrived broken; i'd like a refund",
    ],
)
def test_words_that_are_meant_stay(text: str, speller: Speller) -> None:
    assert speller.repair(text) == text


def test_common_slips_weigh_more_than_rare_ones() -> None:
    assert slip_weight("chiar", "chair") > slip_weight("chzir", "chair")
    assert slip_weight("refundd", "refund") > slip_weight("refundx", "refund")
    assert slip_weight("xhair", "chair") < slip_weight("chait", "chair")


def test_order_numbers_and_addresses_are_masked() -> None:
    assert readable("Order #10482 for Jane@Example.com") == readable("order 10577 for b@c.org")


def test_the_name_of_another_shop_makes_no_difference() -> None:
    assert with_other_shops_masked("my amazon order") == "my another shop order"
    assert with_other_shops_masked("walmart's parcel") == "another shop parcel"
    assert with_other_shops_masked("two boxes of staples") == "two boxes of staples"
