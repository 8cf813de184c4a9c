"""What identifies goes, and what is left still reads as a customer's sentence."""

import pytest

from casework.training.masking import KEPT, masked, names_in, says_something


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("where is 55123??", "where is 10482??"),
        ("order #90881234 never came", "order #10482 never came"),
        ("order AOP55123 never came", "order 10482 never came"),
        ("mail me at Jo.Quill+x@mail.example.org now", "mail me at pat@example.com now"),
        ("my zip is 30301 and it is late", "my zip is 90210 and it is late"),
        ("ship to Macon, GA 31201-4411 instead", "ship to Macon, GA 90210 instead"),
        ("Macon GA 31201", "Macon GA 90210"),
        ("call me on (404) 555 9876 today", "call me on 213-555-0142 today"),
        ("call +1 404.555.9876", "call 213-555-0142"),
        ("555-9876 is my number", "555-0142 is my number"),
        ("you took $1,284.50 twice", "you took $25 twice"),
        ("you owe me 300 bucks", "you owe me 25 dollars"),
        ("my name is quill martin and it broke", "my name is Pat and it broke"),
        ("the order is under the name of Quill", "the order is under the name of Pat"),
        ("This is Jo Quill, the chair wobbles", "This is Pat, the chair wobbles"),
        ("I'm Jo, the chair wobbles", "I'm Pat, the chair wobbles"),
        ("it wobbles. Thanks, Jo Quill", "it wobbles. Thanks, Pat"),
        ("tell Mrs. Quill it wobbles", "tell Mrs. Pat it wobbles"),
        ("what about AOP-R-7K2M-9QXD then", "what about AOP-R-2345-6789 then"),
        ("1Z12345E0205271688 does not move", "1Z999AA10123456784 does not move"),
        ("card 4111 1111 1111 1111 was charged", "card 1Z999AA10123456784 was charged"),
        ("it should go to 88 Old Mill Road, apt 12b", "it should go to 12 Main Street, apt 4"),
        ("born 04/05/1985, came 2026-03-11", "born March 3, came March 3"),
        ("came on March 11th, 2026 in pieces", "came on March 3 in pieces"),
        ("a line\nand\tanother‍ one", "a line and another one"),
    ],
)
def test_what_identifies_goes(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "this is ridiculous",
        "I am furious",
        "the 2 chairs on the way never came",
        "3 days on the road and nothing",
        "one of the 12 pens is dry",
        "thanks for nothing",
        "the unit does not work",
        "Home Depot sells it cheaper",
    ],
)
def test_what_does_not_identify_stays(typed: str) -> None:
    assert masked(typed) == typed


def test_names_of_the_customer_s_own_address_go() -> None:
    names = names_in("jo.patience_quill@example.com")
    assert masked("patience QUILL wants it sent on", names) == "Pat Pat wants it sent on"


def test_nothing_is_cut_before_it_is_masked() -> None:
    text = masked("word " * 98 + "somebody@example.org and more words")
    assert len(text) <= KEPT
    assert "somebody" not in text
    assert masked("x" * 1000) == "x" * KEPT
    assert "someb" not in masked(f"{'7' * 1984} somebody@example.org")


@pytest.mark.parametrize(
    "detail",
    ["10482", "order 55123", "it's 55123, zip 30301", "jo@example.org", "my email is a@example.org",
     "404-555-9876", "…", "$20", "AOP-R-7K2M-9QXD", "3/4", "Quill"],
)  # fmt: skip
def test_a_bare_detail_says_nothing(detail: str) -> None:
    assert not says_something(detail)
    assert says_something(f"{detail} arrived bent")
