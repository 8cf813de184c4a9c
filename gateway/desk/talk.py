"""A conversation at the desk: read live, written to by whoever has it, passed on, handed back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.cases.case import cases_of_conversation
from casework.cases.escalations import escalations_of
from casework.conversations.conversation import Conversation, messages_after
from casework.conversations.handling import (
    HandlingLostError,
    hand_back,
    leave_for_later,
    take_over,
    transfer,
)
from casework.errors import CaseworkError
from casework.evidence.uploads import Upload, find_upload
from casework.orders.verification import verified_orders
from casework.people.accounts import Agent, agents
from casework.people.audit import note_act
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.files import MAX_AT_ONCE, hand_out
from gateway.web.message_stream import presence
from gateway.web.pictures import MAX_BYTES
from gateway.web.rendering import message_view
from gateway.web.running import gateway_of, now
from gateway.web.security import check_csrf
from gateway.web.typed_text import plain_text

_REASONS = {
    "customer_asked": "the customer asked",
    "record_incomplete": "the record of the order is not complete",
    "remedy_asked": "the customer wants another remedy than the one under way",
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
        "max_bytes": MAX_BYTES,
        "max_files": MAX_AT_ONCE,
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
            conversation_id = wanted_conversation(session, request).id
            agent = seated_agent(session, seat)
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
    """GET …/pictures/{upload}: a file that was sent in this conversation, or in a note on it."""
    await require_seat(request)
    gateway = gateway_of(request)

    def find() -> Upload | None:
        with gateway.database.read() as session:
            ids = (request.path_params["id"], request.path_params["upload"])
            return find_upload(session, *ids, audience="agents")

    upload = await gateway.in_thread(find)
    path = gateway.settings.uploads / upload.file_name if upload else None
    if upload is None or path is None or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    return hand_out(path, upload.media_type, "document" if upload.name else "picture")


def seated_agent(session: Session, seat: Seat) -> Agent:
    """The account that sits there."""
    agent: Agent = session.get(Agent, seat.agent_id)
    return agent


def wanted_conversation(session: Session, request: Request) -> Conversation:
    """The conversation an address names; HTTPException 404 where there is none."""
    found: Conversation | None = session.get(Conversation, request.path_params["id"])
    if found is None:
        raise HTTPException(404, "There is no such conversation.")
    return found
