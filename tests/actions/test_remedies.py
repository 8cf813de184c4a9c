"""Which remedy a message asks for, of those it names."""

import pytest

from actions.wishes import in_terms_of, remedy_in_words


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("gimme the cash", "refund"),
        ("a new one please", "replacement"),
        ("actually i'd rather have a new chair", "replacement"),
        ("i am at a new address now", None),
        ("can u just ship another one", "replacement"),
        ("send it again", "redelivery"),
        ("refund instead of a replacement", "refund"),
        ("not a refund, a replacement", "replacement"),
        ("forget the refund, ship me another", "replacement"),
        ("it says replacement. i changed my mind to the cash", "refund"),
        ("replacement i guess... actually nah gimme the cash", "refund"),
        ("i never said yes to a replacement. REFUND please", "refund"),
        ("can u do refund instead? replacement takes too long", "refund"),
        ("I expressly declined a refund", None),
        ("I do not elect a refund", None),
        ("I didn’t want a refund", None),
        ("it happens again and again", None),
        ("a refund or a replacement?", None),
        ("the other thing", None),
    ],
)
def test_the_remedy_asked_for(text: str, remedy: str | None) -> None:
    assert remedy_in_words(text) == remedy


def test_a_remedy_is_called_what_the_matter_gives() -> None:
    assert in_terms_of("destroyed_in_transit", "replacement") == "redelivery"
    assert in_terms_of("defective", "redelivery") == "replacement"
    assert in_terms_of("defective", "refund") == "refund"
    assert in_terms_of(None, "replacement") == "replacement"
    assert in_terms_of("cancel", "replacement") == "replacement"
