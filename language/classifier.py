"""The pipeline's intent classifier and topic selector."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
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

from language.clauses import Span
from language.encoder import encoder_fingerprint, shared_encoder
from language.features import Floats
from language.featurizer import SentenceEncoder
from language.gate import Pair
from language.heads import Settings
from language.idle import is_idle
from language.model import IntentModel, Reading
from language.negation import negated_intents
from language.repair import CLAUSES, MARKED, OPENED, READABLE, SEVERAL_MATTERS
from language.several import MATTERS, Encode, Example, Several

READ_CLAUSES = "read_clauses"
"""The message property with what the clauses of a text that may hold two matters say."""

PARTS = "parts"
"""The message property with the clauses of a text that has several, each understood like a message
of its own: `start` and `end`, `intent`, `intent_ranking` and `response_selector`."""

PAIRS = "pairs_of_matters"
"""The message property with the pairs of matters that a text may hold, and the chance of each."""


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


def _example(message: Message, matters: frozenset[str] = frozenset()) -> Example:
    text, clauses = message.get(READABLE, ""), message.get(CLAUSES, [])
    return Example(text, _vector(message), matters, clauses)


def _holding_one(sentence: Message) -> Example:
    return _example(sentence, frozenset({sentence.get(INTENT)} & set(MATTERS)))


def _holding_several(message: Message) -> Example:
    encode = shared_encoder().encode
    parts = [Example(text, encode(text), frozenset({name})) for name, text in message.get(MARKED)]
    holds = frozenset(name for part in parts for name in part.matters)
    return replace(_example(message, holds), parts=parts)


def _ranked(shares: dict[str, float], name: str) -> list[dict[str, Any]]:
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return [{name: label, PREDICTED_CONFIDENCE_KEY: share} for label, share in ordered]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message, and the topics of a retrieval intent.

    Confidence is the probability, scaled by how much like the training sentences the text is.
    The best topic is written where Rasa's ResponseSelector would write it. For a message of
    several sentences or clauses, each of them is classified too. A message that leaves room for a
    second service matter has the pairs that it may hold with their chance, where messages of
    `several_matters` were learned from; that intent itself is never learned.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        several: Several | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model
        self._several = several
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
        """Return the settings of `language.heads.Settings` and two more.

        `unlike` are the unfamiliar intents. With no second intent of at least `ruled_out`
        confidence, and no room for a second matter, clauses are not read one by one; of a wish
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
        sentences = [one for one in examples if one.get(INTENT) != SEVERAL_MATTERS]
        several = [_holding_several(one) for one in examples if one.get(INTENT) == SEVERAL_MATTERS]
        parts = [part for one in several for part in one.parts]
        self._model = IntentModel.fit(
            [*(one.get(READABLE) for one in sentences), *(part.text for part in parts)],
            np.stack([*map(_vector, sentences), *(part.vector for part in parts)]),
            [*map(_label, sentences), *(name for part in parts for name in part.matters)],
            unlike=self._unlike,
            settings=self._settings,
        )
        if several:
            told = [*map(_holding_one, sentences), *several]
            encode = shared_encoder().encode
            self._several = Several.fit(self._model.features, told, self._settings, encode)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            if self._several:
                self._several.save(folder)
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
            model = IntentModel.load(folder)
            several = Several.load(folder, model.features)
            return cls(config, model_storage, resource, model, several)

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
            # What is read twice is encoded once.
            encode = lru_cache(maxsize=None)(shared_encoder().encode)
            pairs = self._pairs(message, encode)
            message.set(PAIRS, pairs)
            parts = {span: self._part(span, text, encode) for span, text in opened}
            if parts:
                message.set(PARTS, list(parts.values()), add_to_output=True)
            if pairs or second >= self._ruled_out or ranking[0][INTENT_NAME_KEY] == WISH:
                read = [
                    _clause(span, text, parts.get(span) or self._part(span, text, encode))
                    for span, text in pieces
                    if not is_idle(text)
                ]
                message.set(READ_CLAUSES, read)
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

    def _pairs(self, message: Message, encode: Encode) -> list[tuple[Pair, float]]:
        """Return the pairs of matters that a message may hold, each with its chance."""
        if self._several is None:
            return []
        told = self._several.told(message.get(TEXT, ""), _example(message), encode)
        return self._several.pairs(told)

    def _part(self, span: Span, text: str, encode: Encode) -> dict[str, Any]:
        """Return what a part of a message says, in the form of a message; the unlikely left out."""
        assert self._model is not None
        reading = self._model.read(text, encode(text))
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
