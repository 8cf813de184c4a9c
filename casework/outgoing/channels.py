"""Where news goes: a webhook, e-mail, both, or (unless they are set) nowhere."""

import base64
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from casework import settings
from casework.errors import CaseworkError

_SHORTEST_SECRET = 24
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Receiver:
    """The webhook: its address, and the secret (``whsec_…``) that its messages are signed with."""

    url: str = field(repr=False)  # may hold a password or a token
    secret: str = field(repr=False)


@dataclass(frozen=True)
class MailServer:
    """How e-mail leaves: ``security`` is smtp (none), smtp+starttls or smtps.

    ``link`` is the address of the chat that every e-mail leads back to.
    """

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    link: str


@dataclass(frozen=True)
class Channels:
    """The channels that are on; None: off."""

    webhook: Receiver | None
    email: MailServer | None

    @property
    def on(self) -> tuple[str, ...]:
        """The names of those that are on: some of webhook, email."""
        either = (("webhook", self.webhook), ("email", self.email))
        return tuple(name for name, channel in either if channel)


def channels() -> Channels:
    """Return the channels that the environment turns on.

    Raises:
        CaseworkError: a setting cannot be used; one line that names it, and never its value.
    """
    return Channels(_receiver(*settings.out_webhook()), _mail_server(*settings.out_mail()))


@lru_cache(maxsize=4)
def _receiver(url: str, secret: str) -> Receiver | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise CaseworkError("OUT_WEBHOOK_URL: give an address such as 'https://shop.example/hooks'")
    try:
        long = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        long = 0
    if long < _SHORTEST_SECRET:
        raise CaseworkError(
            f"OUT_WEBHOOK_SECRET: give at least {_SHORTEST_SECRET} bytes in base64, such as the "
            "output of 'openssl rand -base64 32'"
        )
    return Receiver(url, secret)


@lru_cache(maxsize=4)
def _mail_server(server: str, sender: str, public: str) -> MailServer | None:
    if not server:
        return None
    try:
        parts = urlsplit(server)
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = None, 0
    if not host:
        raise CaseworkError(
            "SMTP_URL: give 'smtp+starttls://user:password@host:port', 'smtps://…' or 'smtp://…'"
        )
    try:
        sound = bool(Address(addr_spec=sender).domain)
    except (MessageError, ValueError, IndexError):
        sound = False
    if not sound:
        raise CaseworkError("MAIL_FROM: give the sender of e-mails, such as 'help@shop.example'")
    if not public.startswith(("http://", "https://")):
        raise CaseworkError(
            "GATEWAY_PUBLIC_URL: e-mails lead back to the chat; give its address, such as "
            "'https://help.example'"
        )
    return MailServer(
        host=host,
        port=port,
        security=parts.scheme,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        link=f"{public.rstrip('/')}/chat",
    )
