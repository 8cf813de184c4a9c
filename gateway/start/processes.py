"""Starts the web, the assistant and its actions, keeps them running, and ends them together."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml
from honcho.environ import parse_procfile

from casework.outgoing.channels import channels
from casework.people.duty import duty
from gateway.delivery.assistant import Assistant
from gateway.settings import PROJECT, Settings, SettingsError, read_settings
from gateway.start.sample_account import sample_sign_in
from gateway.start.shape import Shape, read_shape
from gateway.start.supervisor import QUIET, Supervisor
from gateway.web.secret_files import secret


def run() -> int:
    """Start what the Procfile names, in the shape that is set; returns once all has ended.

    Returns 0 after Ctrl-C or a TERM. One that cannot start ends all, one that ends later is brought
    back; either is said, with its last lines. Their output goes to `var/log/`. Raises
    `SettingsError` where a port is taken or no model was trained (`RASA_MODEL` names another place
    than `models/`).
    """
    settings = read_settings()
    settings = replace(settings, token=secret(settings.var, "gateway-token"))
    shape = read_shape(os.environ)
    for name, port in [("GATEWAY_PORT", settings.port), *shape.ports()]:
        _check_free(name, port)
    models = Path(os.environ.get("RASA_MODEL", str(PROJECT / "models")))
    if not (models.is_file() or list(models.glob("*.tar.gz"))):
        raise SettingsError(
            f"There is no trained model under {models.name}/; run 'make train' first."
        )
    settings = replace(settings, rasa_urls=shape.rasa_urls())
    token = secret(settings.var, "actions-token")
    endpoints = _write_endpoints(settings.var, shape, token)
    environment = _environment(settings, endpoints) | {"ACTIONS_TOKEN": token}
    processes = shape.of(parse_procfile((PROJECT / "Procfile").read_text("utf-8")).processes)
    print("Starting. The assistant takes a little while to load …", flush=True)
    duty()
    channels()
    sample = sample_sign_in(settings)
    supervisor = Supervisor(environment, settings.var / "log")
    for name, command in processes.items():
        supervisor.start(name, command)
    ready = threading.Thread(target=_announce, args=(settings, supervisor, sample), daemon=True)
    ready.start()
    return supervisor.run()


def _check_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise SettingsError(
                f"Port {port} is taken by another program; choose another with {name}=…"
            ) from taken


def _write_endpoints(var: Path, shape: Shape, token: str) -> Path:
    """endpoints.yml with this run's place of the actions, their token, and of conversations."""
    endpoints = yaml.safe_load((PROJECT / "endpoints.yml").read_text("utf-8"))
    endpoints["action_endpoint"] |= shape.action_endpoint(token)
    endpoints["tracker_store"]["db"] = str(var / "tracker.db")
    path = var / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints), "utf-8")
    return path


def _environment(settings: Settings, endpoints: Path) -> dict[str, str]:
    inherited: Mapping[str, str] = os.environ
    binaries = str(Path(sys.executable).parent)
    return {
        **inherited,
        **QUIET,
        "PATH": f"{binaries}{os.pathsep}{inherited.get('PATH', '')}",
        "GATEWAY_TOKEN": settings.token,
        "GATEWAY_RASA_URL": " ".join(settings.rasa_urls),
        "RASA_ENDPOINTS": str(endpoints),
    }


def _announce(settings: Settings, supervisor: Supervisor, sample: str) -> None:
    """Print the address once the assistant is ready; end all where it came up without a model."""
    state = asyncio.run(_first_state(settings))
    if state == "ready":
        supervisor.settled.set()
        desk = f"\n  {sample}" if sample else ""
        print(f"\n  Open {settings.address}{desk}\n\n  Ctrl-C ends everything.", flush=True)
        return
    log = settings.var / "log" / "rasa.log"
    print(f"The assistant could not load its model: see {log}, or 'make train'.", file=sys.stderr)
    supervisor.end(1)


async def _first_state(settings: Settings) -> str:
    assistant = Assistant(settings)
    try:
        while (state := await assistant.state()) == "away":
            await asyncio.sleep(0.25)
        return state
    finally:
        await assistant.close()
