"""Which of an order's items a customer's words name."""

from types import SimpleNamespace

import pytest

from actions.naming import items_named

ORDER = SimpleNamespace(
    lines=[
        SimpleNamespace(position=1, title="Mesh office chair, black"),
        SimpleNamespace(position=2, title="Desk lamp, LED"),
        SimpleNamespace(position=3, title="Mesh office chair, gray"),
    ]
)


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("Desk lamp, LED", [2]),
        ("the lamp", [2]),
        ("lamps", [2]),
        ("all of them", [1, 2, 3]),
        ("everything", [1, 2, 3]),
        ("both the lamp and the gray one", [2, 3]),
        ("the black chair", [1]),
        ("the lamp and the gray chair", [2, 3]),
        ("just the first one", [1]),
        ("the last", [3]),
        ("2", [2]),
        ("1 and 3", [1, 3]),
        ("the stapler", []),
        ("number 9", []),
        ("what is your return window", []),
    ],
)
def test_items_are_found_by_title_word_number_or_all(text: str, positions: list[int]) -> None:
    assert items_named(text, ORDER) == positions


def test_chair_alone_names_every_chair() -> None:
    assert items_named("the chair", ORDER) == [1, 3]
