"""The pipeline's intent classifier and topic selector."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_IDENTIFIER_DELIMITER,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.featurizer import SentenceEncoder
from language.model import Floats, IntentModel, Settings
from language.repair import READABLE

Ranking = list[dict[str, Any]]


def _vector(message: Message) -> Floats:
    _, sentence = message.get_dense_features(TEXT, [])
    vector: Floats = sentence.features[0]
    return vector


def _label(message: Message) -> str:
    return str(message.get(INTENT_RESPONSE_KEY) or message.get(INTENT))


def _ranked(shares: dict[str, float], name: str) -> Ranking:
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return [{name: label, PREDICTED_CONFIDENCE_KEY: float(share)} for label, share in ordered]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message, and the topics of a retrieval intent.

    A label "ask_policy/damaged" of the training data is learned as it stands; the intent's
    confidence is the sum over its topics. The best topic is written where Rasa's
    ResponseSelector would write it. Confidence is the probability, scaled by how much like the
    training sentences the text is.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to come before this component."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages whose versions training depends on."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults (see `language.model.Settings`)."""
        return {**Settings().__dict__, "unlike": ["out_of_scope"]}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceClassifier:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train the model on the training sentences."""
        examples = training_data.intent_examples
        fields = Settings().__dict__
        self._model = IntentModel.fit(
            [example.get(READABLE) for example in examples],
            np.stack([_vector(example) for example in examples]),
            [_label(example) for example in examples],
            unlike=frozenset(self._config["unlike"]),
            settings=Settings(**{key: self._config[key] for key in fields}),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceClassifier:
        """Load the trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking and topics to each message, in place."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        assert self._model is not None
        vector = _vector(message)
        shares = self._model.probabilities(message.get(READABLE, ""), vector)
        likeness = self._model.likeness(vector)
        intents: dict[str, float] = defaultdict(float)
        topics: dict[str, dict[str, float]] = defaultdict(dict)
        for label, share in zip(self._model.labels, shares.tolist(), strict=True):
            intent, slash, _ = label.partition(RESPONSE_IDENTIFIER_DELIMITER)
            intents[intent] += share * (1 if intent in self._config["unlike"] else likeness)
            if slash:
                topics[intent][label] = share
        ranking = _ranked(intents, INTENT_NAME_KEY)
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        if topics:
            message.set(RESPONSE_SELECTOR, _selected(topics), add_to_output=True)


def _selected(topics: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return the topics as Rasa's ResponseSelector would say them."""
    selected: dict[str, Any] = {"all_retrieval_intents": sorted(topics)}
    for intent, shares in topics.items():
        whole = sum(shares.values()) or 1.0
        ranking = _ranked(
            {label: share / whole for label, share in shares.items()}, INTENT_RESPONSE_KEY
        )
        best = ranking[0]
        selected[intent] = {
            "response": {**best, "utter_action": f"utter_{best[INTENT_RESPONSE_KEY]}"},
            "ranking": ranking,
        }
    return selected
