"""The action server: rasa-sdk's own, for who bears its token, with its readiness and metrics.

rasa-sdk's server asks nobody who they are, and echoes what it failed on.
"""

from __future__ import annotations

import hmac
import logging

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.turn import open_database
from casework.operating.metrics import REGISTRY, may_read
from casework.operating.readiness import is_ready, readiness

logger = logging.getLogger(__name__)
SHORTEST = 16
# These tell nothing of a customer; /metrics has an answer of its own for strangers.
OPEN = frozenset({"/health", "/ready", "/metrics"})


def action_server(token: str) -> Sanic:
    """The server's application; ValueError where the token is too short to be one."""
    if len(token) < SHORTEST:
        raise ValueError(f"ACTIONS_TOKEN: give at least {SHORTEST} characters")
    app = create_app("actions", cors_origins=[])
    _guard(app, f"Bearer {token}".encode())

    @app.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        """200 where every part is well, else 503; each part's state, by name."""
        parts = readiness(open_database())
        well = is_ready(parts)
        return response.json({"ready": well, "parts": parts}, 200 if well else 503)

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        """This process's metrics; 404 for a stranger."""
        if not may_read(request.ip, request.headers):
            return response.json({"error": "there is no such page"}, 404)
        return response.raw(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)

    return app


def _guard(app: Sanic, expected: bytes) -> None:
    @app.on_request  # type: ignore[misc]
    async def refuse(request: Request) -> HTTPResponse | None:
        given = str(request.headers.get("authorization", "")).encode()
        if request.path in OPEN or hmac.compare_digest(given, expected):
            return None
        return response.json({"error": "the bearer token is wrong"}, status=401)

    @app.exception(Exception)  # type: ignore[misc]
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException):
            return response.json({"error": "no such request"}, status=error.status_code)
        logger.error("an action failed", exc_info=error)
        return response.json({"error": "the action failed"}, status=500)
