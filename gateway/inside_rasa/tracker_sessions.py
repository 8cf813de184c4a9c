"""Keeps Rasa's own memory of a conversation short, so that the last turn costs what the first did.

Rasa reads, predicts over and sends to the actions everything since the session began, at every
turn. After so many turns a conversation gets a new session that holds what the slots hold. What was
said stays in the tracker store and in the messages.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet

TURNS = 25
_KNOWN = 10_000


class Memory:
    """Counts the turns of each conversation in this process, and begins new sessions."""

    def __init__(self) -> None:
        self._turns: Counter[str] = Counter()

    async def before_turn(self, agent: Any, conversation: str) -> None:
        """Count a turn, and begin a new session where it is time."""
        if len(self._turns) > _KNOWN:
            self._turns.clear()
        self._turns[conversation] += 1
        if self._turns[conversation] <= TURNS:
            return
        async with agent.lock_store.lock(conversation):
            tracker = await agent.tracker_store.retrieve(conversation)
            if tracker is None:
                return
            for event in _beginning(tracker):
                tracker.update(event, agent.domain)
            await agent.tracker_store.save(tracker)
        del self._turns[conversation]


def _beginning(tracker: Any) -> list[Any]:
    """A session's first events: the slots as they are, and what was said last, to say again."""
    beginning = SessionStarted()  # made first: the store reads what is not older than it
    slots = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value is not None and slot.value != slot.initial_value
    ]
    said = tracker.get_last_event_for(BotUttered)
    repeated = [BotUttered(said.text, said.data, said.metadata)] if said else []
    return [beginning, *slots, *repeated, ActionExecuted(ACTION_LISTEN_NAME)]
