"""A conversation at the desk: read live, written to by whoever has it, passed on, handed back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from casework.accounts import Agent, agents
from casework.audit import note_act
from casework.cases import cases_of_conversation
from casework.conversations import Conversation, add_message, messages_after
from casework.errors import CaseworkError
from casework.escalations import escalations_of
from casework.handling import (
    HandlingLostError,
    hand_back,
    has_it,
    leave_for_later,
    take_over,
    transfer,
)
from casework.uploads import Upload, find_upload
from casework.verification import verified_orders
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.message_stream import presence
from gateway.web.rendering import message_view
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import PICTURE_POLICY, check_csrf
from gateway.web.typed_text import MAX_CHARACTERS, plain_text

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_REASONS = {
    "customer_asked": "the customer asked",
    "record_incomplete": "the record of the order is not complete",
    "withdrawal_asked": "the customer wants to withdraw a request that is already under way",
}


@dataclass(frozen=True)
class Talk:
    """The messages so far, as agents see them, and the colleagues a chat can be passed on to."""

    messages: list[dict[str, Any]]
    colleagues: list[Agent]


def talk_context(
    session: Session, conversation_id: str, seat: Seat, case: str = ""
) -> dict[str, Any]:
    """What desk/talk.html needs; ``case`` is the case's number where it stands on a case page."""
    said = messages_after(session, conversation_id, "agents")
    others = [one for one in agents(session) if one.active and one.id != seat.agent_id]
    return {
        "conversation_id": conversation_id,
        "about_case": f"?case={case}" if case else "",
        "talk": Talk([message_view(one) for one in said], others),
        **presence(session, conversation_id, "agents")["state"],
    }


async def show(request: Request) -> Response:
    """GET /desk/conversations/{id}: the conversation; 404 for an unknown one."""
    seat = await require_seat(request)
    gateway = gateway_of(request)

    def read() -> dict[str, Any]:
        with gateway.database.read() as session:
            conversation_id = wanted_conversation(session, request).id
            asked = [one for one in escalations_of(session, conversation_id) if one.case is None]
            return {
                "cases": cases_of_conversation(session, conversation_id),
                "orders": verified_orders(session, conversation_id),
                "asked_for": _REASONS.get(asked[0].reason, "") if asked else "",
                **talk_context(session, conversation_id, seat),
            }

    context = await gateway.in_thread(read)
    return await pages.page(request, "desk/conversation.html", seat, **context)


async def write(request: Request) -> Response:
    """POST …/messages: `text` to the customer (`as` reply) or to colleagues (`as` note); `id`.

    409 where somebody else has the conversation; the same `id` again is the same message.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    text, key = plain_text(str(form.get("text") or "")), str(form.get("id") or "")
    if not text or not _KEY.fullmatch(key):
        raise HTTPException(422, "Please write something first.")
    if len(text) > MAX_CHARACTERS:
        raise HTTPException(422, f"Please keep it to {MAX_CHARACTERS} characters.")
    note = form.get("as") == "note"
    await gateway.in_thread(lambda: _write(gateway, request, seat, text, f"g:{key}", note))
    gateway.wakeups.wake(request.path_params["id"])
    return Response(status_code=204)


def _write(gateway: Gateway, request: Request, seat: Seat, text: str, key: str, note: bool) -> None:
    with gateway.database.begin() as session:
        conversation_id = wanted_conversation(session, request).id
        if not note and not has_it(session, conversation_id, _agent(session, seat)):
            raise HTTPException(409, "Take over first: you are not the one in this chat now.")
        add_message(
            session,
            conversation_id,
            audience="agents" if note else "customer",
            author="agent",
            text=text,
            payload={"by": seat.name},
            now=now(),
            key=key,
        )
        act = "note_written" if note else "reply_written"
        note_act(session, actor=seat.actor, act=act, subject=conversation_id, now=now())


async def handle(request: Request) -> Response:
    """POST …/handling: `act` take_over, hand_back (`agreed`), leave or transfer (`to`).

    409 with the name of whoever has the conversation where this agent has not.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    act, agreed, to = (str(form.get(name) or "") for name in ("act", "agreed", "to"))

    def change() -> None:
        with gateway.database.begin() as session:
            conversation_id, agent = wanted_conversation(session, request).id, _agent(session, seat)
            if act == "take_over":
                take_over(session, conversation_id, agent, now())
            elif act == "hand_back":
                hand_back(session, conversation_id, agent, plain_text(agreed)[:500], now())
            elif act == "leave":
                leave_for_later(session, conversation_id, agent, now())
            elif act == "transfer":
                transfer(session, conversation_id, agent, to, now())
            else:
                raise HTTPException(400, "That is not something to do with a conversation.")
            note_act(session, actor=seat.actor, act=act, subject=conversation_id, now=now())

    try:
        await gateway.in_thread(change)
    except HandlingLostError as lost:
        raise HTTPException(409, str(lost)) from lost
    except CaseworkError as wrong:
        raise HTTPException(422, str(wrong)) from wrong
    gateway.wakeups.wake(request.path_params["id"])
    back = str(form.get("back") or "")
    own = back.startswith(("/desk/cases/", "/desk/conversations/"))
    return RedirectResponse(back if own else "/desk", 303)


async def picture(request: Request) -> Response:
    """GET …/pictures/{upload}: a picture of this conversation."""
    await require_seat(request)
    gateway = gateway_of(request)

    def find() -> Upload | None:
        with gateway.database.read() as session:
            return find_upload(session, request.path_params["id"], request.path_params["upload"])

    upload = await gateway.in_thread(find)
    path = gateway.settings.uploads / upload.file_name if upload else None
    if upload is None or upload.message_id is None or path is None or not path.is_file():
        raise HTTPException(404, "There is no such picture.")
    headers = {"content-security-policy": PICTURE_POLICY, "cache-control": "private, max-age=3600"}
    return FileResponse(path, media_type=upload.media_type, headers=headers)


def _agent(session: Session, seat: Seat) -> Agent:
    agent: Agent = session.get(Agent, seat.agent_id)
    return agent


def wanted_conversation(session: Session, request: Request) -> Conversation:
    """The conversation an address names; HTTPException 404 where there is none."""
    found: Conversation | None = session.get(Conversation, request.path_params["id"])
    if found is None:
        raise HTTPException(404, "There is no such conversation.")
    return found
