"""What runs where in the scaled-out set-up on one machine: names, ports and commands."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from casework.storage.private_files import make_private
from deploy.engines import PostgreSQL, program, redis_command
from gateway.settings import PROJECT
from gateway.start.supervisor import QUIET
from gateway.web.secret_files import secret

EACH = 2
TRACKER = "tracker"
# A worker that died holds a conversation's lock no longer than this; turns are short.
LOCK_SECONDS = 8


@dataclass(frozen=True)
class Topology:
    """Two of each tier on successive ports from ``base``, everything on loopback.

    The website is at ``base``. Files are kept below ``folder``.
    """

    folder: Path
    base: int
    password: str

    @property
    def address(self) -> str:
        """Where customers come in."""
        return f"http://127.0.0.1:{self.base}"

    @property
    def postgresql(self) -> PostgreSQL:
        """The database of orders and cases, and beside it the assistant's memory."""
        return PostgreSQL(self.folder / "postgresql", self.base + 7, self.password)

    @property
    def redis_port(self) -> int:
        """Where Redis is: rate limits in database 0, conversation locks in 1."""
        return self.base + 8

    def ports(self, tier: str) -> list[int]:
        """The ports of a tier's processes."""
        first = {"gateway": self.base + 1, "rasa": self.base + 3, "actions": self.base + 5}[tier]
        return list(range(first, first + EACH))

    def names(self, tier: str) -> list[str]:
        """The names of a tier's processes."""
        if tier in ("postgresql", "redis", "proxy"):
            return [tier]
        return [f"{tier}-{number}" for number in range(1, EACH + 1)]

    def health(self, name: str) -> str | None:
        """The address that answers with 200 once the process serves; None: it has none."""
        tier, _, number = name.partition("-")
        if tier == "proxy":
            return f"{self.address}/health"
        path = {"gateway": "/health", "rasa": "/webhooks/gateway/", "actions": "/health"}.get(tier)
        if path is None:
            return None
        return f"http://127.0.0.1:{self.ports(tier)[int(number) - 1]}{path}"

    def command(self, name: str) -> str:
        """What starts a process."""
        tier, _, number = name.partition("-")
        python = sys.executable
        if tier == "postgresql":
            return shlex.join(self.postgresql.command)
        if tier == "redis":
            return shlex.join(redis_command(self.folder / "redis", self.redis_port, keep=True))
        if tier == "proxy":
            return shlex.join([program("nginx", "nginx-light"), "-c", str(self._write_proxy())])
        if tier == "gateway":
            return shlex.join([python, "-m", "gateway", "serve"])
        port = str(self.ports(tier)[int(number) - 1])
        if tier == "actions":
            return shlex.join([python, "-m", "actions", "--port", port])
        return shlex.join(
            [
                python, "-m", "rasa", "run", "--model", "models", "--interface", "127.0.0.1",
                "--port", port, "--credentials", "credentials.yml",
                "--endpoints", str(self._write_endpoints()),
            ]
        )  # fmt: skip

    def environment(self, name: str = "") -> dict[str, str]:
        """What a process finds in its environment beside what is there anyway."""
        tier, _, number = name.partition("-")
        shared = {
            **QUIET,
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            # Of its own: the gateway shuts others out of it, and PostgreSQL may be another user.
            "GATEWAY_VAR": str(self.folder / "gateway"),
            "GATEWAY_RASA_URL": " ".join(f"http://127.0.0.1:{port}" for port in self.ports("rasa")),
            "FORWARDED_ALLOW_IPS": "127.0.0.1",
            "TICKET_LOCK_LIFETIME": str(LOCK_SECONDS),
        }
        if tier == "actions":
            shared["ACTIONS_TOKEN"] = self._actions_token()
        if tier == "gateway":
            shared["GATEWAY_PORT"] = str(self.ports(tier)[int(number) - 1])
        return shared

    def _actions_token(self) -> str:
        return secret(self.folder, "actions-token")

    def _write_endpoints(self) -> Path:
        """Rasa's endpoints: actions through the proxy, memory in PostgreSQL, locks in Redis."""
        endpoints: dict[str, Any] = yaml.safe_load((PROJECT / "endpoints.yml").read_text("utf-8"))
        endpoints["action_endpoint"] |= {
            "url": f"http://127.0.0.1:{self.base + 9}/webhook",
            "headers": {"Authorization": f"Bearer {self._actions_token()}"},
        }
        postgresql = self.postgresql
        endpoints["tracker_store"] |= {
            "dialect": "postgresql",
            "url": "127.0.0.1",
            "port": postgresql.port,
            "db": TRACKER,
            "username": "aop",
            "password": self.password,
        }
        endpoints["lock_store"] = {
            "type": "redis",
            "url": "127.0.0.1",
            "port": self.redis_port,
            "db": 1,
        }
        path = self.folder / "endpoints.yml"
        path.touch(mode=0o600)
        make_private(path)  # an older start may have left it open to others
        path.write_text(yaml.safe_dump(endpoints), "utf-8")
        return path

    def _write_proxy(self) -> Path:
        """The proxy's configuration, from `deploy/nginx.conf`."""
        text = (PROJECT / "deploy" / "nginx.conf").read_text("utf-8")
        places = {
            "FOLDER": str(self.folder),
            "LISTEN": f"127.0.0.1:{self.base}",
            "LISTEN_ACTIONS": f"127.0.0.1:{self.base + 9}",
            "GATEWAYS": _servers(self.ports("gateway")),
            "ACTIONS": _servers(self.ports("actions")),
        }
        for name, value in places.items():
            text = text.replace(f"@{name}@", value)
        (self.folder / "proxy").mkdir(exist_ok=True)
        path = self.folder / "nginx.conf"
        path.write_text(text, "utf-8")
        return path


def _servers(ports: list[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
