"""Starting and ending everything together."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from casework.database import Database
from casework.shop import now
from casework.signing_in import sign_in
from gateway.__main__ import main
from gateway.settings import PROJECT, Settings, SettingsError
from gateway.start.processes import run, run_together
from gateway.start.sample_account import SAMPLE_LOGIN, close_sample_account, sample_sign_in
from gateway.start.shape import read_shape

WAITS = f"{sys.executable} -c 'import time; print(\"up\", flush=True); time.sleep(60)'"
BREAKS = f"{sys.executable} -c 'print(\"no such order\"); raise SystemExit(3)'"


def test_one_that_breaks_is_named_and_ends_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handlers = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        status = run_together({"web": WAITS, "actions": BREAKS}, dict(os.environ), tmp_path)
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
    assert status == 3
    said = capfd.readouterr().err
    assert "actions ended by itself (rc=3); ending all" in said
    assert "no such order" in said
    assert (tmp_path / "actions.log").read_text("utf-8") == "no such order\n"


def test_one_ctrl_c_ends_all(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys; from gateway.start.processes import run_together;"
        f"sys.exit(run_together({{'a': {WAITS!r}, 'b': {WAITS!r}}}, dict(os.environ),"
        " pathlib.Path(sys.argv[1])))"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    while not all(log.is_file() and log.read_text("utf-8") for log in logs):
        assert runner.poll() is None
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate(timeout=20)
    assert runner.returncode == 0
    assert "Stopping" in said


def test_a_port_that_is_taken_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("GATEWAY_VAR", str(tmp_path))
        monkeypatch.setenv("RASA_PORT", str(port))
        with pytest.raises(SettingsError, match=f"Port {port} .* RASA_PORT"):
            run()


def test_workers_stand_on_successive_ports_and_actions_inside_them() -> None:
    procfile = {"gateway": "serve", "rasa": "rasa --port ${RASA_PORT}", "actions": "act"}
    inside = read_shape({"RASA_WORKERS": "2", "RASA_PORT": "7000"})
    assert inside.of(procfile) == {
        "gateway": "serve",
        "rasa": "export RASA_PORT=7000; rasa --port ${RASA_PORT}",
        "rasa-2": "export RASA_PORT=7001; rasa --port ${RASA_PORT}",
    }
    assert inside.rasa_urls() == ("http://127.0.0.1:7000", "http://127.0.0.1:7001")
    assert inside.action_endpoint() == {"inside": "actions"}
    beside = read_shape({"RASA_ACTIONS": "server", "ACTIONS_PORT": "7100"})
    assert list(beside.of(procfile)) == ["gateway", "actions", "rasa"]
    assert beside.action_endpoint() == {"url": "http://127.0.0.1:7100/webhook"}
    assert ("ACTIONS_PORT", 7100) in beside.ports()


@pytest.mark.parametrize(
    ("name", "value"), [("RASA_WORKERS", "0"), ("RASA_WORKERS", "two"), ("RASA_ACTIONS", "on")]
)
def test_a_shape_nobody_can_read_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: '{value}'"):
        read_shape({name: value})


def test_a_missing_model_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GATEWAY_PORT", "RASA_PORT", "ACTIONS_PORT"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            monkeypatch.setenv(name, str(probe.getsockname()[1]))
    monkeypatch.setenv("GATEWAY_VAR", str(tmp_path))
    monkeypatch.setenv("RASA_MODEL", str(tmp_path))
    with pytest.raises(SettingsError, match="make train"):
        run()


def test_the_assistant_is_started_on_loopback_with_our_channel_alone() -> None:
    procfile = (PROJECT / "Procfile").read_text("utf-8")
    assert "rasa run" in procfile
    assert "--interface 127.0.0.1" in procfile
    assert "--enable-api" not in procfile
    credentials = (PROJECT / "credentials.yml").read_text("utf-8")
    entries = [line for line in credentials.splitlines() if line and line[0] not in " #"]
    assert entries == ["gateway.inside_rasa.channel.GatewayChannel:"]


def test_the_sample_sign_in_is_for_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'casework.db'}")
    database = Database()
    database.migrate()
    line = sample_sign_in(Settings())
    password = line.rstrip(")").split()[-1]
    assert "/desk" in line
    for public in (Settings(public_url="https://help.example"), Settings(host="0.0.0.0")):
        assert sample_sign_in(public) == ""
        close_sample_account(public, database)
        assert sign_in(database, SAMPLE_LOGIN, password, now()) is None
    line = sample_sign_in(Settings())
    assert sign_in(database, SAMPLE_LOGIN, line.rstrip(")").split()[-1], now())
    database.close()


def test_hours_nobody_can_read_end_the_start_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUPPORT_HOURS", "nine to five")
    assert main(["serve"]) == 2
    assert "SUPPORT_HOURS" in capsys.readouterr().err
