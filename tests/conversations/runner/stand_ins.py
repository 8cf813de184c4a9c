"""An assistant and a world small enough to know by heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.conversations import when
from tests.conversations.transcript import Message, Reply

CASE = {
    "number": "AOP-R-1",
    "order": "10482",
    "situation": "damaged",
    "state": "open",
    "outcome": "entitled",
    "log": ["opened", "evidence_submitted", "evidence_judged"],
}
ESCALATION = {"reason": "request_human", "order": "10482", "facts": {"a": 1}, "transcript": []}


class Parrot:
    """Answers what it was told to; anything else gets a friendly answer with two buttons."""

    def __init__(self, replies: Mapping[str, Reply] | None = None) -> None:
        self.heard: list[str] = []
        self._replies = replies or {}

    async def say(self, conversation_id: str, text: str) -> Reply:
        self.heard.append(text)
        message = Message(
            "Your refund of $129.00 is due by March 16, 2026. Shall I go on?",
            ("Yes, please", "No"),
            "utter_refund",
            ("Yes, please", "No"),
        )
        return self._replies.get(
            text, Reply((message,), {"order_number": "10482", "confirm": None, "sure": True})
        )


class Still:
    """A world in which one case and one escalation stand, and nothing else ever happens."""

    conversation_id = "conversation"

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 11, 10)
        self.acts: list[Mapping[str, Any]] = []
        self.is_down = False

    def now(self) -> datetime:
        return self._now

    def policy_version(self) -> str:
        return "2025-01-01"

    def wait(self, until: str) -> None:
        self._now = when.later(until, self._now)

    def add_evidence(self, kinds: Sequence[str]) -> str:
        return f"I have uploaded {len(kinds)} file"

    def agent(self, acts: Mapping[str, Any]) -> None:
        self.acts.append(acts)

    def database_down(self, down: bool) -> None:
        self.is_down = down

    def case_number(self, order: str | None) -> str | None:
        return "AOP-R-2" if order else "AOP-R-1"

    def database(self) -> Mapping[str, Any]:
        return {"cases": [CASE], "escalations": [ESCALATION], "orders": {"10482": "delivered"}}
