"""Where conversations are played: the trained assistant, loaded once, and its worlds."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.conversations.model import ROOT, current_model
from tests.conversations.player import Player
from tests.conversations.reader import read
from tests.conversations.schema import Conversation
from tests.conversations.transcript import Reply, Transcript
from tests.conversations.world import ConversationWorld, Worlds

# Rasa must not reach out, and TensorFlow need not tell what it finds.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
Result = TypeVar("Result")
FOLDER = Path(__file__).parent


class Typing:
    """The assistant, to a customer who takes a few seconds for each message."""

    def __init__(self, assistant: Any, world: ConversationWorld) -> None:
        self._assistant = assistant
        self._world = world

    async def say(self, conversation_id: str, text: str, *, as_intent: str | None = None) -> Reply:
        """The reply to one message."""
        self._world.tick()
        reply: Reply = await self._assistant.say(conversation_id, text, as_intent=as_intent)
        return reply


class Stage:
    """Plays conversations one after the other; trains and loads the assistant at the first."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._assistant: Any = None
        self.worlds = Worlds()

    @property
    def assistant(self) -> Any:
        """The trained assistant."""
        if self._assistant is None:
            model = current_model()
            os.environ.update(QUIET)
            with warnings.catch_warnings(record=True):  # kept nowhere: they are others' to mend
                from tests.conversations.rasa_assistant import RasaAssistant

                self._assistant = RasaAssistant(model, ROOT)
        return self._assistant

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run one coroutine to its end."""
        return self._loop.run_until_complete(work)

    def play(self, conversation: Conversation) -> Transcript:
        """Play one conversation in a fresh world.

        Raises:
            MismatchError: it did not go as its file says.
            ValueError: the file asks for an order or a policy number that is not there.
        """
        assistant = self.assistant
        with self.worlds.world_of(conversation) as world:
            return self.run(Player(conversation, Typing(assistant, world), world).play())

    def close(self) -> None:
        """Let go of the loop and the temporary files."""
        self.worlds.close()
        self._loop.close()


def conversation_files(folder: Path = FOLDER) -> list[Path]:
    """Every conversation file under a folder."""
    return sorted(folder.rglob("*.yml"))


def conversations(folder: Path = FOLDER) -> list[Conversation]:
    """Every conversation under a folder."""
    return [conversation for path in conversation_files(folder) for conversation in read(path)]
