"""A case on one page, to print or keep: what was asked, what the policy gives, what happens next."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.cases import Case, decision_of, find_case
from casework.shop import day_of, policy_in_force
from casework.verification import verified_orders
from gateway import words
from gateway.sessions import require_visitor
from gateway.state import gateway_of, now

_OUTCOMES = {
    "entitled": "This is yours under our policy",
    "need_facts": "We still need some details",
    "need_evidence": "Waiting for your pictures",
    "seller_decides": "Our team decides this",
    "declined": "Declined",
    "not_available": "Not available for this order",
    "contact_us": "Please contact us",
    "dispute": "Our team settles this with you",
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
    return HTMLResponse(gateway.templates.get_template("case.html").render(**view))


def case_view(case: Case) -> dict[str, Any]:
    """What the summary shows, decided on the case's facts as of today."""
    moment = now()
    policy = policy_in_force()
    decision = decision_of(case, policy, day_of(moment))
    obligations = [_row(one) for one in decision.obligations]
    return {
        "case": case,
        "title": _OUTCOMES[decision.outcome],
        "remedy": str(decision.remedy or "").replace("_", " "),
        "items": [(line.title, line.quantity) for line in case.lines],
        "situation": case.situation.replace("_", " "),
        "requested_on": f"{case.requested_on:%B} {case.requested_on.day}, {case.requested_on.year}",
        "obligations": obligations,
        "amounts": [
            (label, f"${decision.amounts[key]}")
            for key, label in _AMOUNTS.items()
            if decision.amounts and decision.amounts.get(key) is not None
        ],
        "clauses": [policy.clause(one) for one in decision.clauses],
        "phone": words.phone(),
        "email": words.email(),
        "at": moment,
        "policy_version": decision.policy_version,
    }


def _row(obligation: Any) -> dict[str, str]:
    get = obligation.get if isinstance(obligation, dict) else lambda key: getattr(obligation, key)
    return {
        "who": "We" if get("party") == "seller" else "You",
        "what": _ACTIONS.get(get("action"), str(get("action")).replace("_", " ")),
        "due": str(get("due") or ""),
        "after": str(get("after") or ""),
        "status": str(get("status") or ""),
    }
