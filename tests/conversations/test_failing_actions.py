"""Whichever action fails, the customer hears of it, and nothing is written without a yes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import actions
from actions.turn import AssistantAction
from tests.conversations.test_every_intent import a_conversation

PHONE = "1-213-737-9983"
COMPLETE = "cancel order 10480, zip 90012"


def _all_actions() -> Iterator[type[AssistantAction]]:
    for module in pkgutil.iter_modules(actions.__path__):
        found = vars(importlib.import_module(f"actions.{module.name}")).values()
        for one in found:
            if isinstance(one, type) and issubclass(one, AssistantAction) and one.action_name:
                yield one


ALL = sorted(set(_all_actions()), key=lambda one: one.action_name)


@pytest.mark.parametrize("broken", ALL, ids=lambda one: one.action_name)
def test_before_the_yes(
    stage: Any, monkeypatch: pytest.MonkeyPatch, broken: type[AssistantAction]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken for this test")

    assistant = stage.assistant
    monkeypatch.setattr(broken, "act", fail)
    with stage.worlds.world_of(a_conversation(broken.action_name)) as world:
        reply = stage.run(assistant.say(world.conversation_id, COMPLETE))
        assert world.database()["cases"] == []
        if broken.action_name in reply.actions or reply.errors:
            assert PHONE in reply.text
        else:
            assert "go ahead?" in reply.text
