"""Rasa's memory of a conversation stays short, and nothing that matters is forgotten."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from gateway.inside_rasa.tracker_sessions import TURNS, Memory

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  matter: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  offer: {type: text, influence_conversation: false, mappings: [{type: custom}]}
"""
)


@pytest.fixture
def agent(tmp_path: Path) -> Any:
    store = SQLTrackerStore(DOMAIN, db=str(tmp_path / "tracker.db"))
    return SimpleNamespace(domain=DOMAIN, tracker_store=store, lock_store=InMemoryLockStore())


async def talk(agent: Any, memory: Memory, turns: int, *extra: Any) -> Any:
    """Let so many turns pass; returns the tracker as the next turn finds it."""
    for number in range(turns):
        await memory.before_turn(agent, "c1")
        tracker = await agent.tracker_store.get_or_create_tracker("c1")
        events = [
            UserUttered(f"turn {number}"),
            SlotSet("matter", f"matter {number}"),
            SlotSet("offer", None),
            *extra,
            BotUttered(f"answer {number}"),
            ActionExecuted("action_listen"),
        ]
        for event in events:
            tracker.update(event, DOMAIN)
        await agent.tracker_store.save(tracker)
    await memory.before_turn(agent, "c1")
    return await agent.tracker_store.retrieve("c1")


async def test_a_long_conversation_keeps_its_slots_and_its_last_word_alone(agent: Any) -> None:
    tracker = await talk(agent, Memory(), TURNS)
    assert [type(event) for event in tracker.events] == [
        SessionStarted,
        SlotSet,
        BotUttered,
        ActionExecuted,
    ]
    assert tracker.get_slot("matter") == f"matter {TURNS - 1}"
    assert tracker.get_slot("offer") is None
    assert tracker.get_last_event_for(BotUttered).text == f"answer {TURNS - 1}"


async def test_it_does_not_grow_with_the_turns(agent: Any) -> None:
    memory = Memory()
    sizes = [len((await talk(agent, memory, TURNS)).events) for _ in range(3)]
    assert max(sizes) <= 6 * (TURNS + 1)


async def test_a_short_conversation_is_left_alone(agent: Any) -> None:
    tracker = await talk(agent, Memory(), TURNS - 1)
    assert len([e for e in tracker.events if isinstance(e, UserUttered)]) == TURNS - 1
