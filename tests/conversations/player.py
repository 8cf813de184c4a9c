"""Plays a conversation: says each line, lets time and people act, checks what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from tests.conversations import checks
from tests.conversations.schema import PLACEHOLDER, Conversation, Step
from tests.conversations.transcript import MismatchError, Reply, Transcript


class Assistant(Protocol):
    """Whoever answers the customer."""

    async def say(self, conversation_id: str, text: str, *, as_intent: str | None = None) -> Reply:
        """The reply to one message; `as_intent`: nobody typed it, it tells what happened."""


class World(Protocol):
    """Everything around the assistant: the day, the shop's records, the people in it."""

    conversation_id: str

    def now(self) -> datetime:
        """The shop's local time."""

    def policy_version(self) -> str:
        """The policy file in use."""

    def wait(self, until: str) -> None:
        """Lets time pass."""

    def add_evidence(self, kinds: Sequence[str]) -> str:
        """Uploads files; returns the text the website then sends for the customer."""

    def agent(self, acts: Mapping[str, Any]) -> None:
        """A person in the shop records something on the latest case."""

    def hand_back(self, agreed: str) -> str:
        """A person takes the chat over and hands it back; returns what the customer reads."""

    def database_down(self, down: bool) -> None:
        """Takes the database away, or gives it back."""

    def case_number(self, order: str | None) -> str | None:
        """The number of the case that came up last, or of an order's last case."""

    def database(self) -> Mapping[str, Any]:
        """Cases, escalations and orders as they stand."""


class Player:
    """Plays one conversation against one assistant in one world."""

    def __init__(self, conversation: Conversation, assistant: Assistant, world: World) -> None:
        self._conversation = conversation
        self._assistant = assistant
        self._world = world
        self._reply = Reply(())
        self._outage = False
        when = f"{world.now():%A %Y-%m-%d %H:%M}, policy {world.policy_version()}"
        self.transcript = Transcript(f"{conversation.name}  ({when})")

    async def play(self) -> Transcript:
        """The transcript of a conversation that went as its file says.

        Raises:
            MismatchError: at the first difference.
        """
        for step in self._conversation.steps:
            difference = await self._do(step)
            if difference:
                where = f"{self._conversation.path.name} line {step.line}"
                raise MismatchError(self.transcript, where, difference, self._reply)
        return self.transcript

    async def _do(self, step: Step) -> str | None:
        if step.kind in ("user", "press", "evidence"):
            return await self._turn(step)
        if step.kind == "agent" and "hands_back" in step.value:
            return await self._handed_back(step.value["hands_back"])
        if step.kind in ("wait", "agent", "database_down"):
            return self._happening(step)
        return self._check(step)

    async def _turn(self, step: Step) -> str | None:
        if step.kind == "evidence":
            self.transcript.event(f"uploads: {', '.join(step.value)}")
            said = self._world.add_evidence(step.value)
        elif step.kind == "press":
            offered = self._offered(step.value)
            if offered is None:
                return checks.buttons({"contains": [step.value]}, self._reply)
            said = offered
        else:
            said = self._filled(step.value)
        self.transcript.customer(said)
        self._reply = await self._assistant.say(self._world.conversation_id, said)
        self.transcript.assistant(self._reply)
        return checks.house_rules(self._reply, outage=self._outage)

    async def _handed_back(self, agreed: str) -> str | None:
        told = self._world.hand_back(agreed)
        self.transcript.event(told)
        self._reply = await self._assistant.say(
            self._world.conversation_id, told, as_intent="handed_back"
        )
        self.transcript.assistant(self._reply)
        return checks.house_rules(self._reply, outage=self._outage)

    def _happening(self, step: Step) -> str | None:
        try:
            if step.kind == "wait":
                self._world.wait(step.value)
                self.transcript.event(f"{self._world.now():%A %Y-%m-%d %H:%M}")
            elif step.kind == "agent":
                self._world.agent(step.value)
                acts = ", ".join(f"{key} {value}" for key, value in step.value.items())
                self.transcript.event(f"an agent {acts}")
            else:
                self._outage = step.value
                self._world.database_down(step.value)
                self.transcript.event("the database is " + ("down" if step.value else "up again"))
        except ValueError as error:
            return str(error)
        return None

    def _check(self, step: Step) -> str | None:
        if step.kind == "bot_contains":
            return checks.bot({"contains": self._filled_all(step.value)}, self._reply)
        if step.kind == "bot":
            if isinstance(step.value, str):
                return checks.bot(self._filled(step.value), self._reply)
            return checks.bot(
                {key: self._filled_all(parts) for key, parts in step.value.items()}, self._reply
            )
        if step.kind == "utter":
            return checks.utter(step.value, self._reply)
        if step.kind == "buttons":
            return checks.buttons(step.value, self._reply)
        if step.kind == "database":
            return checks.database(step.value, self._world.database())
        return checks.slots(step.value, self._reply, is_set=step.kind == "slot_was_set")

    def _offered(self, title: str) -> str | None:
        for offered in self._reply.buttons:
            if checks.plain(offered) == checks.plain(title):
                return offered
        return None

    def _filled(self, text: str) -> str:
        return PLACEHOLDER.sub(self._case, text)

    def _case(self, found: re.Match[str]) -> str:
        if found["typed"]:
            return found[0][1:-1]
        return self._world.case_number(found["order"]) or "(no such case)"

    def _filled_all(self, texts: Sequence[str]) -> list[str]:
        return [self._filled(text) for text in texts]
