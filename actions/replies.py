"""What the assistant says before anything is written: the request, and what will be done."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from casework.cases.in_words import bullets, goods, money, promised, told
from casework.orders.order import Order
from policy_core import Decision

_REQUESTS = {
    "cancel": "to cancel the order",
    "late_shipment": "a full refund, because the order is late",
    "out_of_stock": "a full refund, because we cannot fill the order",
    "damaged": "{remedy}, because it arrived damaged",
    "defective": "{remedy}, because it does not work",
    "remorse": "to return goods you no longer want",
    "returned_in_transit": "{remedy}, because the parcel came back to us",
    "destroyed_in_transit": "{remedy}, because the parcel was destroyed on its way",
    "wrong_information": "to correct the delivery details",
    "other": "that a person puts right what went wrong",
}

# What a customer chooses between, as a sentence has it.
REMEDIES = {
    "refund": "a refund",
    "replacement": "a replacement",
    "redelivery": "the order sent again",
}


def request(situation: str, remedy: str | None) -> str:
    """What the customer asks for, in a phrase: "a refund, because it does not work"."""
    unsaid = "a refund" if situation == "damaged" else "a solution"
    return _REQUESTS[situation].format(remedy=REMEDIES.get(remedy or "", unsaid))


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
    points = [
        f"Order {order.number}: {goods(lines)}",
        f"Your request: {request(situation, remedy)}",
    ]
    if decision.outcome == "entitled":
        refund = decision.remedy not in ("replacement", "redelivery")
        given = refund_of(decision) if refund else REMEDIES[str(decision.remedy)]
        points += [f"You get {given}", *promised(decision)]
    elif decision.outcome == "need_evidence":
        points.append("It stays open until you have shown us what happened")
    elif decision.outcome == "contact_us":
        points += [told(decision)[0], "A person on our team corrects it if there is still time"]
    elif decision.outcome == "dispute":
        points.append("A person on our team takes it up, and gets everything you told me")
    else:
        # Whatever lowers the chance, costs money or takes long is said before the yes.
        points += told(decision)
    return bullets(points)
