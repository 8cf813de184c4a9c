"""The addresses for operators and their machines."""

from __future__ import annotations

from starlette.routing import Route

from gateway.operating.health import Readiness, health
from gateway.operating.metrics import Metrics
from gateway.web.running import Gateway


def routes(gateway: Gateway) -> list[Route]:
    """Whether the gateway is alive, whether it can serve, and its metrics."""
    readiness = Readiness(gateway)
    return [
        Route("/health", health),
        Route("/ready", readiness.answer),
        Route("/metrics", Metrics(gateway, readiness).answer),
    ]
