"""Finds messages with two different service matters, or with a clear tie between two."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import exp, log
from typing import Any

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

from language.classifier import READ_CLAUSES, WISH, Clause, SentenceClassifier
from language.clauses import is_over, of_different_things
from language.negation import denies_fault, gives_own_reason

SEVERAL_MATTERS = "several_matters"
MATTER = "matter"
"""The entity that carries each matter's intent, in order of mention."""

MATTERS = frozenset(
    {
        "cancel_order",
        "ask_order_status",
        "report_damaged_item",
        "report_defective_item",
        "return_unwanted_item",
        "correct_address",
        "report_returned_in_transit",
        "report_destroyed_in_transit",
        "report_other_problem",
        "ask_case_status",
        "withdraw_request",
    }
)
"""The service intents that start something of their own."""

_GOODS = frozenset({"report_damaged_item", "report_defective_item", "report_other_problem"})
_PARCEL = frozenset(
    {"ask_order_status", "report_returned_in_transit", "report_destroyed_in_transit"}
)
_SAME_STORY: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in [
        *((goods, "return_unwanted_item") for goods in _GOODS),
        *combinations(sorted(_GOODS), 2),
        *combinations(sorted(_PARCEL), 2),
        *((parcel, "report_other_problem") for parcel in _PARCEL),
        *((parcel, "report_damaged_item") for parcel in _PARCEL - {"ask_order_status"}),
        *((parcel, "cancel_order") for parcel in _PARCEL),
        *((parcel, "correct_address") for parcel in _PARCEL),
        ("cancel_order", "return_unwanted_item"),
        ("cancel_order", "report_other_problem"),
        ("ask_case_status", "return_unwanted_item"),
        ("ask_case_status", "ask_order_status"),
        *((matter, "withdraw_request") for matter in MATTERS - {"withdraw_request"}),
        *((goods, "ask_case_status") for goods in _GOODS),
    ]
)
"""Pairs that one story about one order often holds."""

_FACT_AND_WISH = frozenset(frozenset({goods, "return_unwanted_item"}) for goods in _GOODS)
"""Pairs that are never tied: what is wrong counts, the wish to return the goods does not."""

FAULTS = frozenset({"report_damaged_item", "report_defective_item"})
"""What may be wrong with goods that somebody wishes to return."""

WEIGHTS = {
    "always": 1.98,
    "clear": 0.53,
    "whole": 0.16,
    "same_story": -1.02,
    "things": 2.08,
    "orders": 1.44,
    "announced": 1.9,
    "clauses": -0.95,
}
"""What each sign counts for: a logistic regression's weights."""

_SURE = 1e-5
_FAINT = 1e-4


def _two_orders(message: Message) -> bool:
    numbers = {e["value"] for e in message.get(ENTITIES, []) if e["entity"] == "order_number"}
    return len(numbers) > 1


def _signs(message: Message, one: Clause, other: Clause) -> dict[str, float]:
    """Return what speaks for and against two matters in two clauses, `one` before `other`."""
    read = message.get(READ_CLAUSES, [])
    whole = {
        entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY]
        for entry in message.get(INTENT_RANKING_KEY, [])
    }
    least = min(max(min(one.confidence, other.confidence), _SURE), 1 - _SURE)
    return {
        # How sure the less certain clause is, and how likely its matter is in the whole message.
        "clear": log(least / (1 - least)),
        "whole": log(min(whole[one.intent], whole[other.intent]) + _FAINT),
        # One story about one order often holds both.
        "same_story": frozenset({one.intent, other.intent}) in _SAME_STORY,
        # Different products or order numbers in the two; two order numbers anywhere.
        "things": of_different_things(one.text, other.text),
        "orders": _two_orders(message),
        # "Also", "another" and the like in the second, or between them.
        "announced": any(c.span.announced for c in read if one.span < c.span <= other.span),
        # In a long story much is said on the side.
        "clauses": len(read),
    }


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

        Two clauses with different matters are two matters where the weighted signs that they are
        give at least `least` as a probability. The weights are those of a logistic regression over
        messages of one matter and of two; see `_signs` for what each is. With `tie` confidence each
        and less than `tie_difference` between them, the first two of the ranking are tied, but not
        in a story: a message of `story` clauses or more, in which much is said on the side.
        A wish to return goods is the fault that a clause tells of with at least `least_fault`.
        """
        return {
            "least": 0.4,
            "weights": dict(WEIGHTS),
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
                _mark(message, [clause.intent for clause in found], _parts(message, found))
                continue
            tied = self._tied(message.get(INTENT_RANKING_KEY, []))
            if tied and not self._is_story(message.get(READ_CLAUSES, [])):
                _mark(message, tied, [(0, len(message.get(TEXT, "")))] * len(tied))
            elif message.get(INTENT, {}).get(INTENT_NAME_KEY) == WISH:
                self._put_fault_first(message)
        return messages

    def _found(self, message: Message) -> list[Clause]:
        """Return a clause for each matter where there are several, in order of mention."""
        read = message.get(READ_CLAUSES, [])
        matters = [c for c in read if c.intent in MATTERS and not is_over(c.text)]
        pairs = {
            pair: chance
            for pair in combinations(matters, 2)
            if (chance := self._chance(message, *pair)) >= self._config["least"]
        }
        found = list(max(pairs, key=pairs.__getitem__, default=()))
        for clause in sorted(matters, key=lambda c: -c.confidence) if found else []:
            if all(tuple(sorted([one, clause])) in pairs for one in found):
                found.append(clause)
        return sorted(found)

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

    def _chance(self, message: Message, one: Clause, other: Clause) -> float:
        """Return how likely it is that two clauses hold two matters."""
        if one.intent == other.intent:
            return 0.0
        weights = self._config["weights"]
        signs = _signs(message, one, other)
        total = weights["always"] + sum(weights[sign] * signs[sign] for sign in signs)
        return 1 / (1 + exp(-total))

    def _tied(self, ranking: list[dict[str, Any]]) -> list[str]:
        """Return the first two of the ranking where neither is clearly ahead."""
        names = [entry[INTENT_NAME_KEY] for entry in ranking[:2]]
        shares = [entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking[:2]]
        if len(names) < 2 or not set(names) <= MATTERS or shares[1] < self._config["tie"]:
            return []
        if frozenset(names) in _FACT_AND_WISH:
            return []
        return names if shares[0] - shares[1] < self._config["tie_difference"] else []


def _parts(message: Message, found: list[Clause]) -> list[tuple[int, int]]:
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
