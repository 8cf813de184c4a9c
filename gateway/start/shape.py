"""In how many processes the assistant runs: its workers, and its actions in them or beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.settings import SettingsError, port_setting

ACTIONS = "actions"
INSIDE, SERVER = "inside", "server"
MOST_WORKERS = 16


@dataclass(frozen=True)
class Shape:
    """`workers` Rasa processes on successive ports from `rasa_port`; `actions`: inside or server.

    Each conversation belongs to one worker, so that the workers share nothing but the database.
    """

    workers: int = 1
    actions: str = INSIDE
    rasa_port: int = 5005
    actions_port: int = 5055

    def ports(self) -> list[tuple[str, int]]:
        """The ports that must be free, each with the setting it comes from."""
        beside = [("ACTIONS_PORT", self.actions_port)] if self.actions == SERVER else []
        return [("RASA_PORT", port) for port in self._rasa_ports()] + beside

    def rasa_urls(self) -> tuple[str, ...]:
        """Where the workers are."""
        return tuple(f"http://127.0.0.1:{port}" for port in self._rasa_ports())

    def action_endpoint(self, token: str) -> dict[str, Any]:
        """What the workers are told of where their actions are; a server asks for the token."""
        if self.actions == INSIDE:
            return {"inside": ACTIONS}
        return {
            "url": f"http://127.0.0.1:{self.actions_port}/webhook",
            "headers": {"Authorization": f"Bearer {token}"},
        }

    def of(self, procfile: Mapping[str, str]) -> dict[str, str]:
        """The Procfile's processes in this shape: one `rasa` a worker, `actions` only beside."""
        processes = dict(procfile)
        rasa = processes.pop("rasa")
        if self.actions == INSIDE:
            del processes["actions"]
        for number, port in enumerate(self._rasa_ports(), start=1):
            name = "rasa" if number == 1 else f"rasa-{number}"
            processes[name] = f"export RASA_PORT={port}; {rasa}"
        return processes

    def _rasa_ports(self) -> range:
        return range(self.rasa_port, self.rasa_port + self.workers)


def read_shape(environment: Mapping[str, str]) -> Shape:
    """The shape that `RASA_WORKERS` and `RASA_ACTIONS` set; `SettingsError` names a wrong one."""
    workers = environment.get("RASA_WORKERS", "1")
    if not workers.isdigit() or not 0 < int(workers) <= MOST_WORKERS:
        raise SettingsError(f"RASA_WORKERS: {workers!r} is not a number from 1 to {MOST_WORKERS}")
    actions = environment.get("RASA_ACTIONS", INSIDE)
    if actions not in {INSIDE, SERVER}:
        raise SettingsError(f"RASA_ACTIONS: {actions!r} is neither {INSIDE!r} nor {SERVER!r}")
    return Shape(
        int(workers),
        actions,
        port_setting(environment, "RASA_PORT", 5005),
        port_setting(environment, "ACTIONS_PORT", 5055),
    )
