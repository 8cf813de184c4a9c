"""What is in every part's log and metrics after real conversations, and real failures."""

import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.everything import everything, has_model
from tests.gateway.site import free_port
from tests.gateway.visitor import Visitor, photo

SAID = (
    "Zebulon dropped my chair, it arrived broken",
    "10482 dana.kim@example.com",
    "94110",
    "/restart Quillfeather",
)
PERSONAL = re.compile(
    r"Zebulon|Quillfeather|chair|dropped|broken|\b10482\b|dana\.kim|@example|\b94110\b|restart",
    re.I,
)


@dataclass
class Logs:
    """Every part's log and metrics after the conversation."""

    folder: Path
    metrics: dict[str, str]

    def text(self, part: str) -> str:
        return (self.folder / "log" / f"{part}.log").read_text("utf-8")

    def lines(self, part: str) -> list[dict[str, Any]]:
        return [json.loads(one) for one in self.text(part).splitlines() if one.startswith("{")]

    def messages(self, part: str, event: str) -> set[tuple[str, str]]:
        """The conversations and messages that the part wrote that event about."""
        return {
            (one["conversation"], one["message"])
            for one in self.lines(part)
            if event in one["event"]
        }


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    if not has_model():
        pytest.skip("no trained model here: run 'make train'")
    var = tmp_path_factory.mktemp("logs")
    ports = {"RASA_PORT": str(free_port()), "ACTIONS_PORT": str(free_port())}
    with everything(var, LOG_FORMAT="json", RASA_ACTIONS="server", **ports) as address:
        visitor = Visitor(address)
        for text in SAID:
            _say(visitor, text)
        visitor.stage(photo("JPEG"))
        visitor.send(pictures="1")
        token = (var / "secrets" / "gateway-token").read_text("utf-8").strip()
        places = {
            "gateway": f"{address}/metrics",
            "rasa": f"http://127.0.0.1:{ports['RASA_PORT']}/webhooks/gateway/metrics",
            "actions": f"http://127.0.0.1:{ports['ACTIONS_PORT']}/metrics",
        }
        metrics = {part: _scrape(place, token) for part, place in places.items()}
        _break(var / "casework.db")
        _say(visitor, SAID[0])
        visitor.client.close()
    return Logs(var, metrics)


def _scrape(place: str, token: str) -> str:
    headers = {"authorization": f"Bearer {token}"} if "webhooks" in place else {}
    return httpx.get(place, headers=headers, trust_env=False).raise_for_status().text


def _say(visitor: Visitor, text: str) -> None:
    """Send a text and wait until something is said to it."""
    before = len(visitor.messages())
    assert visitor.send(text).status_code == 204
    while not (
        len(now := visitor.messages()) > before + 1 and now[-1][0] in ("assistant", "system")
    ):
        with visitor.stream() as events:
            next(events, None)


def _break(database: Path) -> None:
    """Take a table away that the actions need, so that they fail with the customer's words."""
    with sqlite3.connect(database) as connection:
        connection.execute("ALTER TABLE orders RENAME COLUMN email TO mail")


def test_nothing_a_customer_said_is_in_any_log(logs: Logs) -> None:
    files = [*(logs.folder / "log").glob("*.log"), logs.folder / "run.log"]
    assert {one.stem for one in files} == {"gateway", "rasa", "actions", "run"}
    for file in files:
        written = file.read_text("utf-8")
        assert written, file.name
        assert PERSONAL.findall(written) == [], file.name


def test_one_message_has_one_id_in_every_part(logs: Logs) -> None:
    received = logs.messages("gateway", "received")
    assert len(received) >= len(SAID)
    for part, event in (("gateway", "answered"), ("rasa", "answered"), ("actions", " ran")):
        told = logs.messages(part, event)
        assert told, part
        assert told <= received, part


def test_every_part_tells_its_metrics_and_nothing_a_customer_said(logs: Logs) -> None:
    for part, sample in (
        ("gateway", 'aop_messages_total{author="assistant"}'),
        ("rasa", 'aop_intents_total{intent="report_damaged_item"} 1.0'),
        ("actions", "aop_action_seconds_count{"),
        ("actions", "aop_moves_total{"),
    ):
        assert sample in logs.metrics[part]
    for text in logs.metrics.values():
        told = "\n".join(one for one in text.splitlines() if not one.startswith("#"))
        assert told
        assert re.findall(r"Zebulon|Quillfeather|\b10482\b|@example|\b94110\b", told) == []


def test_failures_are_told_by_their_kind_and_place(logs: Logs) -> None:
    failed = [one for one in logs.lines("actions") if "failed" in one["event"]]
    assert failed
    assert "OperationalError" in failed[-1]["error"]
    assert any(place.startswith("actions/") for place in failed[-1]["at"])
    assert failed[-1]["conversation"]
