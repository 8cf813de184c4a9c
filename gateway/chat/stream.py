"""News as server-sent events: every message once, in order, and whether somebody is typing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from casework.conversations import Conversation, Message, messages_after
from casework.turns import is_waiting
from gateway.chat.visitors import require_visitor
from gateway.web.rendering import message_view
from gateway.web.running import Gateway, gateway_of

LOOK_SECONDS = 1.0
PING_SECONDS = 15


async def stream(request: Request) -> Response:
    """GET /chat/stream: the messages after `Last-Event-ID` (or `?after=`), then whatever comes."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    gateway.limits.check("streams", visitor.conversation_id)
    asked = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    after = int(asked) if asked.isdigit() and len(asked) < 16 else 0
    closing = anyio.Event()
    return EventSourceResponse(
        _news(gateway, visitor.conversation_id, after, closing),
        ping=PING_SECONDS,
        shutdown_event=closing,  # set when the server stops: the stream then ends in good order
        shutdown_grace_period=LOOK_SECONDS + 1,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _news(
    gateway: Gateway, conversation_id: str, after: int, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    shown: tuple[str, bool] | None = None

    def look() -> tuple[list[Message], tuple[str, bool]]:
        with gateway.database.read() as session:
            messages = messages_after(session, conversation_id, "customer", after)
            conversation = session.get(Conversation, conversation_id)
            handler = conversation.handler if conversation else "assistant"
            typing = handler != "agent" and is_waiting(session, conversation_id)
            return messages, (handler, typing)

    message_html = gateway.templates.get_template("chat/message.html")
    state_html = gateway.templates.get_template("chat/state.html")
    with gateway.wakeups.listen(conversation_id) as news:
        while not closing.is_set():
            news.clear()  # before looking: what comes meanwhile is looked for at once
            messages, state = await gateway.in_thread(look)
            for message in messages:
                after = message.id
                html = message_html.render(message=message_view(message))
                yield ServerSentEvent(html, event="message", id=str(after), sep="\n")
            if state != shown:
                shown = state
                html = state_html.render(handler=state[0], typing=state[1])
                yield ServerSentEvent(html, event="state", sep="\n")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_SECONDS)
