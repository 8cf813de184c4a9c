"""A case on one page, to print or keep: what was asked, what the policy gives, what is next."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.cases.case import find_case
from casework.orders.verification import verified_orders
from gateway.chat.visitors import require_visitor
from gateway.web.case_view import case_view
from gateway.web.running import gateway_of, now


async def summary(request: Request) -> Response:
    """GET /chat/case/{number}: only for the conversation that opened the case or proved its order.

    Any other number, real or not, gets the same 404.
    """
    visitor = await require_visitor(request)
    gateway = gateway_of(request)

    def look_up() -> dict[str, Any] | None:
        with gateway.database.read() as session:
            case = find_case(session, request.path_params["number"])
            if case is None:
                return None
            proved = {order.id for order in verified_orders(session, visitor.conversation_id)}
            if case.conversation_id != visitor.conversation_id and case.order_id not in proved:
                return None
            return case_view(case, now())

    view = await gateway.in_thread(look_up)
    if view is None:
        raise HTTPException(404, "There is no such case in this chat.")
    return HTMLResponse(gateway.templates.get_template("chat/case_summary.html").render(**view))
