"""A conversation as server-sent events: every message once, in order, and who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from jinja2 import Template
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from casework.conversations.conversation import Message, messages_after, who_answers
from casework.conversations.news import newest
from casework.conversations.presence import CUSTOMER, is_typing
from casework.conversations.turns import is_waiting
from casework.people.accounts import find_agent
from casework.people.duty import expectation
from gateway.web.running import Ear, Gateway, gateway_of, now

# News wakes a stream. It looks by itself only for what ends with time: somebody's typing soon, and
# seldom what changes with the hour of the day.
TYPING_SECONDS = 2.0
LOOK_SECONDS = 60.0
GRACE_SECONDS = 2.0
PING_SECONDS = 15
ENDED = "ended"
ASSISTANT = "The assistant"

Parts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Feed:
    """What a page follows: a conversation's messages for an audience, and parts beside them.

    ``look`` gives what each part shows now, by its name, or None once the reader may read no more;
    ``draw`` are the templates of the parts, and ``ENDED``, which is drawn last of all. ``stay`` is
    called before each look and ``leave`` at the end, beside the event loop. ``also``: another
    subject whose news concerns the page; ``every``: the seconds between looks without any news.
    """

    conversation_id: str
    audience: str
    draw_message: Callable[[Message], str]
    draw: Mapping[str, Template]
    look: Callable[[Session], Parts | None]
    stay: Callable[[], None] | None = None
    leave: Callable[[], None] | None = None
    also: tuple[str, ...] = ()
    every: float = LOOK_SECONDS


def presence(session: Session, conversation_id: str, audience: str) -> Parts:
    """Who is there, as a page's parts.

    ``state``: who answers (``handler``), the ``agent``'s name if a person does, and what a customer
    who waits for a person may expect (``expected``). ``typing``: the name of who is typing on the
    other side (``who``), or nothing; a customer's typing is told while people have the chat.
    """
    handler, login = who_answers(session, conversation_id)
    holder = find_agent(session, login) if login else None
    name, who = holder.name if holder else "", ""
    if audience == "customer":
        if handler == "agent":
            who = name if name and is_typing(session, conversation_id, login, now()) else ""
        elif is_waiting(session, conversation_id):
            who = ASSISTANT
    elif handler != "assistant" and is_typing(session, conversation_id, CUSTOMER, now()):
        who = "The customer"
    expected = expectation(now()) if handler == "waiting" else ""
    return {
        "state": {"handler": handler, "agent": name, "expected": expected},
        "typing": {"who": who},
    }


def message_stream(request: Request, feed: Feed) -> EventSourceResponse:
    """What the feed's audience may read after `Last-Event-ID` (or `?after=`), then what comes."""
    asked = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    after = int(asked) if asked.isdigit() and len(asked) < 16 else 0
    closing = anyio.Event()
    return EventSourceResponse(
        _events(gateway_of(request), feed, after, closing),
        ping=PING_SECONDS,
        shutdown_event=closing,  # set when the server stops: the stream then ends in good order
        shutdown_grace_period=GRACE_SECONDS,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(
    gateway: Gateway, feed: Feed, after: int, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    shown: Parts = {}
    ended: asyncio.Task[None] | None = None

    def look() -> tuple[list[Message], Parts | None]:
        if feed.stay:
            feed.stay()
        with gateway.database.read() as session:
            ear.seen = newest(session)  # first: what is written meanwhile may be seen twice
            parts = feed.look(session)
            if parts is None:
                return [], None
            return messages_after(session, feed.conversation_id, feed.audience, after), parts

    try:
        with gateway.wakeups.listen(feed.conversation_id, *feed.also) as ear:
            ended = asyncio.create_task(_wake_at(closing, ear))
            while not closing.is_set():
                ear.news.clear()  # before looking: what comes meanwhile is looked for at once
                messages, parts = await gateway.in_thread(look)
                if parts is None:
                    yield ServerSentEvent(feed.draw[ENDED].render(), event=ENDED, sep="\n")
                    return
                for message in messages:
                    after = message.id
                    html = feed.draw_message(message)
                    yield ServerSentEvent(html, event="message", id=str(after), sep="\n")
                for name in [one for one in parts if parts[one] != shown.get(one)]:
                    html = feed.draw[name].render(**parts[name])
                    yield ServerSentEvent(html, event=name, sep="\n")
                shown = parts
                typing = parts["typing"]["who"] not in ("", ASSISTANT)
                rest = min(feed.every, TYPING_SECONDS) if typing else feed.every
                with anyio.move_on_after(rest):
                    await ear.news.wait()
    finally:
        if ended:
            ended.cancel()
        if feed.leave:
            with anyio.CancelScope(shield=True):  # the reader may be gone already
                await gateway.in_thread(feed.leave)


async def _wake_at(closing: anyio.Event, ear: Ear) -> None:
    """Wake a stream at the server's end."""
    await closing.wait()
    ear.news.set()
