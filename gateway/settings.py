"""What an operator can set for the web, read from the environment in one place."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Settings:
    """The web's settings.

    `host`, `port`: where the gateway listens. `public_url`: the address customers use, when a
    proxy stands in front (scheme and host only; `https` turns on cookies fit for other sites'
    pages). `embed_origins`: the CSP `frame-ancestors` of the chat. `rasa_urls`: the assistant's
    workers, on loopback. `token`: the bearer token of the channel. `redis_url`: rate limits shared
    by several gateways. `var`: where uploads and secrets are kept. `slow_after`: seconds after
    which a customer is told that the answer takes longer. `webhook_secret`: what carriers and shop
    systems sign their events with (`whsec_…`); None takes no events. `rate_limits`: off only for
    measuring. `limits`: the operator's own, by variable (`LIMIT_…`).
    """

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = None
    embed_origins: str = "*"
    sample_shop: bool = True
    rasa_urls: tuple[str, ...] = ("http://127.0.0.1:5005",)
    token: str = ""
    redis_url: str | None = None
    var: Path = PROJECT / "var"
    slow_after: float = 6.0
    webhook_secret: str | None = None
    rate_limits: bool = True
    limits: Mapping[str, str] = field(default_factory=dict)

    @property
    def uploads(self) -> Path:
        """The folder of the customers' pictures, outside everything that is served as a file."""
        return self.var / "uploads"

    @property
    def address(self) -> str:
        """The address to open: the public one, or host and port."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises `SettingsError` with one line that names the variable."""
    env = os.environ if environment is None else environment
    public = _public_url(env.get("GATEWAY_PUBLIC_URL", ""))
    embed = " ".join(env.get("GATEWAY_EMBED_ORIGINS", "*").split()) or "*"
    if any(sign in embed for sign in ";,\r\n"):
        raise SettingsError(
            "GATEWAY_EMBED_ORIGINS: separate origins by spaces, such as 'https://shop.example'"
        )
    return Settings(
        host=env.get("GATEWAY_HOST", "127.0.0.1"),
        port=port_setting(env, "GATEWAY_PORT", 8080),
        public_url=public,
        embed_origins=embed,
        sample_shop=_switch(env, "GATEWAY_SAMPLE_SHOP"),
        rasa_urls=tuple(
            url.rstrip("/")
            for url in (env.get("GATEWAY_RASA_URL") or "http://127.0.0.1:5005").split()
        ),
        token=env.get("GATEWAY_TOKEN", ""),
        redis_url=env.get("REDIS_URL") or None,
        var=Path(env.get("GATEWAY_VAR", str(PROJECT / "var"))),
        webhook_secret=_secret(env, "IN_WEBHOOK_SECRET"),
        rate_limits=_switch(env, "GATEWAY_RATE_LIMITS"),
        limits={name: text for name, text in env.items() if name.startswith("LIMIT_") and text},
    )


def port_setting(env: Mapping[str, str], name: str, default: int) -> int:
    """A TCP port from the environment; raises `SettingsError` where it is not one."""
    text = env.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"{name}: {text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def _secret(env: Mapping[str, str], name: str) -> str | None:
    text = env.get(name, "")
    try:
        if text and len(base64.b64decode(text.removeprefix("whsec_"), validate=True)) < 24:
            raise ValueError
    except ValueError:
        raise SettingsError(
            f"{name}: give at least 24 bytes in base64, such as the output of "
            "'openssl rand -base64 32'"
        ) from None
    return text or None


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "on").lower()
    if text not in {"on", "off"}:
        raise SettingsError(f"{name}: {text!r} is neither 'on' nor 'off'")
    return text == "on"


def _public_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise SettingsError(
            f"GATEWAY_PUBLIC_URL: {text!r} is not scheme and host, such as 'https://help.example'"
        )
    return f"{parts.scheme}://{parts.netloc}"
