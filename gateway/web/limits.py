"""Rate limits: per browser session and per address, in memory or shared through Redis.

An operator sets each by a variable of its own, such as ``LIMIT_SESSIONS_ADDRESS``.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException

from gateway.settings import SettingsError

logger = logging.getLogger(__name__)
# A Redis that hangs must not hold up a request for long.
_QUICKLY = {"socket_connect_timeout": 1, "socket_timeout": 1}

# Each name: the limits that all hold. A person types; a script floods.
LIMITS = {
    "messages": ("5 per 3 seconds", "30 per minute", "400 per hour"),
    "messages-address": ("120 per minute",),
    # A page tells it every 3 seconds at most; some pages of one conversation may be open.
    "typing": ("6 per 6 seconds", "60 per minute"),
    "uploads": ("30 per minute", "120 per hour"),
    "uploads-address": ("240 per hour",),
    "sessions-address": ("20 per 10 minutes", "60 per hour"),
    "streams": ("60 per minute",),
    # Sign-ins that went wrong. Growing pauses, by both: no guessing, nobody locked out for good.
    "sign-in-address": ("10 per minute", "40 per hour"),
    "sign-in-account": ("5 per minute", "15 per 15 minutes", "40 per hour"),
    # The API: by client, and by address for tokens that are not good.
    "api": ("600 per minute",),
    "api-refused": ("60 per minute",),
}


class RateLimits:
    """Counts events by name and key, and refuses those over the limit."""

    def __init__(
        self,
        redis_url: str | None = None,
        *,
        enabled: bool = True,
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        """Count in Redis or in memory, by `LIMITS` and what the operator has ``chosen`` instead."""
        self._enabled = enabled
        own = storage_from_string("memory://")
        shared = storage_from_string(redis_url, **_QUICKLY) if redis_url else own
        self._storages = (shared, own)  # the limiters hold them weakly
        self._shared, self._own = (MovingWindowRateLimiter(one) for one in self._storages)
        given = {name: [parse(text) for text in texts] for name, texts in LIMITS.items()}
        self._limits = given | _read(chosen or {})

    def check(self, name: str, key: str) -> None:
        """Count one event; raises 429 with `Retry-After` once `key` is over a limit of `name`."""
        for limit in self._of(name):
            if not self._ask("hit", limit, name, key):
                raise HTTPException(
                    429,
                    "That was a lot at once. Please wait a moment and try again.",
                    headers={"Retry-After": str(self._wait(limit, name, key))},
                )

    def count(self, name: str, key: str) -> None:
        """Count one event, whether or not `key` is over a limit."""
        for limit in self._of(name):
            self._ask("hit", limit, name, key)

    def seconds_left(self, name: str, key: str) -> int:
        """For how long `key` has used up a limit of `name`; 0 where it has not."""
        used_up = [one for one in self._of(name) if not self._ask("test", one, name, key)]
        return max((self._wait(one, name, key) for one in used_up), default=0)

    def _of(self, name: str) -> list[RateLimitItem]:
        return self._limits[name] if self._enabled else []

    def _wait(self, limit: RateLimitItem, name: str, key: str) -> int:
        reset, _ = self._ask("get_window_stats", limit, name, key)
        return max(1, math.ceil(float(reset) - time.time()))

    def _ask(self, question: str, limit: RateLimitItem, name: str, key: str) -> Any:
        """Ask the shared counts; while Redis is away, this process's own: nobody is turned away."""
        try:
            return getattr(self._shared, question)(limit, name, key)
        except RedisError as away:
            logger.warning("Redis is away (%s): limits count here alone", type(away).__name__)
            return getattr(self._own, question)(limit, name, key)


def _read(chosen: Mapping[str, str]) -> dict[str, list[RateLimitItem]]:
    """The limits of settings such as ``LIMIT_STREAMS=60 per minute; 600 per hour``; off is none."""
    names = {setting_of(name): name for name in LIMITS}
    read = {}
    for setting, text in chosen.items():
        if setting not in names:
            raise SettingsError(f"{setting}: there is no such limit; there are {', '.join(names)}")
        parts = [] if text.strip() == "off" else text.split(";")
        read[names[setting]] = [_limit(setting, part.strip()) for part in parts]
    return read


def setting_of(name: str) -> str:
    """The variable that sets a limit."""
    return f"LIMIT_{name.upper().replace('-', '_')}"


def _limit(setting: str, text: str) -> RateLimitItem:
    try:
        limit = parse(text)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise SettingsError(
            f"{setting}: {text!r} is not a limit; give such as '30 per minute; 400 per hour', or "
            "'off'"
        )
    return limit
