"""GET /metrics: what it tells, and to whom; and the dashboard that draws it."""

import json
import re
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from actions import noting
from casework.operating.metrics import REGISTRY
from casework.operating.standing_metrics import BY_CHANNEL, GAUGES
from gateway.settings import PROJECT
from tests.gateway.site import Site, running_site
from tests.gateway.visitor import Visitor

DASHBOARD = PROJECT / "deploy" / "grafana" / "aftersales.json"
FROM_THE_GATEWAY = {*GAUGES, *BY_CHANNEL, "aop_database_up", "aop_part_ok"}


def metrics(site: Site, **headers: str) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus reads it."""
    answer = httpx.get(f"{site.address}/metrics", headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_message_and_its_answer_are_counted_and_timed(site: Site, visitor: Visitor) -> None:
    before = metrics(site)
    visitor.send("It arrived damaged")
    visitor.wait_for("order number")
    after = metrics(site)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more("aop_messages_total customer") == more("aop_messages_total assistant") == 1
    assert more("aop_answer_seconds_count") == more("aop_assistant_seconds_count") == 1
    assert more("aop_http_seconds_count POST 2xx") == 1
    assert after["aop_database_up"] == after["aop_part_ok assistant"] == 1
    assert after["process_resident_memory_bytes"] > 0


def test_trouble_is_counted(site: Site, visitor: Visitor) -> None:
    before = metrics(site)
    site.fake.behave = "broken"
    visitor.send("It arrived damaged")
    visitor.wait_for("1-213")
    after = metrics(site)
    name = "aop_turn_troubles_total failed"
    assert after[name] > before.get(name, 0)


def test_a_stranger_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "a-token-for-tests-only")
    with running_site(tmp_path) as site:
        for headers in ({}, {"authorization": "Bearer another"}):
            answer = httpx.get(f"{site.address}/metrics", headers=headers, trust_env=False)
            assert answer.status_code == 404
            assert "aop_" not in answer.text
        assert metrics(site, authorization="Bearer a-token-for-tests-only")


def test_behind_a_proxy_this_machines_address_proves_nothing(tmp_path: Path) -> None:
    with running_site(tmp_path, public_url="https://help.example") as site:
        local = f"http://127.0.0.1:{site.settings.port}/metrics"
        assert httpx.get(local, trust_env=False).status_code == 404
        guessed = {"authorization": "Bearer guessed"}
        assert httpx.get(local, headers=guessed, trust_env=False).status_code == 404


def test_the_dashboard_draws_exactly_what_there_is() -> None:
    assert noting  # its metrics, too
    ours = [one for one in REGISTRY.collect() if one.name.startswith("aop_")]
    there = {f"{one.name}_total" if one.type == "counter" else one.name for one in ours}
    there |= FROM_THE_GATEWAY
    text = DASHBOARD.read_text("utf-8")
    drawn = set(re.findall(r"\baop_\w+", " ".join(_queries(json.loads(text)))))
    assert {re.sub(r"_(bucket|count|sum)$", "", one) for one in drawn} == there


def _queries(dashboard: dict[str, list[dict[str, object]]]) -> list[str]:
    return [
        target["expr"]
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())  # type: ignore[attr-defined]
    ]
