"""The action server behind a token: ``python -m actions.server --port 5055``.

rasa-sdk's own server asks nobody who they are, and echoes what it failed on. This is the same
server on loopback, which answers only who bears `ACTIONS_TOKEN`.
"""

from __future__ import annotations

import argparse
import hmac
import logging
import os
import sys
from collections.abc import Sequence

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)
SHORTEST = 16


def guarded(token: str) -> Sanic:
    """The server's application; ValueError where the token is too short to be one."""
    if len(token) < SHORTEST:
        raise ValueError(f"ACTIONS_TOKEN: give at least {SHORTEST} characters")
    app = create_app("actions", cors_origins=[])
    expected = f"Bearer {token}".encode()

    @app.on_request  # type: ignore[misc]
    async def refuse(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        given = str(request.headers.get("authorization", "")).encode()
        if hmac.compare_digest(given, expected):
            return None
        return response.json({"error": "the bearer token is wrong"}, status=401)

    @app.exception(Exception)  # type: ignore[misc]
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException):
            return response.json({"error": "no such request"}, status=error.status_code)
        logger.error("an action failed", exc_info=error)
        return response.json({"error": "the action failed"}, status=500)

    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve on loopback until stopped; returns 2 with one line where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m actions.server", description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    port = parser.parse_args(arguments).port
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app = guarded(os.environ.get("ACTIONS_TOKEN", ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    app.run(os.environ.get("ACTIONS_HOST", "127.0.0.1"), port, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
