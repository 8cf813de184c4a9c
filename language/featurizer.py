"""The pipeline's step that adds the sentence vector to a message."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.encoder import encoder_fingerprint, shared_encoder
from language.features import Floats
from language.repair import READABLE, SpellingRepair


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds the MiniLM sentence vector of the readable text; the empty text has one too."""

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to set but Rasa's own `alias`."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to come before this component."""
        return [SpellingRepair]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages whose versions training depends on."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return the encoder's hash, so that another encoder is not taken for this one."""
        return encoder_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Create the component; it has no settings.

        Raises:
            EncoderMissingError: set-up has not been run.
        """
        shared_encoder()
        return cls(execution_context.node_name, {**cls.get_default_config(), **config})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each training sentence, one a processor at a time."""
        examples = training_data.training_examples
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for example, vector in zip(examples, threads.map(_vector, examples), strict=True):
                self.add_features_to_message(None, vector, TEXT, example)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to each message, in place."""
        for message in messages:
            self.add_features_to_message(None, _vector(message), TEXT, message)
        return messages


def _vector(message: Message) -> Floats:
    """Return a message's vector, as one row."""
    vector: Floats = shared_encoder().encode(message.get(READABLE, ""))[None, :]
    return vector
