"""Starting and ending everything together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casework.people.signing_in import sign_in
from casework.shop import now
from casework.storage.database import Database
from gateway.__main__ import main
from gateway.settings import PROJECT, Settings, SettingsError
from gateway.start.processes import run
from gateway.start.sample_account import SAMPLE_LOGIN, close_sample_account, sample_sign_in
from gateway.start.shape import read_shape
from gateway.start.supervisor import Supervisor
from tests.gateway.site import free_port

WAITS = f"{sys.executable} -c 'import time; print(\"up\", flush=True); time.sleep(60)'"
BREAKS = f"{sys.executable} -c 'print(\"no such order\"); raise SystemExit(3)'"


def test_one_that_cannot_start_is_named_and_ends_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(dict(os.environ), tmp_path)
    supervisor.start("web", WAITS)
    supervisor.start("actions", BREAKS)
    assert supervisor.run() == 3
    said = capfd.readouterr().err
    assert "actions could not start (status 3); ending all" in said
    assert "no such order" in said
    assert (tmp_path / "actions.log").read_text("utf-8") == "no such order\n"
    assert not list(tmp_path.glob("*.pid"))


def kept_running(folder: Path) -> "subprocess.Popen[str]":
    """Two commands under a supervisor, in a process of its own."""
    script = (
        "import os, pathlib, sys; from gateway.start.supervisor import Supervisor;"
        "one = Supervisor(dict(os.environ), pathlib.Path(sys.argv[1])); one.settled.set();"
        f"one.start('a', {WAITS!r}); one.start('b', {WAITS!r}); sys.exit(one.run())"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until_said(runner, folder, "a", 1)
    until_said(runner, folder, "b", 1)
    return runner


def until_said(runner: "subprocess.Popen[str]", folder: Path, name: str, times: int) -> None:
    """Wait until a command has begun so many times."""
    log = folder / f"{name}.log"
    while not (log.is_file() and log.read_text("utf-8").count("up\n") >= times):
        assert runner.poll() is None
        time.sleep(0.02)


def test_one_ctrl_c_ends_all(tmp_path: Path) -> None:
    runner = kept_running(tmp_path)
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate(timeout=60)
    assert runner.returncode == 0
    assert "Stopping" in said


def test_one_that_ends_is_brought_back_with_growing_pauses_and_it_is_said(tmp_path: Path) -> None:
    runner = kept_running(tmp_path)
    first = (tmp_path / "a.pid").read_text()
    for kills in (1, 2):
        os.killpg(int((tmp_path / "a.pid").read_text()), signal.SIGKILL)
        until_said(runner, tmp_path, "a", kills + 1)
    assert (tmp_path / "a.pid").read_text() != first
    assert (tmp_path / "b.log").read_text("utf-8") == "up\n"  # the other was left alone
    runner.send_signal(signal.SIGTERM)
    _, said = runner.communicate(timeout=60)
    assert "a ended (signal 9); it is started again in 0.5 s." in said
    assert "a ended (signal 9); it is started again in 1 s." in said


def test_a_database_that_cannot_be_used_ends_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "casework.db").write_bytes(b"no database at all, but something else" * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'casework.db'}")
    monkeypatch.setenv("GATEWAY_VAR", str(tmp_path))
    assert main(["serve"]) == 2
    assert "The database cannot be used: file is not a database" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("GATEWAY_VAR", str(tmp_path))
        monkeypatch.setenv("GATEWAY_PORT", str(free_port()))
        monkeypatch.setenv("RASA_PORT", str(port))
        monkeypatch.setenv("GATEWAY_PORT", str(free_port()))
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
    assert inside.action_endpoint("a-token") == {"inside": "actions"}
    beside = read_shape({"RASA_ACTIONS": "server", "ACTIONS_PORT": "7100"})
    assert list(beside.of(procfile)) == ["gateway", "actions", "rasa"]
    assert beside.action_endpoint("a-token") == {
        "url": "http://127.0.0.1:7100/webhook",
        "headers": {"Authorization": "Bearer a-token"},
    }
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


def test_a_policy_nobody_can_read_ends_the_start_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "policy.yml").write_text("rules: [", "utf-8")
    monkeypatch.setenv("POLICY_FILE", str(tmp_path / "policy.yml"))
    assert main(["serve"]) == 2
    assert "policy.yml is not YAML" in capsys.readouterr().err


def test_hours_nobody_can_read_end_the_start_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUPPORT_HOURS", "nine to five")
    assert main(["serve"]) == 2
    assert "SUPPORT_HOURS" in capsys.readouterr().err
