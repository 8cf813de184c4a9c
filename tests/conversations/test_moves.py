"""Every move's own example is read as that move, by the trained model in a real conversation."""

from __future__ import annotations

from typing import Any

import pytest

from actions import reply
from actions.moves import MOVES, Move
from tests.conversations.test_every_intent import a_conversation


@pytest.mark.parametrize("name", MOVES)
def test_the_example_is_read_as_its_move(
    stage: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made: list[Move] = []
    read = reply.read

    def watched(*given: Any) -> Any:
        found = read(*given)
        made.append(found[0])
        return found

    monkeypatch.setattr(reply, "read", watched)
    with stage.worlds.world_of(a_conversation(name)) as world:
        for said in MOVES[name].after:
            stage.run(stage.assistant.say(world.conversation_id, said))
        event = name if name == "handed_back" else None
        stage.run(stage.assistant.say(world.conversation_id, MOVES[name].says, as_intent=event))
    assert made[-1].name == name
