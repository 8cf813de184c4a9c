"""What every answer carries, and which requests are refused before anything is done."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.settings import Settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
)
PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def page_policy(frame_ancestors: str = "'none'", frames: str = "") -> str:
    """The Content-Security-Policy of a page: own scripts and styles, nothing inline."""
    framed = f"frame-src {frames}; " if frames else ""
    return f"{_PAGE}{framed}frame-ancestors {frame_ancestors}"


def own_origin(connection: HTTPConnection, settings: Settings) -> str:
    """The origin this gateway answers as: the public one, or the one it was asked at."""
    if settings.public_url:
        return settings.public_url
    return f"{connection.url.scheme}://{connection.headers.get('host', '')}"


def is_https(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether browsers reach us over https: by the public address, else by this connection."""
    if settings.public_url:
        return settings.public_url.startswith("https:")
    return connection.url.scheme == "https"


def csrf_token(key: str, session_token: str) -> str:
    """The token a page of this session sends back with every change."""
    return hmac.new(key.encode(), session_token.encode(), hashlib.sha256).hexdigest()


def check_csrf(request: Request, expected: str, in_form: object = None) -> None:
    """Refuse (403) a change that does not carry the session's token in its header or form."""
    given = request.headers.get("x-csrf-token") or (in_form if isinstance(in_form, str) else "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403, "This page is out of date. Please reload it and try again.")


class Guard:
    """ASGI middleware: refuses changes that come from another origin, and adds the headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request where it comes from a browser, and pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        if scope["method"] not in SAFE_METHODS and self._foreign(connection):
            refusal = b"This request came from another site and was refused."
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send_with_headers(
                {"type": "http.response.start", "status": 403, "headers": headers}
            )
            await send({"type": "http.response.body", "body": refusal})
            return
        await self.app(scope, receive, send_with_headers)

    def _foreign(self, connection: HTTPConnection) -> bool:
        site = connection.headers.get("sec-fetch-site")
        origin = connection.headers.get("origin")
        if site is not None and site != "same-origin":
            return True
        return origin is not None and origin != own_origin(connection, self.settings)

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers.setdefault("content-security-policy", page_policy())
        headers.setdefault("cache-control", "no-store")
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"  # without it, forms would send no origin
        headers["permissions-policy"] = "geolocation=(), microphone=(), payment=(), usb=()"
        headers.setdefault("cross-origin-resource-policy", "same-origin")
        if (self.settings.public_url or "").startswith("https:"):
            headers["strict-transport-security"] = "max-age=31536000"
