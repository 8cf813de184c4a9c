"""A conversation as server-sent events: every message once, in order, and who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import anyio
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from casework.accounts import find_agent
from casework.conversations import Conversation, Message, messages_after
from casework.duty import expectation
from casework.turns import is_waiting
from gateway.web.running import Gateway, gateway_of, now

LOOK_SECONDS = 1.0
PING_SECONDS = 15


def presence(session: Session, conversation_id: str) -> dict[str, Any]:
    """Who answers (``handler``), the ``agent``'s name if a person does, whether the assistant is
    ``typing``, and what a customer who waits for a person may expect (``expected``).
    """
    conversation: Conversation | None = session.get(Conversation, conversation_id)
    handler = conversation.handler if conversation else "assistant"
    holder = (
        find_agent(session, conversation.agent) if conversation and conversation.agent else None
    )
    return {
        "handler": handler,
        "agent": holder.name if holder else "",
        "typing": handler != "agent" and is_waiting(session, conversation_id),
        "expected": expectation(now()) if handler == "waiting" else "",
    }


def message_stream(
    request: Request,
    conversation_id: str,
    audience: str,
    draw_message: Callable[[Message], str],
    draw_state: Callable[[dict[str, Any]], str],
    may_read: Callable[[Session], bool] = lambda session: True,
) -> EventSourceResponse:
    """What ``audience`` may read after `Last-Event-ID` (or `?after=`), then whatever comes.

    It ends when the reader no longer ``may_read``: looked at each time before anything is sent.
    """
    asked = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    after = int(asked) if asked.isdigit() and len(asked) < 16 else 0
    closing = anyio.Event()
    gateway = gateway_of(request)
    return EventSourceResponse(
        _events(
            gateway, conversation_id, audience, after, closing, draw_message, draw_state, may_read
        ),
        ping=PING_SECONDS,
        shutdown_event=closing,  # set when the server stops: the stream then ends in good order
        shutdown_grace_period=LOOK_SECONDS + 1,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(
    gateway: Gateway,
    conversation_id: str,
    audience: str,
    after: int,
    closing: anyio.Event,
    draw_message: Callable[[Message], str],
    draw_state: Callable[[dict[str, Any]], str],
    may_read: Callable[[Session], bool],
) -> AsyncIterator[ServerSentEvent]:
    shown: dict[str, Any] | None = None

    def look() -> tuple[list[Message], dict[str, Any]] | None:
        with gateway.database.read() as session:
            if not may_read(session):
                return None
            messages = messages_after(session, conversation_id, audience, after)
            return messages, presence(session, conversation_id)

    with gateway.wakeups.listen(conversation_id) as news:
        while not closing.is_set():
            news.clear()  # before looking: what comes meanwhile is looked for at once
            seen = await gateway.in_thread(look)
            if seen is None:
                return
            messages, state = seen
            for message in messages:
                after = message.id
                html = draw_message(message)
                yield ServerSentEvent(html, event="message", id=str(after), sep="\n")
            if state != shown:
                shown = state
                yield ServerSentEvent(draw_state(state), event="state", sep="\n")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_SECONDS)
