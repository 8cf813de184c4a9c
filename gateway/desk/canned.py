"""Canned replies for the writer at the desk, filled in from the case."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.canned.blanks import of_case, without_a_case
from casework.canned.replies import CannedReply, offered_replies
from casework.cases.case import find_case, open_cases_of_conversation
from casework.shop import policy_in_force
from gateway.desk.sign_in import Seat, require_seat
from gateway.desk.talk import wanted_conversation
from gateway.web.running import Gateway, gateway_of, now


async def replies(request: Request) -> Response:
    """GET /desk/conversations/{id}/replies: those that can be filled in now; nothing is sent.

    They are about the ``?case=``, else about the conversation's open case where it has just one.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    found = await gateway.in_thread(lambda: _offered(gateway, request, seat))
    template = gateway.templates.get_template("desk/canned.html")
    return HTMLResponse(template.render(replies=found))


def _offered(gateway: Gateway, request: Request, seat: Seat) -> list[CannedReply]:
    moment, policy = now(), policy_in_force()
    with gateway.database.read() as session:
        conversation = wanted_conversation(session, request)
        number = request.query_params.get("case")
        if number:
            case = find_case(session, number)
            if case is None:
                raise HTTPException(404, "There is no such case.")
        else:
            cases = open_cases_of_conversation(session, conversation.id)
            case = cases[0] if len(cases) == 1 else None
        if case is None:
            return offered_replies(without_a_case(seat.name, policy, moment))
        return offered_replies(of_case(case, seat.name, policy, moment))
