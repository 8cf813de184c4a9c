"""The first component of the pipeline: text a customer typed is never a command."""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

SLASHES = frozenset("/\\／⁄∕╱⧸⟋⫽＼﹨∖⧵⧹\u0338")
"""The slash and what looks like one or becomes one when text is normalised."""

_UNSEEN = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"))


def plain_text(text: str) -> str:
    """Return the text without what stands before its first real character.

    Slashes, their look-alikes, white space and invisible characters go from the start, so that
    the rest can never be taken for one of Rasa's `/intent` messages.
    """
    start = 0
    while start < len(text) and (
        text[start] in SLASHES or unicodedata.category(text[start]) in _UNSEEN
    ):
        start += 1
    return text[start:]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PlainText(GraphComponent):
    """Takes leading slashes from typed text before anything else reads it.

    Rasa's own RegexMessageHandler, which ends every pipeline, executes text that starts with
    "/" as an intent with entities; after this component no text does.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainText:
        """Create the component; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Make each message's text plain, in place."""
        for message in messages:
            message.set(TEXT, plain_text(message.get(TEXT) or ""))
        return messages
