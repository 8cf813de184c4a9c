"""The action server answers nobody but who holds its token."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.settings import PROJECT
from tests.faults.machine import Process, running
from tests.gateway.site import free_port

TOKEN = "a-token-for-tests-only"
GOOD = {"Authorization": f"Bearer {TOKEN}"}
FOREIGN = {"Origin": "https://evil.example"}
COMMAND = [sys.executable, "-W", "ignore", "-m", "actions", "--port"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = Process(
        [*COMMAND, str(port)],
        tmp_path_factory.mktemp("actions") / "actions.log",
        {"ACTIONS_TOKEN": TOKEN, "SANIC_HOST": "0.0.0.0"},
        f"{address}/health",
    )
    with (
        running(process),
        httpx.Client(base_url=address, trust_env=False, timeout=20) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer x"},
     {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer"}],
)  # fmt: skip
def test_without_the_token_nothing_is_run_or_told(
    server: httpx.Client, headers: dict[str, str]
) -> None:
    call = {"next_action": "action_reply", "tracker": {"sender_id": "x"}}
    for answer in (
        server.post("/webhook", json=call, headers=headers),
        server.get("/actions", headers=headers),
    ):
        assert answer.status_code == 401
        assert "action_" not in answer.text
    asked = server.post("/webhook", params={"token": TOKEN}, json=call)
    assert asked.status_code == 401


def test_who_holds_it_is_answered(server: httpx.Client) -> None:
    listed = server.get("/actions", headers=GOOD)
    assert {"name": "action_reply"} in listed.json()


def allowed(answer: httpx.Response) -> list[str]:
    """What the answer lets pages of other origins do."""
    return [name for name in answer.headers if name.startswith("access-control-allow")]


def test_a_failure_echoes_nothing_and_is_for_no_other_origin(server: httpx.Client) -> None:
    secret = {"next_action": "action_reply", "tracker": "zip 90210"}
    failed = server.post("/webhook", json=secret, headers=GOOD | FOREIGN)
    assert failed.status_code == 500
    assert failed.json() == {"error": "the action failed"}
    assert allowed(failed) == []


def test_no_other_origin_may_read_a_good_answer(server: httpx.Client) -> None:
    listed = server.get("/actions", headers=GOOD | FOREIGN)
    assert listed.status_code == 200
    assert allowed(listed) == []


@pytest.mark.parametrize("token", [{}, GOOD])
def test_no_other_origin_may_call(server: httpx.Client, token: dict[str, str]) -> None:
    wish = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    assert allowed(server.options("/webhook", headers=FOREIGN | wish | token)) == []


def test_it_listens_on_loopback_alone(server: httpx.Client) -> None:
    listening = [
        row.split()[1].split(":")
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if row.split()[3] == "0A"
    ]
    port = f"{server.base_url.port:04X}"
    assert [address for address, at in listening if at == port] == ["0100007F"]


@pytest.mark.parametrize("token", ["", "short"])
def test_without_a_token_it_does_not_start(token: str) -> None:
    done = subprocess.run(
        [*COMMAND, str(free_port())],
        cwd=PROJECT,
        env={**os.environ, "ACTIONS_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "ACTIONS_TOKEN" in done.stderr
