"""The one way into the assistant: a Rasa input channel for the gateway, on loopback, with a token.

`POST /webhooks/gateway/webhook` with `Authorization: Bearer …` takes
`{"conversation_id", "message_id", "text", "again", "event"?}` and answers
`{"messages": [{"text"?, "buttons"? [{"title"}], "custom"?}], "milliseconds"}`.
With an `event` nobody typed the text: it counts as the intent of that name, one of `EVENTS`.
With `again` true the message was sent before and no answer arrived: where the assistant did hear
it, the very same answer is given again and nothing happens twice. 503: a part of the assistant is
away and nothing of the message was kept; 500: it was heard and could not be answered.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from casework.operating.log_lines import about
from casework.operating.metrics import REGISTRY, may_read
from gateway.inside_rasa.starting import set_up
from gateway.inside_rasa.tracker_sessions import Memory
from gateway.inside_rasa.whole_turns import BrokenOffError, is_away, keep_whole
from gateway.web.typed_text import plain_text

logger = logging.getLogger(__name__)
WRONG_TOKEN = "the bearer token is wrong"
EVENTS = frozenset({"handed_back"})
Handler = Callable[[UserMessage], Awaitable[Any]]


class GatewayChannel(InputChannel):
    """Takes plain text from the gateway and gives back what the assistant says."""

    def __init__(self, token: str) -> None:
        if len(token) < 16:
            raise ValueError(
                "credentials.yml: gateway.inside_rasa.channel.GatewayChannel needs GATEWAY_TOKEN"
            )
        self.token = token
        self.memory = Memory()
        self.under_way: dict[str, asyncio.Future[list[dict[str, Any]]]] = {}

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place in the address."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayChannel:
        """Build the channel from its entry in credentials.yml."""
        return cls(str((credentials or {}).get("token", "")))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's addresses: health, metrics, and the message."""
        blueprint = Blueprint("gateway_channel", __name__)
        blueprint.listener(set_up, "after_server_start")

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            if request.headers.get("authorization") and not self._is_gateway(request):
                return response.json({"ready": False, "error": WRONG_TOKEN}, status=401)
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @blueprint.route("/metrics", methods=["GET"])
        async def metrics(request: Request) -> HTTPResponse:
            if not may_read(request.ip, request.headers, self.token):
                return response.json({"error": "there is no such page"}, status=404)
            return response.raw(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)

        @blueprint.route("/webhook", methods=["POST"])
        async def webhook(request: Request) -> HTTPResponse:
            return await self.receive(request, on_new_message)

        return blueprint

    def _is_gateway(self, request: Request) -> bool:
        given = str(request.headers.get("authorization", "")).encode()
        return hmac.compare_digest(given, f"Bearer {self.token}".encode())

    async def receive(self, request: Request, on_new_message: Handler) -> HTTPResponse:
        """Answer one message of the gateway; 401 without the token, 400 for a malformed one."""
        if not self._is_gateway(request):
            return response.json({"error": WRONG_TOKEN}, status=401)
        body = request.json if isinstance(request.json, dict) else {}
        parts = [body.get(key) for key in ("conversation_id", "message_id", "text")]
        conversation, message, text = (part if isinstance(part, str) else "" for part in parts)
        if not (conversation and message and text):
            return response.json(
                {"error": "conversation_id, message_id and text must be text"}, status=400
            )
        event = body.get("event")
        if event is not None and event not in EVENTS:
            return response.json({"error": "event is not one of the channel's"}, status=400)
        keep_whole(request.app.ctx.agent)
        heard = UserMessage(
            plain_text(text) or "…",
            CollectingOutputChannel(),
            conversation,
            input_channel=self.name(),
            message_id=message,
            parse_data=_as_event(event, text) if event else None,
            metadata={"conversation_id": conversation},
        )
        with about(conversation, message):
            return await self._tell(request, on_new_message, heard, bool(body.get("again")))

    async def _tell(
        self, request: Request, on_new_message: Handler, heard: UserMessage, again: bool
    ) -> HTTPResponse:
        started = time.perf_counter()
        try:
            messages = await self._once(request, on_new_message, heard, again)
        except (Exception, BrokenOffError) as error:
            if is_away(error):
                logger.warning("the message waits: a part of the assistant is away (%s)", error)
                return response.json({"error": "a part of the assistant is away"}, status=503)
            logger.exception("the message was not answered")
            return response.json({"error": "the assistant failed on this message"}, status=500)
        spent = round((time.perf_counter() - started) * 1000, 2)
        logger.info("answered", extra={"milliseconds": spent})
        return response.json({"messages": messages, "milliseconds": spent})

    async def _once(
        self, request: Request, on_new_message: Handler, heard: UserMessage, again: bool
    ) -> list[dict[str, Any]]:
        message = str(heard.message_id)
        if message in self.under_way:
            return await asyncio.shield(self.under_way[message])
        work = asyncio.ensure_future(
            self._answer(request.app.ctx.agent, on_new_message, heard, again)
        )
        self.under_way[message] = work
        work.add_done_callback(lambda _: self.under_way.pop(message, None))
        # Shielded: a gateway that stops waiting must not cut the assistant off half-way.
        return await asyncio.shield(work)

    async def _answer(
        self, agent: Any, on_new_message: Handler, heard: UserMessage, again: bool
    ) -> list[dict[str, Any]]:
        if again:
            given = await _answer_given(agent, heard.sender_id, str(heard.message_id))
            if given is not None:
                return given
        else:
            await self.memory.before_turn(agent, heard.sender_id)
        await on_new_message(heard)
        return [_tidy(said) for said in heard.output_channel.messages]


def _as_event(name: str, text: str) -> dict[str, Any]:
    certain = {"name": name, "confidence": 1.0}
    return {"text": text, "intent": certain, "intent_ranking": [certain], "entities": []}


async def _answer_given(agent: Any, conversation: str, message: str) -> list[dict[str, Any]] | None:
    """What the assistant already said to this message, or None where it never heard it."""
    tracker = await agent.tracker_store.retrieve(conversation)
    heard: list[dict[str, Any]] | None = None
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            heard = [] if event.message_id == message else heard
            if heard is not None and event.message_id != message:
                break
        elif heard is not None and isinstance(event, BotUttered):
            heard.append(_tidy({"text": event.text, **(event.data or {})}))
    return heard


def _tidy(said: dict[str, Any]) -> dict[str, Any]:
    """Keep what the gateway shows: the text, the buttons' titles, and custom JSON."""
    kept: dict[str, Any] = {}
    if said.get("text"):
        kept["text"] = str(said["text"])
    titles = [str(b["title"]) for b in said.get("buttons") or () if b.get("title")]
    if titles:
        kept["buttons"] = [{"title": title} for title in titles]
    if isinstance(said.get("custom"), dict):
        kept["custom"] = said["custom"]
    return kept
