"""Finds messages with two different service matters, or with a clear tie between two."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from language.classifier import PAIRS, READ_CLAUSES, WISH, Clause, SentenceClassifier
from language.clauses import Span, is_over
from language.negation import denies_fault, gives_own_reason
from language.repair import MATTER, SEVERAL_MATTERS
from language.several import MATTERS

_GOODS = ("report_damaged_item", "report_defective_item", "report_other_problem")
_FACT_AND_WISH = frozenset(frozenset({goods, "return_unwanted_item"}) for goods in _GOODS)
"""Pairs that are never tied: what is wrong counts, the wish to return the goods does not."""

FAULTS = frozenset({"report_damaged_item", "report_defective_item"})
"""What may be wrong with goods that somebody wishes to return."""


class Mention(NamedTuple):
    """A matter, and where it is said."""

    span: Span
    intent: str


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SeveralMatters(IntentClassifier, GraphComponent):
    """Sets the intent `several_matters` where one message holds two matters or more.

    The ranking then starts with `several_matters` and the matters in order of mention (in a tie:
    the likelier first), and each of them is an entity `matter` with the intent as its value. The
    entity stands where its part of the message stands, and has that part as its `clause`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to come before this component."""
        return [SentenceClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults.

        A message holds two matters where the gate (`language.gate`) gives them a chance of at
        least `least`. With `tie` confidence each
        and less than `tie_difference` between them, the first two of the ranking are tied, but not
        in a story: a message of `story` clauses or more, in which much is said on the side.
        A wish to return goods is the fault that a clause tells of with at least `least_fault`.
        """
        return {
            "least": 0.45,
            "story": 4,
            "least_fault": 0.8,
            "tie": 0.42,
            "tie_difference": 0.1,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SeveralMatters:
        """Create the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark the messages that hold two matters, in place."""
        for message in messages:
            found = self._found(message)
            if found:
                _mark(message, [one.intent for one in found], _parts(message, found))
                continue
            tied = self._tied(message.get(INTENT_RANKING_KEY, []))
            if tied and not self._is_story(message.get(READ_CLAUSES, [])):
                _mark(message, tied, [(0, len(message.get(TEXT, "")))] * len(tied))
            elif message.get(INTENT, {}).get(INTENT_NAME_KEY) == WISH:
                self._put_fault_first(message)
        return messages

    def _found(self, message: Message) -> list[Mention]:
        """Return the matters where there are several, in order of mention."""
        likely = [pair for pair in message.get(PAIRS, []) if pair[1] >= self._config["least"]]
        together = {frozenset(pair.matters) for pair, _ in likely}
        found: dict[str, Span] = {}
        for pair, _ in sorted(likely, key=lambda one: -one[1]):
            for intent, span in zip(pair.matters, pair.spans, strict=True):
                # A third matter is one that makes a pair with each of the others.
                with_all = all(frozenset({intent, other}) in together for other in found)
                new = intent not in found and span not in found.values()
                if new and (len(found) < 2 or with_all):
                    found[intent] = span
        return sorted(Mention(span, intent) for intent, span in found.items())

    def _put_fault_first(self, message: Message) -> None:
        """Take a wish to return for the fault a clause tells of, which gives a better right."""
        read = message.get(READ_CLAUSES, [])
        told = [c for c in read if c.intent in FAULTS and not is_over(c.text)]
        fault = max(told, key=lambda clause: clause.confidence, default=None)
        if fault is None or fault.confidence < self._config["least_fault"]:
            return
        if any(denies_fault(c.text) or gives_own_reason(c.text) for c in read):
            return
        ranking = message.get(INTENT_RANKING_KEY)
        shares = {entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking}
        shares |= {fault.intent: shares[WISH], WISH: shares.get(fault.intent, 0.0)}
        swapped = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: share}
            for name, share in sorted(shares.items(), key=lambda entry: -entry[1])
        ]
        message.set(INTENT, dict(swapped[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, swapped, add_to_output=True)

    def _is_story(self, read: list[Clause]) -> bool:
        return len(read) >= int(self._config["story"])

    def _tied(self, ranking: list[dict[str, Any]]) -> list[str]:
        """Return the first two of the ranking where neither is clearly ahead."""
        names = [entry[INTENT_NAME_KEY] for entry in ranking[:2]]
        shares = [entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking[:2]]
        if len(names) < 2 or not set(names) <= set(MATTERS) or shares[1] < self._config["tie"]:
            return []
        if frozenset(names) in _FACT_AND_WISH:
            return []
        return names if shares[0] - shares[1] < self._config["tie_difference"] else []


def _parts(message: Message, found: list[Mention]) -> list[tuple[int, int]]:
    """Return where each matter's part of the message stands: together, all of it.

    A part begins with its clause, or with the clause before that announces it.
    """
    starts = [0]
    for last, clause in pairwise(found):
        between = [
            c.span.start
            for c in message.get(READ_CLAUSES, [])
            if c.span.announced and last.span < c.span <= clause.span
        ]
        starts.append(min([*between, clause.span.start]))
    return list(zip(starts, [*starts[1:], len(message.get(TEXT, ""))], strict=True))


def _mark(message: Message, matters: list[str], parts: list[tuple[int, int]]) -> None:
    ranking = message.get(INTENT_RANKING_KEY)
    by_name = {entry[INTENT_NAME_KEY]: entry for entry in ranking}
    confidence = max(by_name[name][PREDICTED_CONFIDENCE_KEY] for name in matters)
    several = {INTENT_NAME_KEY: SEVERAL_MATTERS, PREDICTED_CONFIDENCE_KEY: max(confidence, 0.5)}
    others = [entry for entry in ranking if entry[INTENT_NAME_KEY] not in matters]
    message.set(INTENT, dict(several), add_to_output=True)
    message.set(
        INTENT_RANKING_KEY,
        [several, *(by_name[name] for name in matters), *others],
        add_to_output=True,
    )
    text = message.get(TEXT, "")
    entities = [
        {
            "entity": MATTER,
            "value": name,
            "start": start,
            "end": end,
            "clause": text[start:end].strip(),
            "extractor": "SeveralMatters",
        }
        for name, (start, end) in zip(matters, parts, strict=True)
    ]
    message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
