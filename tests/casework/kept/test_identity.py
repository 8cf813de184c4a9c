"""Identities go, however they are typed; the words around them and the goods stay."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.kept.identity import Mask
from casework.orders.order import Order

ORDER = Order(
    number="31337",
    email="Ann-Marie.Green@acme.example",
    zip="02139-4410",
    tracking="1ZX9Y8Z70042",
)
SHOP = "1-213-737-9983"


def mask(*texts: str) -> Mask:
    return Mask([ORDER], texts, [SHOP, "Toner 54321 black"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("order 31337 please", "order 20001 please"),
        ("#3 1 3 3 7", "#20001"),
        ("AOP31337?", "AOP31337?".replace("31337", "20001")),
        ("02139", "02108"),
        ("it's 02139-4410.", "it's 02108-0001."),
        ("ann-marie.green@ACME.example!", "customer1@example.com!"),
        ("ann.green@other.example", "customer2@example.com"),
        ("parcel 1zx9 y8z7 0042", "parcel 1Z0A0B0000000001"),
        ("my zip is 90210", "my zip is 60601"),
        ("order number is 41337", "order number is 20002"),
        ("call (617) 555-1234 or 617.555.1234", "call (213) 555-0001 or (213) 555-0001"),
        ("card 4111 1111 1111 1111", "card 1000000000000001"),
        ("+1 617 555 1234", "+1 213 555 0001"),
        ("call 617-555-1234 or (617) 555-9876", "call 213-555-0001 or (213) 555-0002"),
        ("to 77 Old Mill Road, Apt 4 now", "to 10 Main Road, Apt 1 now"),
        ("742 Evergreen Terrace", "100 Main Terrace"),
        ("5 court ave #12b", "1 Main ave #1"),
        ("P.O. Box 12", "PO Box 1"),
        ("Cambridge, MA 02139", "Springfield, IL 02108"),
        ("the green lamp, 3 days on the road", "the green lamp, 3 days on the road"),
        ("I paid $12345.00 on 2026-03-11 at 1200", "I paid $12345.00 on 2026-03-11 at 1200"),
        ("$31337, please", "$20001, please"),
        ("refund $313.37 and $3,133.7, not $021.39", "refund $313.37 and $3,133.7, not $021.39"),
        (f"call {SHOP}", f"call {SHOP}"),
        ("the Toner 54321 black leaks", "the Toner 54321 black leaks"),
        ("AOP-R-2346-79CF", "AOP-R-2222-0001"),
    ],
)
def test_what_tells_who_it_was_gets_a_stand_in(typed: str, kept: str) -> None:
    assert mask(typed)(typed) == kept


def test_names_go_in_the_case_they_are_written() -> None:
    assert mask("x")("Marie Green, MARIE, marie") == "Robin Casey, ROBIN, robin"
    signed = "It broke.\nThanks,\nBo Ek"
    assert "Bo" not in mask(signed)(signed)
    said = "my name is zoe, mr. Kane sold it"
    assert mask(said)(said + " zoe") == "my name is robin, mr. Casey sold it robin"


def test_the_same_value_has_one_stand_in_and_none_is_somebodys_own() -> None:
    first, second = "order 20001 and 31337", "31 337, zip 02108, customer1@example.com, Robin"
    masked = mask(first, second)
    assert masked(first) == "order 20003 and 20002"
    assert masked(second) == "20002, zip 04401, customer3@example.com, Robin"
    assert masked(masked(first)) == masked(first)


def test_what_an_agent_corrected_keeps_its_stand_ins() -> None:
    typed = "call (617) 555-1234, I live at 77 Old Mill Road Apt 4, Cambridge, MA 02139"
    masked = mask(typed)
    assert masked(masked(typed)) == masked(typed)


def test_a_case_is_named_as_the_test_names_it() -> None:
    assert mask()("case aop-r-2346-79cf?", lambda number: "{case}") == "case {case}?"


@example(before="$", after="")
@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_nothing_of_the_order_is_left(before: str, after: str) -> None:
    typed = f"{before} 31337 {after} ann-marie.green@acme.example {before} 02139 {after}"
    left = mask(typed)(typed).casefold()
    assert "marie.green" not in left
    for value in ("31337", "02139"):
        assert left.count(value) == (before + after).count(value) * 2


@given(st.text(alphabet="abc XYZ.,!?'\n-:#{}&*", max_size=60))
def test_words_stay_as_they_were_typed(text: str) -> None:
    assert mask(text)(text) == text
