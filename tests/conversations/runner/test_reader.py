"""A file becomes conversations, or errors that say where and what to do."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.conversations.reader import BadFileError, read


def written(folder: Path, content: str) -> Path:
    path = folder / "some.yml"
    path.write_text(textwrap.dedent(content), encoding="utf-8")
    return path


def complaint(folder: Path, content: str) -> str:
    with pytest.raises(BadFileError) as refused:
        read(written(folder, content))
    return str(refused.value)


def in_steps(folder: Path, steps: str) -> str:
    indented = textwrap.indent(textwrap.dedent(steps).strip(), "      ")
    return complaint(
        folder, f"test_cases:\n  - test_case: one\n    steps:\n      - user: hi\n{indented}\n"
    )


def test_every_key_is_read(tmp_path: Path) -> None:
    [conversation] = read(
        written(
            tmp_path,
            """
            test_cases:
              - test_case: the lot
                today: 2026-03-13 23:30
                orders:
                  - 10482
                  - {number: 10490, like: 10482, delivered_on: 31 days ago, shipped_on: null}
                policy: {contact.phone: 1-800-555-0100}
                steps:
                  - user: 02139
                  - bot: Thank you.
                  - bot: {contains: [a, b], not_contains: c, matches: 'AOP-R-\\d'}
                  - bot_contains: March 16
                  - utter: utter_thank
                  - buttons: [Yes, No]
                  - press: Yes
                  - slot_was_set: [order_number, zip: 02139, confirm: true]
                  - slot_was_not_set: [{remedy: refund}]
                  - evidence: photo
                  - wait: 2 days
                  - agent: {decides: accept}
                  - database_down: yes
                database:
                  cases: [{situation: damaged, log: [opened]}]
                  escalations: 0
                  orders: {10482: cancelled}
            """,
        )
    )
    values = {step.kind: step.value for step in conversation.steps}
    assert conversation.today == "2026-03-13 23:30"
    assert conversation.orders[0] == {"number": "10482"}
    assert conversation.orders[1]["shipped_on"] is None
    assert values["user"] == "02139"
    assert values["press"] == "Yes"
    assert values["slot_was_set"] == (("order_number", None), ("zip", "02139"), ("confirm", "true"))
    assert values["evidence"] == ("photo",)
    assert values["database_down"] is True
    assert conversation.steps[-1].kind == "database"
    assert values["database"]["orders"] == {"10482": "cancelled"}


def test_an_unknown_step_is_named_with_its_line_and_the_nearest_known_one(tmp_path: Path) -> None:
    told = in_steps(tmp_path, "- bot_contain: hello")
    assert "some.yml:5: `bot_contain` is not known in a step; did you mean `bot_contains`?" in told


def test_an_unknown_key_of_a_test_case_is_named(tmp_path: Path) -> None:
    told = complaint(tmp_path, "test_cases:\n  - test_case: a\n    todey: x\n    steps: [user: a]")
    assert "some.yml:3: `todey` is not known in a test case; did you mean `today`?" in told


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("- bot: {contain: a}", "`contain` is not known in `bot`; did you mean `contains`?"),
        ("- bot: {matches: '('}", "is not a regular expression"),
        ("- bot: ''", "an empty text is in every reply"),
        ("- user:", 'write "" if it is meant to be empty'),
        ("- user: [a]", "must be one text"),
        ("- wait: soon", "`soon` is not a span"),
        ("- evidence: [foto]", "must be one of photo, video, document (did you mean `photo`?)"),
        ("- agent: {decides: maybe}", "must be one of accept, reject"),
        ("- database: {case: 1}", "`case` is not known in `database`; did you mean `cases`?"),
        ("- database: {cases: [{stage: x}]}", "`stage` is not known in `cases`"),
        ("- database: {cases: some}", "must be a number, or a list"),
        ("- slot_was_set: [{a: 1, b: 2}]", "one slot a line"),
        ("- hello", "a step must be `- key: value`"),
        ("- user: a\n  bot: b", "one step a dash: put a `- ` before `bot`"),
    ],
)
def test_a_step_of_the_wrong_shape_says_what_to_do(tmp_path: Path, steps: str, told: str) -> None:
    assert told in in_steps(tmp_path, steps)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "1: the file must start with `test_cases:`"),
        ("cases: []", "1: the file must start with `test_cases:`"),
        ("test_cases: []", "needs at least one"),
        ("test_cases:\n  - steps: [user: a]", "2: this test case has no name"),
        ("test_cases:\n  - test_case: a", "2: this test case has no `steps:`"),
        ("test_cases:\n  - test_case: a\n    steps: []", "3: `steps` needs at least one"),
        (
            "test_cases:\n  - test_case: a\n    steps:\n    - bot: a",
            "4: `bot` comes before anybody",
        ),
        ("test_cases:\n  - test_case: a\n   steps: a", "3: not valid YAML"),
        ("test_cases: 1\ntest_cases: 2", "2: `test_cases` is given twice"),
        (
            "test_cases:\n - {test_case: a, steps: [user: a]}\n - {test_case: a, steps: [user: a]}",
            "3: `a` is the name of the case on line 2 too",
        ),
        (
            "test_cases:\n - {test_case: a, today: Monday, steps: [user: a]}",
            "2: `Monday` is not a day such as 2026-03-11",
        ),
        (
            "test_cases:\n - {test_case: a, orders: [{like: 1}], steps: [user: a]}",
            "2: `orders` needs `number`",
        ),
    ],
)
def test_a_bad_file_says_where_and_what_to_do(tmp_path: Path, content: str, told: str) -> None:
    assert told in complaint(tmp_path, content)


def test_every_problem_of_a_file_is_told_in_the_order_of_its_lines(tmp_path: Path) -> None:
    told = complaint(
        tmp_path,
        "test_cases:\n  - test_case: a\n    now: x\n    steps:\n    - usr: a\n    - wait: a",
    )
    assert [line.split(":")[1] for line in told.splitlines()] == ["3", "5", "6"]


def test_a_file_that_is_not_there_or_not_text_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be opened"):
        read(tmp_path / "none.yml")
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFileError, match="not UTF-8"):
        read(tmp_path / "binary.yml")
