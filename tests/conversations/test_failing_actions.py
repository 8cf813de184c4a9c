"""Whatever fails in an answer, the customer hears of it, and nothing is written without a yes."""

from __future__ import annotations

from typing import Any

import pytest

from actions import in_hand, reply
from actions.moves import MOVES
from tests.conversations.test_every_intent import a_conversation

PHONE = "1-213-737-9983"
COMPLETE = "cancel order 10480, zip 90012"


def fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("broken for this test")


def test_every_move_can_be_carried_out() -> None:
    assert set(reply.CARRY_OUT) == set(MOVES)


@pytest.mark.parametrize("move", MOVES)
def test_before_the_yes(stage: Any, monkeypatch: pytest.MonkeyPatch, move: str) -> None:
    monkeypatch.setitem(reply.CARRY_OUT, move, fail)
    with stage.worlds.world_of(a_conversation(move)) as world:
        answered = stage.run(stage.assistant.say(world.conversation_id, COMPLETE))
        assert world.database()["cases"] == []
        if answered.errors:
            assert PHONE in answered.text
        else:
            assert "go ahead?" in answered.text


def test_what_fails_at_the_yes_writes_nothing_and_a_yes_tries_it_again(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.worlds.world_of(a_conversation("at the yes")) as world:
        stage.run(stage.assistant.say(world.conversation_id, COMPLETE))
        with monkeypatch.context() as broken:
            broken.setattr(in_hand, "settle", fail)
            told = stage.run(stage.assistant.say(world.conversation_id, "yes, go ahead"))
        assert PHONE in told.text
        assert world.database()["cases"] == []
        stage.run(stage.assistant.say(world.conversation_id, "yes"))
        assert [case["order"] for case in world.database()["cases"]] == ["10480"]
