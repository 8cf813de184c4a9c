"""A case on one page, to print or keep: what was asked, what the policy gives, what is next."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.cases import Case, decision_of, find_case
from casework.obligations import Obligation, obligations_from
from casework.shop import day_of, policy_in_force
from casework.verification import verified_orders
from gateway.chat.visitors import require_visitor
from gateway.web import wording
from gateway.web.running import gateway_of, now

_SITUATIONS = {
    "cancel": "canceling the order",
    "late_shipment": "an order that ships late",
    "out_of_stock": "an order we cannot supply",
    "damaged": "goods that arrived damaged",
    "defective": "goods that do not work",
    "remorse": "returning goods no longer wanted",
    "wrong_information": "correcting the delivery details",
    "returned_in_transit": "a parcel that came back to us",
    "destroyed_in_transit": "a parcel destroyed on its way",
    "other": "another problem with the order",
}
_ACTIONS = {
    "prepaid_label": "Prepaid return label",
    "refund": "Refund",
    "redelivery": "Redelivery",
    "replacement": "Replacement",
    "return_goods": "Send the goods back",
    "provide_evidence": "Send evidence",
}
_AMOUNTS = {
    "refund_min": "Refund, at least",
    "refund_max": "Refund, at most",
    "fee_max": "Restocking fee, at most",
}


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
            return case_view(case)

    view = await gateway.in_thread(look_up)
    if view is None:
        raise HTTPException(404, "There is no such case in this chat.")
    return HTMLResponse(gateway.templates.get_template("chat/case_summary.html").render(**view))


def case_view(case: Case) -> dict[str, Any]:
    """What the summary shows, decided on the case's facts as of today."""
    moment = now()
    policy = policy_in_force()
    today = day_of(moment)
    decision = decision_of(case, policy, today)
    obligations = [_row(one) for one in obligations_from(decision, case.log, today)]
    return {
        "case": case,
        "title": wording.OUTCOMES.get(decision.outcome, "Your request"),
        "wanted": str(decision.remedy or "").replace("_", " "),
        "steps": [step["text"] for step in decision.explanation],
        "items": [(line.title, line.quantity) for line in case.lines],
        "situation": _SITUATIONS.get(case.situation, case.situation.replace("_", " ")),
        "requested_on": _day(case.requested_on),
        "obligations": obligations,
        "amounts": [
            (label, f"${decision.amounts[key]}")
            for key, label in _AMOUNTS.items()
            if decision.amounts and decision.amounts.get(key) is not None
        ],
        "clauses": [policy.clause(one) for one in decision.clauses],
        "phone": wording.phone(),
        "email": wording.email(),
        "at": moment,
        "policy_version": decision.policy_version,
    }


def _row(one: Obligation) -> dict[str, str]:
    if one.done_on:
        when = f"done on {_day(one.done_on)}"
    elif one.due:
        when = f"by {_day(one.due)}"
    else:
        when = f"after: {one.after}" if one.after else ""
    return {
        "who": "We" if one.party == "seller" else "You",
        "what": _ACTIONS.get(one.action, one.action.replace("_", " ")),
        "when": when,
        "late": "late" if one.status == "overdue" or one.was_late else "",
    }


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
