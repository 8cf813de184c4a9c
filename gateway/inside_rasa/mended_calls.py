"""What Rasa does with an action's result, done the same with what once was made ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def checked_by_kind(theirs: Callable[..., Any]) -> Callable[..., bool]:
    """Rasa checks the schema of results itself at every result, and each event by every kind."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    event = schema["properties"]["events"]["items"]
    frame = kind({**schema, "properties": {**schema["properties"], "events": {"type": "array"}}})
    kinds = {one["properties"]["event"]["const"]: kind(_both(event, one)) for one in event["oneOf"]}
    if len(kinds) != len(event["oneOf"]):
        raise ValueError("two kinds of events have the same name")

    def valid(event: Any) -> bool:
        name = event.get("event") if isinstance(event, dict) else None
        return isinstance(name, str) and name in kinds and bool(kinds[name].is_valid(event))

    def validate(self: RemoteAction, result: Any) -> bool:
        if frame.is_valid(result) and all(map(valid, result.get("events", ()))):
            return True
        return bool(theirs(self, result))  # which says what is wrong

    return validate


def _both(event: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """What is asked of every event and of one kind, as one schema."""
    asked = {name: value for name, value in event.items() if name != "oneOf"}
    twice = asked["properties"].keys() & one["properties"].keys()
    if twice != {"event"} or not one.keys() <= {"properties", "required"}:
        raise ValueError(f"a kind of event asks for more than it did: {sorted(twice)}")
    required = [*asked["required"], *one.get("required", ())]
    return (
        asked
        | {"properties": {**asked["properties"], **one["properties"]}}
        | {"required": required}
    )


def class_remembered(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa walks through all subclasses of Event for every event it reads."""
    return lru_cache(maxsize=256)(theirs)
