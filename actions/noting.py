"""What is noted of each run of an action: that it ran, for which message, and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rasa_sdk import Tracker

from casework.log_lines import about

logger = logging.getLogger(__name__)


@contextmanager
def noted(action: str, tracker: Tracker) -> Iterator[None]:
    """Note one run of an action; whatever is logged inside names the conversation and message."""
    message = (tracker.latest_message or {}).get("message_id")
    with about(str(tracker.sender_id), message):
        started = time.perf_counter()
        yield
        spent = time.perf_counter() - started
        logger.info("%s ran", action, extra={"milliseconds": round(spent * 1000, 1)})
