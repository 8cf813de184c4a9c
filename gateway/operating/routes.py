"""The addresses for operators and their machines."""

from __future__ import annotations

from starlette.routing import Route

from gateway.operating.health import Readiness, health
from gateway.web.running import Gateway


def routes(gateway: Gateway) -> list[Route]:
    """Whether the gateway is alive, and whether it can serve."""
    return [Route("/health", health), Route("/ready", Readiness(gateway).answer)]
