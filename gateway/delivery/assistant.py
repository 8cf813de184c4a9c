"""The gateway's side of the channel: one message to the assistant, its answer back."""

from __future__ import annotations

import asyncio
import json
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from gateway.settings import Settings

# An action may take ten seconds; Rasa holds a conversation's lock for sixty.
ANSWER_TIMEOUT = aiohttp.ClientTimeout(total=60.0, sock_connect=3.0)
HEALTH_TIMEOUT = aiohttp.ClientTimeout(total=3.0)
# Rasa closes a connection that was idle for five seconds: we do so before.
IDLE_SECONDS = 4.0


class AssistantDownError(Exception):
    """The assistant could not be reached, or is still starting: ask again later."""


class AssistantFailedError(Exception):
    """The assistant was reached and did not manage this message."""


@dataclass(frozen=True)
class Said:
    """One message of the assistant: text, the titles of its quick replies, and custom JSON."""

    text: str = ""
    replies: tuple[str, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """All the assistant said to one message, and the milliseconds it took inside Rasa."""

    said: tuple[Said, ...]
    milliseconds: float


class Assistant:
    """A pooled HTTP client of the assistant's channel, on each of its workers.

    A conversation is one worker's, which has it in memory and takes its messages in turn; while
    nobody listens there, it is the next one's.
    """

    def __init__(self, settings: Settings) -> None:
        self._workers = [f"{url}/webhooks/gateway" for url in settings.rasa_urls]
        self._headers = {"Authorization": f"Bearer {settings.token}"}
        self._opened: aiohttp.ClientSession | None = None

    @property
    def _client(self) -> aiohttp.ClientSession:
        if self._opened is None:  # not before: it belongs to the loop that it is used in
            self._opened = aiohttp.ClientSession(
                # However many customers wait: a message stands in no line that Rasa knows not of.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=ANSWER_TIMEOUT,
            )
        return self._opened

    async def ask(
        self,
        conversation_id: str,
        message_id: str,
        text: str,
        *,
        again: bool,
        event: str | None = None,
    ) -> Answer:
        """Send one plain-text message and wait for the answer.

        `again` tells the channel that this message may have been heard before. `event`: no customer
        wrote it; it tells what happened (`handed_back`). Raises
        `AssistantDownError` when nobody answers (try later) and `AssistantFailedError` when the
        assistant answered with an error or too late.
        """
        body = {
            "conversation_id": conversation_id,
            "message_id": message_id,
            "text": text,
            "again": again,
            "event": event,
        }
        try:
            status, answer = await self._post(conversation_id, body)
        except aiohttp.ClientError as gone:  # also a worker that takes no connection in time
            raise AssistantDownError(type(gone).__name__) from gone
        except asyncio.TimeoutError as late:
            raise AssistantFailedError("no answer in time") from late
        if status == 503:
            raise AssistantDownError("it is starting, or a part of it is away")
        if status == 401:  # an operator can mend that: the message waits
            raise AssistantDownError("it refuses our GATEWAY_TOKEN")
        if status != 200:
            raise AssistantFailedError(f"status {status}")
        return _read(answer)

    async def _post(self, conversation_id: str, body: dict[str, Any]) -> tuple[int, bytes]:
        first = zlib.crc32(conversation_id.encode()) % len(self._workers)
        *others, last = self._workers[first:] + self._workers[:first]
        for worker in others:
            with suppress(aiohttp.ClientConnectorError):  # nobody there: it cannot have heard it
                return await self._ask(worker, body)
        return await self._ask(last, body)

    async def _ask(self, worker: str, body: dict[str, Any]) -> tuple[int, bytes]:
        async with self._client.post(f"{worker}/webhook", json=body) as response:
            return response.status, await response.read()

    async def state(self) -> str:
        """`away` where a worker does not answer, `broken` where one is up without a model.

        `refused` where one does not take our token, `ready` otherwise.
        """
        states = {await self._state(worker) for worker in self._workers}
        return next(one for one in ("refused", "broken", "away", "ready") if one in states)

    async def _state(self, worker: str) -> str:
        try:
            async with self._client.get(f"{worker}/", timeout=HEALTH_TIMEOUT) as response:
                return {200: "ready", 401: "refused"}.get(response.status, "broken")
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return "away"

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._opened is not None:
            await self._opened.close()


def _read(answer: bytes) -> Answer:
    try:
        body = json.loads(answer)
        said = tuple(
            Said(
                text=str(message.get("text") or ""),
                replies=tuple(str(b["title"]) for b in message.get("buttons") or ()),
                custom=dict(message.get("custom") or {}),
            )
            for message in body["messages"]
        )
        return Answer(said, float(body.get("milliseconds") or 0))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise AssistantFailedError("an answer of another form") from broken
