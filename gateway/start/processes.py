"""Starts the web, the assistant and its actions together, and ends them together."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

import yaml
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message

from casework.duty import duty
from casework.outgoing.channels import channels
from gateway.delivery.assistant import Assistant
from gateway.settings import PROJECT, Settings, SettingsError, port_setting, read_settings
from gateway.start.sample_account import sample_sign_in
from gateway.web.secret_files import secret


def run() -> int:
    """Start what the Procfile names; returns once all has ended (0 after Ctrl-C or a TERM).

    One that stops ends all: its name and last lines are printed. Their output goes to `var/log/`.
    Raises `SettingsError` where a port is taken or no model was trained (`RASA_MODEL` names
    another place than `models/`).
    """
    settings = read_settings()
    settings = replace(settings, token=secret(settings.var, "gateway-token"))
    ports = {
        "GATEWAY_PORT": settings.port,
        "RASA_PORT": port_setting(os.environ, "RASA_PORT", 5005),
        "ACTIONS_PORT": port_setting(os.environ, "ACTIONS_PORT", 5055),
    }
    for name, port in ports.items():
        _check_free(name, port)
    models = Path(os.environ.get("RASA_MODEL", str(PROJECT / "models")))
    if not (models.is_file() or list(models.glob("*.tar.gz"))):
        raise SettingsError(
            f"There is no trained model under {models.name}/; run 'make train' first."
        )
    settings = replace(settings, rasa_url=f"http://127.0.0.1:{ports['RASA_PORT']}")
    token = secret(settings.var, "actions-token")
    endpoints = _write_endpoints(settings.var, ports["ACTIONS_PORT"], token)
    environment = _environment(settings, endpoints) | {"ACTIONS_TOKEN": token}
    processes = parse_procfile((PROJECT / "Procfile").read_text("utf-8")).processes
    print("Starting. The assistant takes a little while to load …", flush=True)
    broken = threading.Event()
    duty()
    channels()
    sample = sample_sign_in(settings)
    threading.Thread(target=_announce, args=(settings, broken, sample), daemon=True).start()
    status = run_together(processes, environment, settings.var / "log")
    return 1 if broken.is_set() else status


def run_together(processes: Mapping[str, str], environment: dict[str, str], log: Path) -> int:
    """Run shell commands by name until one ends or a signal comes; then end them all.

    Returns 0 after a signal, else the status of the one that ended by itself (at least 1).
    """
    manager = Manager(LogFiles(log))
    for name, command in processes.items():
        manager.add_process(name, command, env=environment, cwd=str(PROJECT))
    manager.loop()
    stopped_by_hand = manager.returncode in {130, 143}
    return 0 if stopped_by_hand else int(manager.returncode or 1)


class LogFiles:
    """Takes the processes' output: each into its own file, and to the terminal only an end."""

    width = 0

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self._last: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=15))
        self._ending = False

    def write(self, message: Message) -> None:
        """Keep one line of a process, or act on one of the runner's own."""
        line = message.data if isinstance(message.data, str) else message.data.decode("utf-8")
        if message.name == "system":
            self._note(line)
            return
        if message.name not in self._files:
            path = self._folder / f"{message.name}.log"
            self._files[message.name] = path.open("w", encoding="utf-8", buffering=1)
        self._files[message.name].write(line)
        self._last[message.name].append(line.rstrip())

    def _note(self, line: str) -> None:
        if "received" in line:
            self._ending = True
            print("\nStopping …", flush=True)
        elif " stopped (rc=" in line and not self._ending:
            self._ending = True
            name, _, how = line.strip().partition(" stopped ")
            print(f"\n{name} ended by itself {how}; ending all. Its last lines:", file=sys.stderr)
            print(*(f"  {last}" for last in self._last[name]), sep="\n", file=sys.stderr)
            print(f"All of it: {self._folder / name}.log", file=sys.stderr, flush=True)


def _check_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise SettingsError(
                f"Port {port} is taken by another program; choose another with {name}=…"
            ) from taken


def _write_endpoints(var: Path, actions_port: int, token: str) -> Path:
    """endpoints.yml with this run's place of the actions and their token, and of conversations."""
    endpoints = yaml.safe_load((PROJECT / "endpoints.yml").read_text("utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    endpoints["action_endpoint"]["headers"] = {"Authorization": f"Bearer {token}"}
    endpoints["tracker_store"]["db"] = str(var / "tracker.db")
    path = var / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints), "utf-8")
    return path


def _environment(settings: Settings, endpoints: Path) -> dict[str, str]:
    inherited: Mapping[str, str] = os.environ
    binaries = str(Path(sys.executable).parent)
    return {
        **inherited,
        "PATH": f"{binaries}{os.pathsep}{inherited.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "GATEWAY_TOKEN": settings.token,
        "GATEWAY_RASA_URL": settings.rasa_url,
        "RASA_ENDPOINTS": str(endpoints),
        "SANIC_HOST": "127.0.0.1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def _announce(settings: Settings, broken: threading.Event, sample: str) -> None:
    """Print the address once the assistant is ready; end all where it came up without a model."""
    state = asyncio.run(_first_state(settings))
    if state == "ready":
        desk = f"\n  {sample}" if sample else ""
        print(f"\n  Open {settings.address}{desk}\n\n  Ctrl-C ends everything.", flush=True)
        return
    log = settings.var / "log" / "rasa.log"
    print(f"The assistant could not load its model: see {log}, or 'make train'.", file=sys.stderr)
    broken.set()
    os.kill(os.getpid(), signal.SIGTERM)


async def _first_state(settings: Settings) -> str:
    assistant = Assistant(settings)
    try:
        while (state := await assistant.state()) == "away":
            await asyncio.sleep(0.25)
        return state
    finally:
        await assistant.close()
