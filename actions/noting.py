"""What is noted of each run of an action: that it ran, for which message, and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rasa_sdk import Tracker

from casework.operating.log_lines import about
from casework.operating.metrics import ACTION_SECONDS, MOVES

logger = logging.getLogger(__name__)


@dataclass
class Run:
    """One run: ``move`` is what it did for the customer, the action's name unless it says more."""

    move: str


@contextmanager
def noted(action: str, tracker: Tracker) -> Iterator[Run]:
    """Note one run of an action; whatever is logged inside names the conversation and message."""
    run = Run(action)
    message = (tracker.latest_message or {}).get("message_id")
    with about(str(tracker.sender_id), message):
        started = time.perf_counter()
        yield run
        spent = time.perf_counter() - started
        ACTION_SECONDS.labels(action).observe(spent)
        MOVES.labels(run.move).inc()
        logger.info("%s ran", action, extra={"milliseconds": round(spent * 1000, 1)})
