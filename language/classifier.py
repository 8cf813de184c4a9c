"""The pipeline's intent classifier and topic selector."""

from __future__ import annotations

from typing import Any, NamedTuple

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
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from language.clauses import Span, may_hold_two
from language.encoder import encoder_fingerprint, shared_encoder
from language.features import Floats
from language.featurizer import SentenceEncoder
from language.idle import is_idle
from language.model import IntentModel, Reading, Settings
from language.negation import negated_intents
from language.repair import CLAUSES, OPENED, READABLE

READ_CLAUSES = "read_clauses"
"""The message property with what the clauses of a text that may hold two matters say."""

PARTS = "parts"
"""The message property with the clauses of a text that has several, each understood like a message
of its own: `start` and `end`, `intent`, `intent_ranking` and `response_selector`."""


class Clause(NamedTuple):
    """A clause, its readable text, its likeliest intent and how sure that is."""

    span: Span
    text: str
    intent: str
    confidence: float


_LEAST = 1e-9

_WORTH_SAYING = 0.01
"""Less likely intents and topics of a part are not handed on."""

WISH = "return_unwanted_item"
"""The intent that a fault of the goods comes before."""

_SETTINGS = tuple(Settings().__dict__)


def _vector(message: Message) -> Floats:
    _, sentence = message.get_dense_features(TEXT, [])
    vector: Floats = sentence.features[0]
    return vector


def _label(message: Message) -> str:
    return str(message.get(INTENT_RESPONSE_KEY) or message.get(INTENT))


def _ranked(shares: dict[str, float], name: str) -> list[dict[str, Any]]:
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return [{name: label, PREDICTED_CONFIDENCE_KEY: share} for label, share in ordered]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message, and the topics of a retrieval intent.

    Confidence is the probability, scaled by how much like the training sentences the text is.
    The best topic is written where Rasa's ResponseSelector would write it. For a message of
    several sentences or clauses, each of them is classified too.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model
        self._unlike = frozenset(config["unlike"])
        self._ruled_out = float(config["ruled_out"])
        self._settings = Settings(**{key: config[key] for key in _SETTINGS})

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to come before this component."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages whose versions training depends on."""
        return ["sklearn", "scipy", "onnxruntime"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return the encoder's hash, so that another encoder means training anew."""
        return encoder_fingerprint()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings of `language.model.Settings` and two more.

        `unlike` are the unfamiliar intents. With no second intent of at least `ruled_out`
        confidence, and no other sign of a second matter, clauses are not read one by one; of a wish
        to return goods they always are, for the fault that may be told beside it.
        """
        return {**Settings().__dict__, "unlike": ["out_of_scope"], "ruled_out": 0.0005}

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
        self._model = IntentModel.fit(
            [example.get(READABLE) for example in examples],
            np.stack([_vector(example) for example in examples]),
            [_label(example) for example in examples],
            unlike=self._unlike,
            settings=self._settings,
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
        """Load the trained component; from here on the process calculates on one thread."""
        # A message's products are done before a second thread is awake.
        threadpool_limits(limits=1, user_api="blas")
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking, topics and clauses to each message, in place."""
        assert self._model is not None, "the component has been neither trained nor loaded"
        for message in messages:
            text = message.get(READABLE, "")
            reading = self._model.read(text, _vector(message))
            ranking = self._ranking(reading, text)
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if reading.topics:
                message.set(RESPONSE_SELECTOR, _selected(reading.topics), add_to_output=True)
            second = ranking[1][PREDICTED_CONFIDENCE_KEY] if len(ranking) > 1 else 0.0
            pieces, opened = message.get(CLAUSES, []), message.get(OPENED, [])
            parts = {span: self._part(span, text) for span, text in opened}
            if parts:
                message.set(PARTS, list(parts.values()), add_to_output=True)
            may_hide = second >= self._ruled_out or ranking[0][INTENT_NAME_KEY] == WISH
            if may_hide or may_hold_two([piece for _, piece in pieces]):
                telling = [piece for piece in pieces if not is_idle(piece[1])]
                read = [(*piece, parts.get(piece[0]) or self._part(*piece)) for piece in telling]
                message.set(READ_CLAUSES, [_clause(*one) for one in read])
        return messages

    def _ranking(self, reading: Reading, text: str) -> list[dict[str, Any]]:
        if not text:
            return _ranked(dict.fromkeys(reading.intents, 0.0), INTENT_NAME_KEY)
        negated = negated_intents(text)
        possible = sum(share for name, share in reading.intents.items() if name not in negated)
        scaled = {
            name: share / max(possible, _LEAST) * (1 if name in self._unlike else reading.likeness)
            for name, share in reading.intents.items()
        }
        scaled |= dict.fromkeys(negated & scaled.keys(), 0.0)
        return _ranked(scaled, INTENT_NAME_KEY)

    def _part(self, span: Span, text: str) -> dict[str, Any]:
        """Return what a part of a message says, in the form of a message; the unlikely left out."""
        assert self._model is not None
        reading = self._model.read(text, shared_encoder().encode(text))
        ranking = self._ranking(reading, text)
        likely = [one for one in ranking if one[PREDICTED_CONFIDENCE_KEY] >= _WORTH_SAYING]
        intents = {one[INTENT_NAME_KEY] for one in likely}
        topics = {name: shares for name, shares in reading.topics.items() if name in intents}
        return {
            "start": span.start,
            "end": span.end,
            INTENT: ranking[0],
            INTENT_RANKING_KEY: likely,
            RESPONSE_SELECTOR: _selected(topics),
        }


def _clause(span: Span, text: str, part: dict[str, Any]) -> Clause:
    best = part[INTENT]
    return Clause(span, text, best[INTENT_NAME_KEY], best[PREDICTED_CONFIDENCE_KEY])


def _selected(topics: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return the topics as Rasa's ResponseSelector would say them."""
    selected: dict[str, Any] = {"all_retrieval_intents": sorted(topics)}
    for intent, shares in topics.items():
        ranking = _ranked(shares, INTENT_RESPONSE_KEY)
        best = ranking[0]
        selected[intent] = {
            "response": {**best, "utter_action": f"utter_{best[INTENT_RESPONSE_KEY]}"},
            "ranking": ranking,
        }
    return selected
