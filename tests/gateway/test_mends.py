"""What is mended in Rasa's process: still needed, gives the same, and never silently wrong."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import events
from rasa.shared.core.events import Event
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from gateway.inside_rasa import mends
from gateway.inside_rasa.channel import GatewayChannel
from gateway.inside_rasa.starting import set_up

RESULT = {"events": [{"event": "slot", "name": "matter", "value": "damaged"}], "responses": []}


@pytest.fixture(autouse=True)
def rasa_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is mended here is undone afterwards."""
    for one in mends.MENDS:
        monkeypatch.setattr(one.owner, one.name, vars(one.owner)[one.name])


def test_every_mend_is_made_for_the_rasa_that_is_installed() -> None:
    mends.mend()
    for one in mends.MENDS:
        assert getattr(one.owner, one.name).mended is one
    mends.mend()


def test_a_rasa_of_another_text_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def newer(self: RemoteAction, result: Any) -> bool:
        return True

    monkeypatch.setattr(RemoteAction, "_validate_action_result", newer)
    with pytest.raises(mends.AnotherRasaError, match="_validate_action_result"):
        mends.mend()
    assert RemoteAction._validate_action_result is newer


async def test_they_are_applied_when_rasa_starts_to_serve() -> None:
    async def nobody(message: Any) -> None: ...

    blueprint = GatewayChannel("a-token-for-tests-only").blueprint(nobody)
    assert set_up in [one.listener for one in blueprint._future_listeners]
    agent = SimpleNamespace(action_endpoint=None)
    await set_up(SimpleNamespace(ctx=SimpleNamespace(agent=agent)), None)
    assert hasattr(RemoteAction._validate_action_result, "mended")


def test_the_schema_of_results_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checks: Counter[str] = Counter()
    check = Draft202012Validator.check_schema
    monkeypatch.setattr(
        Draft202012Validator,
        "check_schema",
        lambda schema: checks.update(["schema"]) or check(schema),
    )
    action = RemoteAction("action_x", None)
    for _ in range(3):
        action._validate_action_result(RESULT)
    assert checks["schema"] == 3, "Rasa checks it once by itself now: this mend can go"
    mends.mend()
    checks.clear()
    for _ in range(3):
        assert action._validate_action_result(RESULT)
    assert checks["schema"] == 0


NAMES = [one["properties"]["event"]["const"] for one in EVENT_SCHEMA["oneOf"]]
EVENTS = [
    {"event": name, **more}
    for name in [*NAMES, "no_such", None, 5, ["user"]]
    for more in ({}, {"name": "x", "value": 1}, {"name": 5}, {"text": 5}, {"timestamp": "now"})
]


def test_results_are_judged_as_rasa_judges_them() -> None:
    action = RemoteAction("action_x", None)

    def verdict(result: Any) -> bool:
        try:
            return action._validate_action_result(result)
        except ValidationError:
            return False

    results = [{"events": [RESULT["events"][0], event], "responses": []} for event in EVENTS]
    theirs = [verdict(result) for result in results]
    mends.mend()
    assert [verdict(result) for result in results] == theirs
    assert {True, False} <= set(theirs)


WRONG = [
    {"events": [{"name": "matter"}]},
    {"events": ["slot"]},
    {"events": None},
    {"responses": ["hello"]},
    [],
]


@pytest.mark.parametrize("wrong", WRONG)
def test_every_result_is_still_checked(wrong: Any) -> None:
    mends.mend()
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        RemoteAction("action_x", None)._validate_action_result(wrong)


def test_the_classes_of_events_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: Counter[str] = Counter()
    walk = events.rasa.shared.utils.common.all_subclasses
    monkeypatch.setattr(
        events.rasa.shared.utils.common,
        "all_subclasses",
        lambda kind: walks.update(["walk"]) or walk(kind),
    )
    slot = {"event": "slot", "name": "matter", "value": "damaged"}
    first = Event.from_parameters(slot)
    walks.clear()
    assert Event.from_parameters(slot) == first
    assert walks["walk"] > 0, "Rasa remembers them by itself now: this mend can go"
    mends.mend()
    assert Event.from_parameters(slot) == first
    walks.clear()
    assert Event.from_parameters(slot) == first
    assert walks["walk"] == 0
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")


class Component:
    """A node that tells what it was given, as a node of Rasa's does: with its name before it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *given: Any) -> tuple[str, Any]:
        if ("message", "break") in given:
            raise RuntimeError("broken")
        return self.name, [self.name, *given]


def graph() -> DaskGraphRunner:
    """read <- message; features <- read; intent <- read and features; rules <- intent, tracker."""
    needs = {
        "rules": {"intent": "intent", "tracker": "tracker"},
        "intent": {"read": "read", "features": "features"},
        "features": {"read": "read"},
        "read": {"message": "message"},
        "other": {"message": "message"},
    }
    nodes = {
        name: SchemaNode(one, None, "create", "run", {}, is_target=name == "rules")
        for name, one in needs.items()
    }
    runner = object.__new__(DaskGraphRunner)
    runner._graph_schema = GraphSchema(nodes)
    runner._instantiated_nodes = {name: Component(name) for name in nodes}
    runner._execution_context = None
    return runner


def test_the_order_of_components_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = [
        {"inputs": {"message": "hi", "tracker": 1}},
        {"inputs": {"message": "again", "tracker": 2}},
        {"inputs": {"message": "hi"}, "targets": ["intent"]},
        {"inputs": {"message": "hi"}, "targets": ["rules", "read"]},  # without a tracker
    ]
    runner = graph()
    works: Counter[str] = Counter()
    work = GraphSchema.minimal_graph_schema
    monkeypatch.setattr(
        GraphSchema,
        "minimal_graph_schema",
        lambda *given: works.update(["work"]) or work(*given),
    )
    theirs = [runner.run(**one) for one in asked]
    assert works["work"] == len(asked), "Rasa remembers it by itself now: this mend can go"
    mends.mend()
    assert [runner.run(**one) for one in asked] == theirs
    assert works["work"] == len(asked)
    with pytest.raises(GraphRunError):
        runner.run(inputs={"message": "break"}, targets=["read"])
