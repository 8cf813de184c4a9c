"""What is misunderstood in a conversation is noted once, and says nothing about who said it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from actions import turn, unclear
from casework.training.unclear import Unclear
from tests.conversations.test_every_intent import a_conversation

VERIFIED = "cancel order 10480, zip 90012"


def noted(stage: Any, *said: str | tuple[str, str], wait: float = 5) -> list[Unclear]:
    """Say it all, a few seconds apart; a pair is words and the intent they are taken for."""
    assistant = stage.assistant
    with stage.worlds.world_of(a_conversation("unclear")) as world:
        for one in said:
            text, intent = one if isinstance(one, tuple) else (one, None)
            world._clock.shift(wait)
            reply = stage.run(assistant.say(world.conversation_id, text, as_intent=intent))
            assert reply.errors == ()
        with turn.open_database().read() as session:
            return list(session.scalars(select(Unclear).order_by(Unclear.id)))


def short(rows: Sequence[Unclear]) -> list[tuple[str, str, int]]:
    return [(row.text, row.why, row.times) for row in rows]


def test_what_is_not_understood_is_noted_once(stage: Any) -> None:
    [row] = noted(stage, "the wotsit did the whatsit")
    assert short([row]) == [("the wotsit did the whatsit", "not_understood", 1)]
    assert row.guessed not in ("", "nlu_fallback")


def test_gibberish_in_a_matter_is_noted_once_a_message(stage: Any) -> None:
    rows = noted(stage, VERIFIED, "blorf wug zibble krant", "Blorf wug, zibble krant!")
    assert short(rows) == [("blorf wug zibble krant", "not_understood", 2)]


def test_a_guess_at_low_confidence(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert noted(stage, "track my parcel 55123 please") == []
    monkeypatch.setattr(unclear, "LOW_CONFIDENCE", 1.1)
    [row] = noted(stage, "track my parcel please")
    assert short([row]) == [("track my parcel please", "low_confidence", 1)]
    assert row.guessed == "ask_order_status"


@pytest.mark.parametrize(
    "correction",
    [
        ("no", "deny"),
        ("never mind", "stop"),
        ("the lamp is broken", "report_damaged_item"),
        "no, I meant something else entirely",
    ],
)
def test_corrected_right_afterwards(stage: Any, correction: str | tuple[str, str]) -> None:
    rows = noted(stage, ("my zebra thing 55123 has wheels", "cancel_order"), correction)
    assert ("my zebra thing 10482 has wheels", "corrected", 1) in short(rows)
    assert [row.guessed for row in rows if row.why == "corrected"] == ["cancel_order"]


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        # A minute later it is a change of mind.
        ((("my zebra thing has wheels", "cancel_order"), ("no", "deny")), 90),
        # A no to what will be done is an answer.
        ((VERIFIED, ("no", "deny")), 5),
        # Details follow, and nothing is corrected.
        ((("my zebra thing has wheels", "cancel_order"), "10480", "90012"), 5),
        # The matter was a button's.
        (("Cancel my order", ("no", "deny")), 5),
    ],
)
def test_not_every_no_is_a_correction(stage: Any, said: Any, wait: float) -> None:
    assert noted(stage, *said, wait=wait) == []


@pytest.mark.parametrize(
    "said",
    [
        ("It arrived damaged",),
        ("10482",),
        ("55123456", "jo@example.org"),
        ("cancel my order", "Jo Quill"),
        ("cancel my order", "jo quill"),
        ("I got a refund question", "Something else is wrong with my order"),
        ("a colleague has answered", "handed_back"),
    ],
)
def test_buttons_details_and_events_are_not_noted(
    stage: Any, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...]
) -> None:
    if said[-1] == "handed_back":
        assert noted(stage, (said[0], said[1])) == []
    else:
        assert [row for row in noted(stage, *said) if row.text == said[-1]] == []


def test_nothing_noted_identifies_anybody(stage: Any) -> None:
    rows = noted(
        stage,
        "cancel order 10480, maria.lopez@example.com",
        ("blorf wug zibble says Maria of the lopez house", "nlu_fallback"),
        ("blorf wug zibble, my name is patience quill, 404-555-9876", "nlu_fallback"),
        ("so about that situation on March 9, 2026 in apt 77", "nlu_fallback"),
    )
    told = " ".join(row.text for row in rows)
    assert len(rows) == 3
    for mark in ("10480", "404", "maria", "lopez", "quill", "77", "9, 2026"):
        assert mark not in told.lower()
    names = set(Unclear.__table__.columns.keys())
    assert not names & {"conversation_id", "message_id", "order_id", "created_at"}


def test_a_turn_is_answered_although_nothing_can_be_noted(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken for this test")

    monkeypatch.setattr(unclear, "note", fail)
    assert noted(stage, "blorf wug zibble krant", VERIFIED) == []
