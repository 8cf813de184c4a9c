"""The compose file names what exists, and lets nobody in but through the proxy."""

from typing import Any

import yaml

from gateway.settings import PROJECT

DEPLOY = PROJECT / "deploy"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    return found


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, one in services().items() if "ports" in one] == ["proxy"]
    outer = {name for name, one in services().items() if "outer" in one["networks"]}
    assert outer == {"gateway", "proxy"}


def test_the_gateways_know_every_worker_of_the_assistant() -> None:
    rasa = {name for name in services() if name.startswith("rasa-")}
    urls = services()["gateway"]["environment"]["GATEWAY_RASA_URL"].split()
    assert urls == [f"http://{name}:5005" for name in sorted(rasa)]


def test_migrations_run_once_before_anybody_serves() -> None:
    for name in ("gateway", "actions"):
        waits = services()[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}


def test_rasa_is_told_the_same_as_by_itself_but_for_the_places() -> None:
    inside = yaml.safe_load((DEPLOY / "endpoints.yml").read_text("utf-8"))
    alone = yaml.safe_load((PROJECT / "endpoints.yml").read_text("utf-8"))
    assert inside["tracker_store"]["type"] == alone["tracker_store"]["type"]
    assert inside["action_endpoint"].keys() == alone["action_endpoint"].keys()
    assert {inside["tracker_store"]["url"], inside["lock_store"]["url"]} <= services().keys()
