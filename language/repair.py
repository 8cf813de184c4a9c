"""The pipeline's step that prepares a message's text for the classifier."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.clauses import clauses, with_opening
from language.negation import without_what_is_denied
from language.spelling import Speller, words_of
from language.text import readable, with_other_shops_masked

READABLE = "readable_text"
"""The message property with the text that the encoder and the classifier read."""

CLAUSES = "readable_clauses"
"""The message property with the clauses of a text that has several: where each stands, and its
readable text."""

OPENED = "readable_parts"
"""The same, with the short sentences that open the text set apart."""

MARKED = "marked_parts"
"""The property of a training message with the intent and readable text of each marked part."""

SEVERAL_MATTERS = "several_matters"
"""The intent of a message that holds several service matters."""

MATTER = "matter"
"""The entity that marks each matter's part of such a message; its value is the matter's intent."""

_FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingRepair(GraphComponent):
    """Adds the readable, repaired text to each message; text and offsets stay as typed.

    What the text says is not wanted ("don't cancel it, …") is left out of it.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, words: dict[str, int]) -> None:
        self._storage = storage
        self._resource = resource
        self._words = words
        self._speller: Speller | None = None

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages whose versions training depends on."""
        return ["symspellpy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingRepair:
        """Create an untrained component; it has no settings."""
        return cls(model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the training sentences."""
        texts = (readable(example.get(TEXT)) for example in training_data.intent_examples)
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(words_of(texts)))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingRepair:
        """Load the trained component."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / _FILE).read_text())
        component = cls(model_storage, resource, words)
        component._speller = Speller(words)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the readable text to each training sentence, and to the marked parts of one."""
        self.process(training_data.training_examples)
        for example in training_data.intent_examples:
            marked = [e for e in example.get(ENTITIES, []) if e["entity"] == MATTER]
            text = example.get(TEXT)
            parts = [(e["value"], self._read(text[e["start"] : e["end"]])) for e in marked]
            example.set(MARKED, parts)
        return training_data

    def _read(self, typed: str) -> str:
        text = readable(typed)
        repaired = self._speller.repair(text) if self._speller else text
        return without_what_is_denied(with_other_shops_masked(repaired))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the readable text to each message, in place."""
        for message in messages:
            typed = message.get(TEXT) or ""
            message.set(READABLE, self._read(typed))
            spans = clauses(typed)
            for name, found in ((CLAUSES, spans), (OPENED, with_opening(typed, spans))):
                if len(found) > 1:
                    pieces = [(span, self._read(typed[span.start : span.end])) for span in found]
                    message.set(name, pieces)
        return messages
