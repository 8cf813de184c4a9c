"""What is new in the customer's chat, as server-sent events; and that the customer is typing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from casework.conversations.conversation import Conversation
from casework.conversations.presence import CUSTOMER, note_typing
from gateway.chat.visitors import require_visitor
from gateway.web.message_stream import Feed, message_stream, presence
from gateway.web.rendering import message_view
from gateway.web.running import gateway_of, now
from gateway.web.security import check_csrf


async def stream(request: Request) -> Response:
    """GET /chat/stream: the messages after `Last-Event-ID` (or `?after=`), then whatever comes."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    gateway.limits.check("streams", visitor.conversation_id)
    message = gateway.templates.get_template("chat/message.html")
    conversation_id = visitor.conversation_id
    return message_stream(
        request,
        Feed(
            conversation_id,
            "customer",
            draw_message=lambda one: message.render(message=message_view(one)),
            draw={
                name: gateway.templates.get_template(f"chat/{name}.html")
                for name in ("state", "typing")
            },
            look=lambda session: presence(session, conversation_id, "customer"),
        ),
    )


async def typing(request: Request) -> Response:
    """POST /chat/typing: the customer is typing; nothing of what they type is sent."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    check_csrf(request, visitor.csrf)
    gateway.limits.check("typing", visitor.conversation_id)

    def note() -> bool:
        with gateway.database.begin() as session:
            conversation = session.get(Conversation, visitor.conversation_id)
            return note_typing(session, conversation, CUSTOMER, now())

    if await gateway.in_thread(note):
        gateway.wakeups.wake(visitor.conversation_id)
    return Response(status_code=204)
