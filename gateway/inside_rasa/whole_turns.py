"""A turn happens whole or not at all: where a part of it is away, it is broken off unsaved.

Rasa goes on without what an action would have said, and without the conversation's memory where
its database is away; then it keeps that as what happened. Here such a turn ends at once and leaves
no trace in the tracker: the gateway keeps the message, tells the customer, and asks again.
"""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import aiohttp
from rasa.core.lock_store import LockError

# What a waiting gateway is to try again later; the actions' own failures are no part of it.
ACTION_SECONDS = 10
_AWAY = (aiohttp.ClientConnectionError, asyncio.TimeoutError)


class BrokenOffError(BaseException):
    """A part of the assistant is away. No `Exception`: Rasa would swallow it and go on."""


def keep_whole(agent: Any) -> None:
    """Break turns off where the actions or the tracker store are away; again changes nothing."""
    agent.tracker_store._on_tracker_store_error = _break_off
    endpoint = agent.action_endpoint
    if endpoint is None or "request" in vars(endpoint):
        return
    ask = endpoint.request

    async def request(*parts: Any, **named: Any) -> Any:
        try:
            return await ask(*parts, **{**named, "timeout": ACTION_SECONDS})
        except _AWAY as away:
            _break_off(away)

    endpoint.request = request


def is_away(error: BaseException) -> bool:
    """Whether the message is to be sent again later: nothing of it was kept."""
    return isinstance(error, (BrokenOffError, LockError))


def _break_off(error: BaseException) -> NoReturn:
    raise BrokenOffError(type(error).__name__) from error
