"""The action server answers nobody but who holds its token."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from gateway.settings import PROJECT
from tests.gateway.site import free_port

TOKEN = "a-token-for-tests-only"


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "actions", "--port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "ACTIONS_TOKEN": TOKEN, "SANIC_HOST": "0.0.0.0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
        for _ in range(600):
            assert process.poll() is None
            try:
                client.get("/health")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield client
    process.terminate()
    process.wait(20)


GOOD = {"Authorization": f"Bearer {TOKEN}"}


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


def test_no_other_origin_may_call_and_a_failure_echoes_nothing(server: httpx.Client) -> None:
    secret = {"next_action": "action_reply", "tracker": "zip 90210"}
    foreign = {**GOOD, "Origin": "https://evil.example"}
    failed = server.post("/webhook", json=secret, headers=foreign)
    assert failed.status_code == 500
    assert failed.json() == {"error": "the action failed"}
    assert "access-control-allow-origin" not in failed.headers


def test_it_listens_on_loopback_alone(server: httpx.Client) -> None:
    port = server.base_url.port
    listening = subprocess.run(
        ["sh", "-c", f"cat /proc/net/tcp | grep -i ':{port:04X} 00000000:0000 0A'"],
        capture_output=True,
        text=True,
    ).stdout
    assert "0100007F:" in listening
    assert "00000000:" + f"{port:04X}" not in listening


def test_without_a_token_it_does_not_start() -> None:
    for token in ("", "short"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "actions"],
            cwd=PROJECT,
            env={**os.environ, "ACTIONS_TOKEN": token},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2
        assert "ACTIONS_TOKEN" in done.stderr
