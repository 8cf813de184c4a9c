"""Actions inside Rasa's process answer as an action server does, and hold nobody up."""

import asyncio
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from gateway.inside_rasa.actions_inside import ActionsInside
from gateway.inside_rasa.starting import bring_in_actions

ACTIONS = """
import threading
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

go_on = threading.Event()

class Spoils(Action):
    def name(self): return "action_spoils"
    async def run(self, dispatcher, tracker, domain):
        tracker.slots["items"].append("spoilt")
        dispatcher.utter_message(text=str(tracker.slots["items"]))
        return [{"event": "slot", "name": "items", "value": ("a", "tuple")}]

class Waits(Action):
    def name(self): return "action_waits"
    async def run(self, dispatcher, tracker, domain):
        go_on.wait()

class Refuses(Action):
    def name(self): return "action_refuses"
    async def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "not now")

class Breaks(Action):
    def name(self): return "action_breaks"
    async def run(self, dispatcher, tracker, domain):
        raise ValueError("an inner secret")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "some_actions.py").write_text(ACTIONS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "some_actions"
    del sys.modules["some_actions"]


def call(name: str, **slots: Any) -> dict[str, Any]:
    return {"next_action": name, "tracker": {"sender_id": "c1", "slots": slots}}


class Items(list[str]):
    """A list of a kind of its own, as YAML gives."""


@pytest.mark.parametrize("items", [["chair"], Items(["chair"])])
async def test_an_action_changes_nothing_of_rasas(package: str, items: list[str]) -> None:
    answer = await ActionsInside(package).request(json=call("action_spoils", items=items))
    assert answer["responses"][0]["text"] == "['chair', 'spoilt']"
    assert answer["events"] == [{"event": "slot", "name": "items", "value": ["a", "tuple"]}]
    assert items == ["chair"]


async def test_rasa_goes_on_while_an_action_waits(package: str) -> None:
    actions = ActionsInside(package)
    waiting = asyncio.create_task(actions.request(json=call("action_waits")))
    await asyncio.sleep(0)
    sys.modules[package].go_on.set()
    assert await waiting == {"events": [], "responses": []}


@pytest.mark.parametrize(
    ("name", "status"), [("refuses", 400), ("breaks", 500), ("nobody_knows", 404)]
)
async def test_what_is_refused_or_fails_is_told_as_a_server_tells_it(
    package: str, name: str, status: int
) -> None:
    with pytest.raises(ClientResponseError) as told:
        await ActionsInside(package).request(json=call(f"action_{name}"))
    assert told.value.status == status
    assert "secret" not in told.value.text
    if status == 400:
        assert json.loads(told.value.text) == {"error": "not now", "action_name": "action_refuses"}


def test_they_are_brought_in_where_the_endpoint_says_so(package: str) -> None:
    endpoint = EndpointConfig("http://x", inside=package, enable_selective_domain=True)
    processor = SimpleNamespace(action_endpoint=endpoint)
    agent = SimpleNamespace(action_endpoint=endpoint, processor=processor)
    bring_in_actions(agent)
    assert isinstance(agent.action_endpoint, ActionsInside)
    assert processor.action_endpoint is agent.action_endpoint
    assert agent.action_endpoint.kwargs == {"enable_selective_domain": True}


def test_otherwise_they_stay_with_their_server() -> None:
    endpoint = EndpointConfig("http://x", enable_selective_domain=True)
    agent = SimpleNamespace(action_endpoint=endpoint, processor=None)
    bring_in_actions(agent)
    assert agent.action_endpoint is endpoint
