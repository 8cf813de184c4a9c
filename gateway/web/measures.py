"""What the web counts and times of its own doing, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from casework.operating.metrics import REGISTRY

_SECONDS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 0.7, 1, 2.5, 5, 10, 30, 60)
ANSWER_SECONDS = Histogram(
    "aop_answer_seconds",
    "From a customer's message to the assistant's answer",
    registry=REGISTRY,
    buckets=_SECONDS,
)
ASSISTANT_SECONDS = Histogram(
    "aop_assistant_seconds", "Time of an answer in Rasa", registry=REGISTRY, buckets=_SECONDS
)
TROUBLES = Counter(
    "aop_turn_troubles", "Tries that brought no answer, by why", ["why"], registry=REGISTRY
)
EXCUSES = Counter(
    "aop_excuses", "Customers told that it takes longer than usual", registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "aop_http_seconds",
    "Time of a request, streams left out",
    ["method", "status"],
    registry=REGISTRY,
    buckets=_SECONDS,
)
