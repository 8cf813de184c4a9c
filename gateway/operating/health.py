"""Is this gateway alive, and can it serve? One word a part; nothing a stranger could use."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casework.operating.readiness import OK, is_ready, readiness, room_for_uploads
from gateway.web.assets import missing
from gateway.web.running import Gateway

KEPT_SECONDS = 1.0


async def health(request: Request) -> Response:
    """GET /health: 200 as long as this process serves."""
    return JSONResponse({"status": OK})


class Readiness:
    """How the parts of this gateway are, looked at once a second at most."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._parts: dict[str, str] = {}
        self._until = 0.0
        self._looking = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """GET /ready: 200 where every part is well, else 503; each part's state, by name.

        A gateway without its assistant still takes messages and says so to customers: a proxy goes
        by /health, people and restarts by this.
        """
        parts = await self.look()
        well = is_ready(parts)
        return JSONResponse({"ready": well, "parts": parts}, 200 if well else 503)

    async def look(self) -> dict[str, str]:
        """The state of each part by name."""
        async with self._looking:
            if time.monotonic() >= self._until:
                self._parts = await self._look()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._parts

    async def _look(self) -> dict[str, str]:
        gateway = self._gateway
        assistant, below, uploads = await asyncio.gather(
            gateway.assistant.state(),
            gateway.in_thread(lambda: readiness(gateway.database)),
            gateway.in_thread(lambda: room_for_uploads(gateway.settings.uploads)),
        )
        return {
            **below,
            "uploads": uploads,
            "assistant": OK if assistant == "ready" else assistant,
            "front_end": "missing" if missing() else OK,
        }
