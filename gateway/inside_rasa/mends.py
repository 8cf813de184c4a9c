"""Places where Rasa 3.6.21 does over and over, at every turn, what once would do.

Each mend replaces one function of Rasa's by one that gives the same. It is made for the very text
of that function: where Rasa's differs, nothing is replaced and the start ends with a word.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event


class AnotherRasaError(RuntimeError):
    """A function to mend is not the one the mend was made for."""


@dataclass(frozen=True)
class Mend:
    """`owner.name`, the SHA-256 of its source, and what makes ours from Rasa's."""

    owner: type
    name: str
    source: str
    make: Callable[[Callable[..., Any]], Any]

    def apply(self) -> None:
        """Replace Rasa's function; calling it again changes nothing."""
        theirs = getattr(self.owner, self.name)
        if hasattr(theirs, "mended"):
            return
        if digest(theirs) != self.source:
            raise AnotherRasaError(
                f"{self.owner.__module__}.{self.owner.__name__}.{self.name} is not the one that "
                "gateway/inside_rasa/mends.py was written for: look whether it still needs mending"
            )
        is_static = isinstance(vars(self.owner)[self.name], staticmethod)
        ours = self.make(theirs)
        ours.mended = self
        setattr(self.owner, self.name, staticmethod(ours) if is_static else ours)


def digest(function: Callable[..., Any]) -> str:
    """What a function's source is known by."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


def _checked_by_kind(theirs: Callable[..., Any]) -> Callable[..., bool]:
    """Rasa checks the schema of results itself at every result, and each event by every kind."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    event = schema["properties"]["events"]["items"]
    frame = kind({**schema, "properties": {**schema["properties"], "events": {"type": "array"}}})
    kinds = {
        one["properties"]["event"]["const"]: kind({**event, "oneOf": [one]})
        for one in event["oneOf"]
    }
    if len(kinds) != len(event["oneOf"]):
        raise AnotherRasaError("two kinds of events have the same name")

    def valid(event: Any) -> bool:
        name = event.get("event") if isinstance(event, dict) else None
        return isinstance(name, str) and name in kinds and bool(kinds[name].is_valid(event))

    def validate(self: RemoteAction, result: Any) -> bool:
        if frame.is_valid(result) and all(map(valid, result.get("events", ()))):
            return True
        return bool(theirs(self, result))  # which says what is wrong

    return validate


def _class_remembered(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa walks through all subclasses of Event for every event it reads."""
    return lru_cache(maxsize=256)(theirs)


def _nodes_in_order(theirs: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Rasa works the order of the model's components out anew at every message and prediction."""

    def order(self: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        placed: dict[str, tuple[str, ...]] = {}

        def place(name: str) -> None:
            if name in placed or name not in self._graph_schema.nodes:  # a name of an input
                return
            needs = tuple(self._graph_schema.nodes[name].needs.values())
            for need in needs:
                place(need)
            placed[name] = needs

        for name in wanted:
            place(name)
        return list(placed.items())

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        orders = vars(self).setdefault("orders", {})
        if wanted not in orders:
            orders[wanted] = order(self, wanted)
        given: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in orders[wanted]:
                node = self._instantiated_nodes[name]
                given[name] = node(*(given.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(given[name] for name in wanted)

    return run


MENDS = (
    Mend(
        RemoteAction,
        "_validate_action_result",
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
        _checked_by_kind,
    ),
    Mend(
        Event,
        "resolve_by_type",
        "b5cf570fa7f286c7059ec73d8880528d03a78b28cf4e80285a46079c0fa65968",
        _class_remembered,
    ),
    Mend(
        DaskGraphRunner,
        "run",
        "45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e",
        _nodes_in_order,
    ),
)


def mend() -> None:
    """Apply every mend; raises `AnotherRasaError` where Rasa is not the one they were made for."""
    for one in MENDS:
        one.apply()
