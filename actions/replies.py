"""What the assistant says before anything is written: the request, and what will be done."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from casework.in_words import bullets, goods, money, told
from casework.orders import Order
from policy_core import Decision

_REQUESTS = {
    "cancel": "cancel the order",
    "late_shipment": "a full refund, because the order is late",
    "out_of_stock": "a full refund, because we cannot fill the order",
    "damaged": "{remedy} for goods that arrived damaged",
    "defective": "{remedy} for goods that do not work",
    "remorse": "return goods you no longer want",
    "returned_in_transit": "{remedy} for a parcel that came back to us",
    "destroyed_in_transit": "{remedy} for a parcel destroyed on its way",
    "wrong_information": "correct the delivery details",
    "other": "have a person put right what went wrong",
}

# What a customer chooses between, as a sentence has it.
REMEDIES = {
    "refund": "a refund",
    "replacement": "a replacement",
    "redelivery": "having the order sent again",
}


def refund_of(decision: Decision) -> str:
    """The refund, as far as the decision fixes the amount."""
    amounts = decision.amounts or {}
    low, high = amounts.get("refund_min"), amounts.get("refund_max")
    if high is None:
        return "a refund"
    if low is None or Decimal(low) == Decimal(high):
        return f"a refund of {money(high)}"
    return f"a refund between {money(low)} and {money(high)}"


def what_will_be_done(
    situation: str, decision: Decision, remedy: str | None, order: Order, lines: Sequence[Any]
) -> str:
    """The list a customer says yes to before anything is written."""
    unsaid = "a refund" if situation == "damaged" else "a solution"
    request = _REQUESTS[situation].format(remedy=REMEDIES.get(remedy or "", unsaid))
    points = [f"Order {order.number}: {goods(lines)}", f"Your request: {request}"]
    if decision.outcome == "entitled":
        refund = decision.remedy not in ("replacement", "redelivery")
        given = refund_of(decision) if refund else REMEDIES[str(decision.remedy)]
        points.append(f"What you get: {given}")
    elif decision.outcome == "need_evidence":
        points.append("It stays open until you have shown us what happened")
    elif decision.outcome == "contact_us":
        points.append(told(decision)[0])
        points.append("A person on our team corrects it if there is still time")
    else:
        points.append("A person on our team decides it, and gets everything you told me")
    fee = (decision.amounts or {}).get("fee_max")
    if situation == "remorse" and fee is not None:
        points.append(f"If it is accepted, a restocking fee of up to {money(fee)} may be taken off")
    return bullets(points)
