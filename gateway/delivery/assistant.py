"""The gateway's side of the channel: one message to the assistant, its answer back."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.settings import Settings

# An action may take ten seconds; Rasa holds a conversation's lock for sixty.
ANSWER_TIMEOUT = 60.0


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

    def __init__(
        self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._workers = [
            httpx.AsyncClient(
                base_url=f"{url}/webhooks/gateway",
                headers={"Authorization": f"Bearer {settings.token}"},
                timeout=httpx.Timeout(ANSWER_TIMEOUT, connect=3.0),
                transport=transport,
                trust_env=False,
            )
            for url in settings.rasa_urls
        ]

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
            response = await self._post(conversation_id, body)
        except httpx.ReadTimeout as late:
            raise AssistantFailedError("no answer in time") from late
        except httpx.TransportError as gone:
            raise AssistantDownError(type(gone).__name__) from gone
        if response.status_code == 503:
            raise AssistantDownError("it is starting, or a part of it is away")
        if response.status_code == 401:  # an operator can mend that: the message waits
            raise AssistantDownError("it refuses our GATEWAY_TOKEN")
        if response.status_code != 200:
            raise AssistantFailedError(f"status {response.status_code}")
        return _read(response)

    async def _post(self, conversation_id: str, body: dict[str, Any]) -> httpx.Response:
        first = zlib.crc32(conversation_id.encode()) % len(self._workers)
        *others, last = self._workers[first:] + self._workers[:first]
        for worker in others:
            with suppress(httpx.ConnectError):  # nobody there: it cannot have heard the message
                return await worker.post("/webhook", json=body)
        return await last.post("/webhook", json=body)

    async def state(self) -> str:
        """`away` where a worker does not answer, `broken` where one is up without a model.

        `refused` where one does not take our token, `ready` otherwise.
        """
        states = {await _state(worker) for worker in self._workers}
        return next(one for one in ("refused", "broken", "away", "ready") if one in states)

    async def close(self) -> None:
        """Close the pooled connections."""
        for worker in self._workers:
            await worker.aclose()


async def _state(worker: httpx.AsyncClient) -> str:
    try:
        response = await worker.get("/", timeout=3.0)
    except httpx.TransportError:
        return "away"
    return {200: "ready", 401: "refused"}.get(response.status_code, "broken")


def _read(response: httpx.Response) -> Answer:
    try:
        body = response.json()
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
