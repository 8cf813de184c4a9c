"""This gateway's metrics, for Prometheus: its own pace, and how the shop stands."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework.operating.metrics import REGISTRY, may_read
from casework.operating.readiness import OK
from casework.operating.standing_metrics import Standing
from gateway.operating.health import Readiness
from gateway.web.measures import HTTP_SECONDS
from gateway.web.running import Gateway, address_of, gateway_of


class Metrics:
    """What GET /metrics shows."""

    def __init__(self, gateway: Gateway, readiness: Readiness) -> None:
        self._readiness = readiness
        self._standing = CollectorRegistry()
        self._standing.register(Standing(gateway.database))
        self._parts = Gauge(
            "aop_part_ok",
            "Whether a part is well, as /ready says",
            ["part"],
            registry=self._standing,
        )

    async def answer(self, request: Request) -> Response:
        """GET /metrics: in Prometheus' format; 404 for a stranger, who is told nothing."""
        gateway = gateway_of(request)
        exposed = gateway.settings.public_url is not None
        if not may_read(address_of(request), request.headers, exposed=exposed):
            raise HTTPException(404, "There is no such page.")
        for part, state in (await self._readiness.look()).items():
            self._parts.labels(part=part).set(state == OK)
        text = await gateway.in_thread(
            lambda: generate_latest(REGISTRY) + generate_latest(self._standing)
        )
        return Response(text, media_type=CONTENT_TYPE_LATEST)


class Timed:
    """ASGI middleware: measures how long requests take."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note its time once it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), ""

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and not _streams(message):
                status = f"{message['status'] // 100}xx"
            await send(message)

        try:
            await self.app(scope, receive, send_and_look)
        finally:
            if status:
                method = scope["method"] if scope["method"] in _METHODS else "other"
                HTTP_SECONDS.labels(method, status).observe(time.perf_counter() - started)


_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE"})


def _streams(message: Message) -> bool:
    headers = dict(message.get("headers") or ())
    return bytes(headers.get(b"content-type", b"")).startswith(b"text/event-stream")
