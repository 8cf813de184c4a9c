"""What is new in the customer's chat, as server-sent events."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.chat.visitors import require_visitor
from gateway.web.message_stream import message_stream
from gateway.web.rendering import message_view
from gateway.web.running import gateway_of


async def stream(request: Request) -> Response:
    """GET /chat/stream: the messages after `Last-Event-ID` (or `?after=`), then whatever comes."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    gateway.limits.check("streams", visitor.conversation_id)
    message = gateway.templates.get_template("chat/message.html")
    state = gateway.templates.get_template("chat/state.html")
    return message_stream(
        request,
        visitor.conversation_id,
        "customer",
        lambda one: message.render(message=message_view(one)),
        lambda now: state.render(**now),
    )
