"""A message as it is heard in its scene, and how sure a reading of it can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.answers import Answer
from actions.identity import Identity
from actions.matters import MATTERS, STATUS_MATTERS, Matter
from actions.scene import Scene
from actions.turn import Turn
from actions.wording import asks, asks_for_a_deed, makes_a_condition

LEAST = 0.4
"""Below it a move is a guess, and the customer is asked instead."""

CERTAIN, SURE, PLAIN, WEAK = 1.0, 0.9, 0.7, 0.55
IN_PASSING = 0.4
WORDS_OF_A_DETAIL = 4


@dataclass(frozen=True)
class Heard:
    """A message in its scene, with the claims it makes."""

    turn: Turn
    scene: Scene
    identity: Identity
    answer: Answer
    details: dict[str, Any]

    def likely(self, *intents: str) -> float:
        """How likely the message has one of these intents, taken alone."""
        return max((self.turn.likely.get(intent, 0.0) for intent in intents), default=0.0)

    def likely_in_part(self, intent: str) -> float:
        """How likely a part of the message has this intent, taken alone."""
        parts = self.turn.message.get("parts") or []
        shares = (one for part in parts for one in part["intent_ranking"])
        return max((one["confidence"] for one in shares if one["name"] == intent), default=0.0)

    def wants_another(self, matter: Matter) -> bool:
        """Whether a part of the message surely begins another matter than this one."""
        others = (
            one.intent
            for one in MATTERS.values()
            if one.intent and one is not matter and one.name not in STATUS_MATTERS
        )
        return any(max(self.likely(one), self.likely_in_part(one)) > PLAIN for one in others)

    @property
    def words(self) -> int:
        """How many words the message has."""
        return len(self.turn.text.split())

    @property
    def asks(self) -> bool:
        """Whether the message is worded as a question."""
        return asks(self.turn.text)

    @property
    def asks_to_know(self) -> bool:
        """Whether it wants an answer; "could you resend it?" wants a deed, "only if" an answer."""
        wants_answer = self.asks or makes_a_condition(self.turn.text)
        return wants_answer and not asks_for_a_deed(self.turn.text)
