"""What is live at the desk: a conversation as it comes, who is typing, and who else is looking."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from casework.cases.case import find_case
from casework.cases.in_words import listed
from casework.conversations.presence import (
    LOOKING,
    end_looking,
    looking_at,
    note_looking,
    note_typing,
)
from casework.people.accounts import agent_of
from gateway.desk.sign_in import Seat, require_seat
from gateway.desk.talk import wanted_conversation
from gateway.web.message_stream import ENDED, Feed, Parts, message_stream, presence
from gateway.web.rendering import message_view
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

_RENEWED_EVERY = LOOKING.total_seconds() / 3
# Who is signed out elsewhere is shown no more within so many seconds, news or none.
_SIGNED_IN_EVERY = 5.0
_TEMPLATES = {
    "state": "talk_state.html",
    "typing": "talk_typing.html",
    "looking": "talk_looking.html",
    ENDED: "talk_ended.html",
}


@dataclass
class Watcher:
    """An agent who has a page open: the mark of it is renewed until the page is left."""

    gateway: Gateway
    seat: Seat
    subjects: tuple[str, ...]
    renewed_at: float | None = field(default=None)

    def stay(self) -> None:
        """Renew the mark where it is time to."""
        moment = time.monotonic()
        if self.renewed_at is not None and moment - self.renewed_at < _RENEWED_EVERY:
            return
        self.renewed_at = moment
        with self.gateway.database.begin() as session:
            if self.signed_in(session):
                note_looking(session, self.subjects, self.seat.login, now())

    def leave(self) -> None:
        """Take the mark away."""
        with self.gateway.database.begin() as session:
            end_looking(session, self.subjects, self.seat.login)

    def signed_in(self, session: Session) -> bool:
        """Whether the agent's session still holds."""
        return agent_of(session, self.seat.token, now()) is not None

    def look(self, session: Session) -> Parts | None:
        """What the page shows beside the messages; None once the agent is signed out."""
        if not self.signed_in(session):
            return None
        conversation_id = self.subjects[0]
        return {
            **presence(session, conversation_id, "agents"),
            "looking": others_looking(session, self.subjects, self.seat),
        }


def others_looking(session: Session, subjects: tuple[str, ...], seat: Seat) -> dict[str, Any]:
    """What desk/talk_looking.html needs: who else has any of these open, and how many they are."""
    found = looking_at(session, subjects, now(), but=seat.login)
    names = sorted({name for some in found.values() for name in some})
    return {"names": listed(names), "several": len(names) > 1}


async def stream(request: Request) -> Response:
    """GET /desk/conversations/{id}/stream: everything, private notes too, as it comes.

    ``?case=``: the case page that shows it. It ends when the agent's session does.
    """
    seat = await require_seat(request, by_itself=True)
    gateway = gateway_of(request)
    conversation_id = request.path_params["id"]
    watcher = await gateway.in_thread(lambda: _watcher(gateway, request, seat, conversation_id))
    message = gateway.templates.get_template("desk/message.html")
    return message_stream(
        request,
        Feed(
            conversation_id,
            "agents",
            draw_message=lambda one: message.render(
                message=message_view(one), conversation_id=conversation_id
            ),
            draw={
                part: gateway.templates.get_template(f"desk/{file}")
                for part, file in _TEMPLATES.items()
            },
            look=watcher.look,
            stay=watcher.stay,
            leave=watcher.leave,
            also=watcher.subjects[1:],
            every=_SIGNED_IN_EVERY,
        ),
    )


def _watcher(gateway: Gateway, request: Request, seat: Seat, conversation_id: str) -> Watcher:
    with gateway.database.read() as session:
        wanted_conversation(session, request)
        case = find_case(session, request.query_params.get("case", ""))
    subjects = (conversation_id, case.number) if case else (conversation_id,)
    return Watcher(gateway, seat, subjects)


async def typing(request: Request) -> Response:
    """POST /desk/conversations/{id}/typing: the agent who has the chat is typing an answer."""
    seat = await require_seat(request)
    gateway = gateway_of(request)
    check_csrf(request, seat.csrf)
    gateway.limits.check("typing", seat.actor)

    def note() -> bool:
        with gateway.database.begin() as session:
            return note_typing(session, wanted_conversation(session, request), seat.login, now())

    if await gateway.in_thread(note):
        gateway.wakeups.wake(request.path_params["id"])
    return Response(status_code=204)
