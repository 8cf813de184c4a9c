"""Finds messages with two different service matters, or with a clear tie between two."""

from __future__ import annotations

from itertools import combinations
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

from language.classifier import CLAUSES, Clause, SentenceClassifier
from language.clauses import announces_another, is_over, of_different_things
from language.repair import READABLE

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
        *((goods, "ask_case_status") for goods in _GOODS),
    ]
)
"""Pairs that one story about one order often holds: two need a sign that they are two."""

_FACT_AND_WISH = frozenset(frozenset({goods, "return_unwanted_item"}) for goods in _GOODS)
"""Pairs that are never tied: what is wrong counts, the wish to return the goods does not."""

_NEVER = 2.0


def _two_orders(message: Message) -> bool:
    numbers = {e["value"] for e in message.get(ENTITIES, []) if e["entity"] == "order_number"}
    return len(numbers) > 1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SeveralMatters(IntentClassifier, GraphComponent):
    """Sets the intent `several_matters` where one message holds two matters.

    The ranking then starts with `several_matters` and the two matters in order of mention (in
    a tie: the likelier first), and each of the two is an entity `matter` with the intent as
    its value.
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

        Two clauses with different matters are two matters where both have `plain` confidence
        and, in the whole message, `whole`. Where the message says that there are two (another
        matter, two orders, different items), `said` is enough, or `same_story` where one story
        often holds both; those are never two without such a sign. With `tie` confidence each and
        less than `tie_difference` between them, the first two of the ranking are tied.
        """
        return {
            "plain": 0.8,
            "whole": 0.003,
            "said": 0.35,
            "same_story": 0.55,
            "tie": 0.35,
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
            pair = self._pair(message)
            if pair:
                _mark(message, pair)
        return messages

    def _pair(self, message: Message) -> list[str]:
        """Return the two matters of the message, or nothing."""
        ranking = message.get(INTENT_RANKING_KEY, [])
        whole = {entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking}
        announced = announces_another(message.get(READABLE, "")) or _two_orders(message)
        found = [c for c in message.get(CLAUSES, []) if c.intent in MATTERS and not is_over(c.text)]
        best: list[str] = []
        most = 0.0
        for one, other in combinations(found, 2):
            said = announced or of_different_things(one.text, other.text)
            sure = min(one.confidence, other.confidence)
            if sure > most and sure >= self._needed(one, other, whole, said):
                best, most = [one.intent, other.intent], sure
        return best or self._tied(ranking)

    def _needed(self, one: Clause, other: Clause, whole: dict[str, float], said: bool) -> float:
        """Return the confidence that both clauses need to be two matters; above 1: never."""
        pair = frozenset({one.intent, other.intent})
        if len(pair) == 1:
            return _NEVER
        if said:
            return float(self._config["same_story" if pair in _SAME_STORY else "said"])
        unlikely = min(whole[name] for name in pair) < self._config["whole"]
        return _NEVER if unlikely or pair in _SAME_STORY else float(self._config["plain"])

    def _tied(self, ranking: list[dict[str, Any]]) -> list[str]:
        """Return the first two of the ranking where neither is clearly ahead."""
        names = [entry[INTENT_NAME_KEY] for entry in ranking[:2]]
        shares = [entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking[:2]]
        if len(names) < 2 or not set(names) <= MATTERS or shares[1] < self._config["tie"]:
            return []
        if frozenset(names) in _FACT_AND_WISH:
            return []
        return names if shares[0] - shares[1] < self._config["tie_difference"] else []


def _mark(message: Message, pair: list[str]) -> None:
    ranking = message.get(INTENT_RANKING_KEY)
    by_name = {entry[INTENT_NAME_KEY]: entry for entry in ranking}
    confidence = max(by_name[name][PREDICTED_CONFIDENCE_KEY] for name in pair)
    several = {INTENT_NAME_KEY: SEVERAL_MATTERS, PREDICTED_CONFIDENCE_KEY: max(confidence, 0.5)}
    others = [entry for entry in ranking if entry[INTENT_NAME_KEY] not in pair]
    message.set(INTENT, dict(several), add_to_output=True)
    message.set(
        INTENT_RANKING_KEY,
        [several, *(by_name[name] for name in pair), *others],
        add_to_output=True,
    )
    end = len(message.get(TEXT, ""))
    matters = [
        {"entity": MATTER, "value": name, "start": 0, "end": end, "extractor": "SeveralMatters"}
        for name in pair
    ]
    message.set(ENTITIES, message.get(ENTITIES, []) + matters, add_to_output=True)
