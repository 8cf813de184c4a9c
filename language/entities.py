"""Gives the entities that spaCy found the values the rest of the assistant works with."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.extractors.spacy_entity_extractor import SpacyEntityExtractor
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

import language
from language.clauses import announces_another
from language.negation import is_negated
from language.values import entity_value

Entity = dict[str, Any]

_ORDER = re.compile(
    r"(?:\b(?:order|purchase)|\borders\b[^.?!]*|#|(?<!'m )(?<!am )(?<!are )\bfrom)$", re.I
)
"""What stands before an order's number and before no ZIP code."""


def _day_of(message: Message) -> date:
    """Return the conversation's day: the message's metadata `today`, else today."""
    said = (message.get(METADATA) or {}).get("today")
    if isinstance(said, str):
        try:
            return date.fromisoformat(said)
        except ValueError:
            pass
    return language.today()


_ALONE_BEFORE = re.compile(r"[.,;:!?]\s*$")
_WORD = re.compile(r"\w+")
_MOST_WORDS_BETWEEN = 6
"""Between an order number and its ZIP; what stands farther away is another order."""


def _second_number_is_zip(entities: list[Entity], text: str) -> None:
    """Read two bare five-digit numbers as order number and ZIP, in that order."""
    numbers = [entity for entity in entities if entity["entity"] == "order_number"]
    if len(numbers) == 2 and not any(entity["entity"] in ("zip", "email") for entity in entities):
        first, last = numbers
        named = _ORDER.search(text[: last["start"]].rstrip())
        if (
            last["end"] - last["start"] == 5
            and not named
            and not _of_another(first, last, entities, text)
        ):
            last["entity"] = "zip"


def _of_another(first: Entity, last: Entity, entities: list[Entity], text: str) -> bool:
    """Whether a second number is another order's: far from the first, or with goods of its own."""
    between = text[first["end"] : last["start"]]
    if _ALONE_BEFORE.search(between) and not _WORD.search(text[last["end"] :]):
        return False
    if _WORD.search(between) and len(_WORD.findall(text[last["end"] :])) > 1:
        # "the chair from 10482 wobbles and 10483 never shipped"
        return True
    goods = [one["start"] for one in entities if one["entity"] == "product"]
    has_goods = any(first["end"] < start < last["start"] for start in goods)
    return has_goods or announces_another(between) or len(between.split()) > _MOST_WORDS_BETWEEN


def with_values(entities: list[Entity], text: str, today: date) -> list[Entity]:
    """Return the entities with their values set; what means nothing or is negated is left out."""
    kept = []
    for entity in entities:
        words = text[entity["start"] : entity["end"]]
        value = entity_value(entity["entity"], words, today)
        if value is not None and not is_negated(entity["entity"], text, entity["start"]):
            kept.append({**entity, "value": value})
    _second_number_is_zip(kept, text)
    return kept


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityValues(GraphComponent, EntityExtractorMixin):
    """Sets the values of the entities that SpacyEntityExtractor found; offsets stay."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to come before this component."""
        return [SpacyEntityExtractor]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityValues:
        """Create the component; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the values in each message, in place."""
        for message in messages:
            found = with_values(message.get(ENTITIES, []), message.get(TEXT), _day_of(message))
            message.set(ENTITIES, found, add_to_output=True)
        return messages
