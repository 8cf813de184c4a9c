"""The action server: ``python -m actions --port 5055``, on the address SANIC_HOST names."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.turn import open_database
from casework.log_lines import set_up_logs
from casework.metrics import REGISTRY, may_read
from casework.readiness import is_ready, readiness

LOOPBACK = "127.0.0.1"  # rasa_sdk's own default is every address


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m actions", description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    port = parser.parse_args(arguments).port
    set_up_logs("actions")
    action_server().run(os.environ.get("SANIC_HOST", LOOPBACK), port, workers=1)
    return 0


def action_server() -> Sanic:
    """rasa_sdk's server of our actions (its /health says that it is alive), /ready and /metrics."""
    app = create_app("actions", cors_origins="")

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


if __name__ == "__main__":
    sys.exit(main())
