"""The customer's chat: the page, what is sent from it, and what can be taken along."""

from __future__ import annotations

import hashlib
import logging
import re

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from casework.conversations.conversation import messages_after
from casework.conversations.turns import open_replies
from casework.conversations.web_sessions import end_session
from casework.evidence.uploads import staged_uploads
from casework.operating.log_lines import about
from gateway.chat.transcript import transcript_text
from gateway.chat.visitors import Visitor, find_visitor, new_visitor, require_visitor, set_cookie
from gateway.delivery import posting
from gateway.web import wording
from gateway.web.message_stream import presence
from gateway.web.pictures import MAX_BYTES
from gateway.web.rendering import message_view
from gateway.web.running import Gateway, address_of, gateway_of
from gateway.web.security import check_csrf, page_policy
from gateway.web.typed_text import MAX_CHARACTERS, plain_text

logger = logging.getLogger(__name__)

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")


async def page(request: Request) -> Response:
    """GET /chat: the chat, with its history; a browser without a session gets a new one."""
    gateway = gateway_of(request)
    visitor = await find_visitor(request)
    if visitor is None:
        gateway.limits.check("sessions-address", address_of(request))
        visitor = await new_visitor(request)
    html = await gateway.in_thread(lambda: _render(gateway, visitor))
    response = HTMLResponse(html)
    response.headers["content-security-policy"] = page_policy(gateway.settings.embed_origins)
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    set_cookie(response, request, visitor)
    return response


def _render(gateway: Gateway, visitor: Visitor) -> str:
    conversation_id = visitor.conversation_id
    with gateway.database.read() as session:
        messages = messages_after(session, conversation_id, "customer")
        still_open = open_replies(session, conversation_id)
        context = {
            "messages": [message_view(one, open_replies=still_open) for one in messages],
            **presence(session, conversation_id, "customer")["state"],
            "staged_uploads": staged_uploads(session, conversation_id),
        }
    return gateway.templates.get_template("chat/page.html").render(
        **context,
        csrf=visitor.csrf,
        conversation_key=hashlib.sha256(conversation_id.encode()).hexdigest()[:12],
        phone=wording.phone(),
        want_person=wording.WANT_PERSON,
        max_bytes=MAX_BYTES,
        max_characters=MAX_CHARACTERS,
    )


async def send(request: Request) -> Response:
    """POST /chat/messages: `text`, or `reply` (a quick reply's id), or `pictures`; with `id`.

    `id` is the client's own id of this message: the same id again is the same message, whatever
    happened on the way. A plain form goes back to the chat.
    """
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    form = await request.form()
    by_script = "x-csrf-token" in request.headers
    check_csrf(request, visitor.csrf, form.get("csrf"))
    gateway.limits.check("messages", visitor.conversation_id)
    gateway.limits.check("messages-address", address_of(request))
    client_id = _client_id(form)
    try:
        posted = await gateway.in_thread(lambda: _keep(gateway, visitor, client_id, form))
    except posting.CannotSendError as cannot:
        raise HTTPException(409, str(cannot)) from cannot
    with about(visitor.conversation_id, posted.message_id):
        logger.info("received")
    gateway.wakeups.wake(visitor.conversation_id)
    gateway.serve(visitor.conversation_id, posted.turn)
    if not by_script:
        return RedirectResponse("/chat", 303)
    return Response(status_code=204)  # the stream shows it, in its place, on every tab


def _client_id(form: FormData) -> str:
    given = form.get("id")
    if isinstance(given, str) and _CLIENT_ID.fullmatch(given):
        return given
    raise HTTPException(400, "This message has no id of its own. Please reload the chat.")


def _keep(gateway: Gateway, visitor: Visitor, client_id: str, form: FormData) -> posting.Posted:
    conversation_id = visitor.conversation_id
    reply = form.get("reply")
    if isinstance(reply, str) and reply:
        return posting.press(gateway.database, conversation_id, client_id, reply)
    if form.get("pictures"):
        return posting.send_pictures(gateway.database, conversation_id, client_id)
    typed = form.get("text")
    text = plain_text(typed) if isinstance(typed, str) else ""
    if not text:
        raise HTTPException(422, "Please type a message first.")
    if len(text) > MAX_CHARACTERS:
        raise HTTPException(
            422, f"That is too long. Please keep it to {MAX_CHARACTERS} characters."
        )
    return posting.send_text(gateway.database, conversation_id, client_id, text)


async def transcript(request: Request) -> Response:
    """GET /chat/transcript: the conversation as a text file."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)

    def write() -> str:
        with gateway.database.read() as session:
            return transcript_text(messages_after(session, visitor.conversation_id, "customer"))

    text = await gateway.in_thread(write)
    headers = {"content-disposition": 'attachment; filename="after-sales-chat.txt"'}
    return PlainTextResponse(text, headers=headers)


async def end(request: Request) -> Response:
    """POST /chat/end: forget this chat on this device; the conversation itself stays."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, visitor.csrf, form.get("csrf"))

    def forget() -> None:
        with gateway.database.begin() as session:
            end_session(session, visitor.token)

    await gateway.in_thread(forget)
    response = RedirectResponse("/chat", 303)
    set_cookie(response, request, None)
    return response
