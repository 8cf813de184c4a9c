"""The player passes what goes as written, and fails at the first thing that does not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.conversations.player import Player
from tests.conversations.reader import read
from tests.conversations.runner.stand_ins import Parrot, Still
from tests.conversations.transcript import Message, MismatchError, Reply


async def played(
    folder: Path, steps: str, parrot: Parrot | None = None, world: Still | None = None
) -> str:
    path = folder / "some.yml"
    indented = textwrap.indent(textwrap.dedent(steps).strip(), "      ")
    path.write_text(f"test_cases:\n  - test_case: one\n    steps:\n{indented}\n", encoding="utf-8")
    [conversation] = read(path)
    return str(await Player(conversation, parrot or Parrot(), world or Still()).play())


async def failure(folder: Path, steps: str, parrot: Parrot | None = None) -> str:
    with pytest.raises(MismatchError) as failed:
        await played(folder, steps, parrot)
    return str(failed.value)


async def test_a_conversation_that_goes_as_written_passes_and_shows_its_transcript(
    tmp_path: Path,
) -> None:
    parrot, world = Parrot(), Still()
    shown = await played(
        tmp_path,
        """
        - user: my chair came broken
        - bot: Your refund of $129.00 is due by March 16, 2026. Shall I go on?
        - bot: {contains: [$129.00, march 16], not_contains: replacement, matches: 'due by \\w+ 16'}
        - bot_contains: [refund, Shall I go on]
        - utter: utter_refund
        - buttons: [Yes, please: no]
        """.replace("[Yes, please: no]", '["Yes, please", "No"]')
        + """
        - buttons: {contains: "No", not_contains: Maybe}
        - slot_was_set: [order_number, order_number: 10482, sure: true]
        - slot_was_not_set: [confirm, order_number: 10483]
        - press: yes, please
        - wait: 2 days
        - evidence: [photo]
        - agent: {judges_evidence: compelling, decides: accept}
        - database_down: true
        - user: what about {case} and {case of 10503}?
        - database:
            cases: [{situation: damaged, log: [opened, evidence_judged], not_log: [closed]}]
            escalations: [{reason: request_human, has: [facts]}]
            orders: {10482: delivered}
        """,
        parrot,
        world,
    )
    assert parrot.heard == [
        "my chair came broken",
        "Yes, please",
        "I have uploaded 1 file",
        "what about AOP-R-1 and AOP-R-2?",
    ]
    assert world.acts == [{"judges_evidence": "compelling", "decides": "accept"}]
    assert world.is_down
    assert "customer    my chair came broken" in shown
    assert "[Yes, please]  [No]" in shown
    assert "-- Friday 2026-03-13 10:00 --" in shown


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("bot: Something else", "expected the message  Something else"),
        ("bot_contains: March 17", "expected in the reply  March 17"),
        ("bot: {not_contains: refund}", "must not be in the reply  refund"),
        ("bot: {matches: AOP-R}", "expected in the reply, as a pattern  AOP-R"),
        ("utter: utter_greet", "expected the response  utter_greet"),
        ("buttons: []", "offered: [Yes, please] [No]"),
        ('buttons: ["No", "Yes, please"]', "expected [No] [Yes, please]"),
        ("buttons: {not_contains: 'No'}", "must not offer [No]"),
        ("press: Maybe", "missing [Maybe]"),
        ("slot_was_set: [confirm]", "slot `confirm` must be set; it is `null`"),
        ("slot_was_set: [order_number: 1]", "must be `1`; it is `10482`"),
        ("slot_was_set: [ordr: 1]", "there is no slot called `ordr`"),
        ("slot_was_not_set: [order_number]", "must not be set; it is `10482`"),
        ("database: {cases: 0}", "expected 0 cases, there are 1"),
        ("database: {cases: [{state: closed}]}", "`state` must be closed; it is open"),
        ("database: {cases: [{log: [evidence_judged, opened]}]}", "the log must hold, in this"),
        ("database: {cases: [{not_log: [opened]}]}", "the log must not hold opened"),
        ("database: {escalations: [{has: [decision]}]}", "`decision` must be filled"),
        ("database: {orders: {10482: cancelled}}", "must be cancelled; it is delivered"),
        ("database: {orders: {1: cancelled}}", "there is no order 1"),
        ("wait: until 2020-01-01", "time only goes on"),
    ],
)
async def test_each_difference_fails_and_is_told(tmp_path: Path, step: str, told: str) -> None:
    shown = await failure(tmp_path, f"- user: hello\n- {step}\n- user: never said")
    assert told in shown
    assert "> some.yml line 5: " in shown
    assert "never said" not in shown


async def test_a_failure_shows_who_said_what_and_what_the_assistant_knew(tmp_path: Path) -> None:
    reply = Reply((Message("One moment."),), {"misses": 2, "proof": None}, "greet (0.91)")
    shown = await failure(tmp_path, "- user: hello\n- bot: Hi!", Parrot({"hello": reply}))
    assert "  customer    hello\n  assistant   One moment." in shown
    assert "understood: greet (0.91)" in shown
    assert "slots: misses=2" in shown
    assert "proof" not in shown


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(()), "the assistant said nothing"),
        (Reply((Message("  "),)), "the assistant said nothing"),
        (Reply((Message("Call {contact}."),)), "an unfilled place: {contact}"),
        (Reply((Message("Due by None."),)), "an unfilled place: None"),
        (Reply((Message("a", ("Yes",), None, ("/affirm",)),)), "sends `/affirm`, not its own"),
        (Reply((Message("Sorry."),), errors=("Traceback: boom",)), "Traceback: boom"),
    ],
)
async def test_what_no_reply_may_do_fails_unasked(tmp_path: Path, reply: Reply, told: str) -> None:
    assert told in await failure(tmp_path, "- user: hello", Parrot({"hello": reply}))


async def test_errors_are_due_only_while_the_database_is_down(tmp_path: Path) -> None:
    broken = {"hello": Reply((Message("Please call."),), errors=("no database",))}
    steps = "- database_down: yes\n- user: hello\n- database_down: no\n"
    await played(tmp_path, steps, Parrot(broken))
    assert "no database" in await failure(tmp_path, steps + "- user: hello", Parrot(broken))
