"""What every process counts for Prometheus, each on its own: cases, messages, the assistant's work.

Labels are the product's own closed words (situations, outcomes, intents): never what a customer
said, nor an id.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework import settings

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

MESSAGES = Counter("aop_messages", "Messages kept, by author", ["author"], registry=REGISTRY)
ESCALATIONS = Counter(
    "aop_escalations", "Conversations handed to a person", ["reason"], registry=REGISTRY
)
OUTCOMES = Counter(
    "aop_outcomes",
    "Cases opened, by what the policy decided then",
    ["situation", "outcome"],
    registry=REGISTRY,
)
ENDED = Counter(
    "aop_cases_ended", "Cases that ended, by how", ["situation", "how"], registry=REGISTRY
)
INTENTS = Counter("aop_intents", "Messages understood, by intent", ["intent"], registry=REGISTRY)
MOVES = Counter(
    "aop_moves", "Messages answered, by the move or action that did", ["move"], registry=REGISTRY
)
ACTION_SECONDS = Histogram(
    "aop_action_seconds",
    "Time of an action",
    ["action"],
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_COUNTS = "counts"
_LOOPBACK = ("127.0.0.1", "::1")
# A proxy that passes a stranger on writes one of these, or the name the stranger asked for.
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def count_when_kept(session: Session, counter: Counter, **labels: str) -> None:
    """Count once what the session's transaction writes: when it is committed, and only then."""
    counted = counter.labels(**labels) if labels else counter
    session.info.setdefault(_COUNTS, []).append(counted)


@event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    if not session.in_nested_transaction():
        for counter in session.info.pop(_COUNTS, ()):
            counter.inc()


@event.listens_for(Session, "after_rollback")
def _drop(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_COUNTS, None)


def may_read(
    client: str | None, headers: Mapping[str, Any], *tokens: str, exposed: bool = False
) -> bool:
    """Whether who asks at that address, with these headers, may read the metrics.

    With METRICS_TOKEN set (or a token of the caller's own) its bearer may; without, whoever asks
    from this very machine and was not passed on by a proxy; nobody where we are ``exposed`` by one.
    """
    known = [one for one in (settings.metrics_token(), *tokens) if one]
    given = str(headers.get("authorization", "")).encode()
    if any(hmac.compare_digest(given, f"Bearer {one}".encode()) for one in known):
        return True
    host = str(headers.get("host", "")).rpartition(":")[0].strip("[]")
    here = client in _LOOPBACK and host in (*_LOOPBACK, "localhost")
    return here and not (known or exposed) and not any(name in headers for name in _PASSED_ON)
