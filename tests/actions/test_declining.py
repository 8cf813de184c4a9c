"""Messages that say the request in hand is not wanted, or not needed any more."""

import pytest

from actions.declining import declines, turned_up
from actions.matters import MATTERS

DECLINED = [
    ("late_shipment", "I do not want a refund, I want the desk"),
    ("late_shipment", "this is not about money"),
    ("cancel", "no no, please don’t cancel it"),
    ("cancel", "I never wanted to cancel"),
    ("remorse", "no I don't want to return it"),
    ("other", "nothing went wrong, the chair is fine"),
    ("other", "never mind, we found it"),
    ("damaged", "don't send anything"),
    ("wrong_information", "do not change the address"),
]
WANTED = [
    ("late_shipment", "a refund please"),
    ("late_shipment", "I do not want to wait any longer"),
    ("cancel", "cancel it"),
    ("cancel", "can't you cancel it?"),
    ("damaged", "I don't want a refund, I want a new chair"),
    ("other", "it never came"),
    ("damaged", "we found it broken in the box"),
]


@pytest.mark.parametrize(("matter", "text"), DECLINED)
def test_what_is_declined(matter: str, text: str) -> None:
    assert declines(text, MATTERS[matter])


@pytest.mark.parametrize(("matter", "text"), WANTED)
def test_what_is_not(matter: str, text: str) -> None:
    assert not declines(text, MATTERS[matter])


def test_what_turned_up() -> None:
    assert turned_up("the neighbor had it, it's ours")
    assert not turned_up("has it turned up?")
    assert not turned_up("it has not turned up, where is it?")
