"""Decisions in the customer's words: who does what, by when, and what it costs.

Every date, amount and clause here is read off the decision; nothing is worked out a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from casework.orders import Order
from policy_core import Decision, Policy

_STEPS = {
    ("seller", "prepaid_label"): "We e-mail you a prepaid return label{when}.",
    ("seller", "refund"): "We refund {amount}{when}.",
    ("seller", "redelivery"): "We start sending your order again{when}.",
    ("seller", "replacement"): "We send you a replacement{when}.",
    ("customer", "return_goods"): "You send the goods back{when}.",
    ("customer", "provide_evidence"): "You send us your pictures or other proof{when}.",
}

_REQUESTS = {
    "cancel": "cancel the order",
    "late_shipment": "a full refund, because the order is late",
    "out_of_stock": "a full refund, because we cannot fill the order",
    "damaged": "{remedy} for goods that arrived damaged",
    "defective": "{remedy} for goods that do not work",
    "remorse": "return goods you no longer want",
    "returned_in_transit": "{remedy} for a parcel that came back to us",
    "destroyed_in_transit": "{remedy} for a parcel destroyed on its way",
    "other": "have a person settle what went wrong",
}

_REMEDIES = {
    "refund": "a refund",
    "replacement": "a replacement",
    "redelivery": "sending the order again",
    None: "a refund",
}


def money(amount: Decimal | str) -> str:
    """US dollars as a customer reads them: $1,234.50."""
    return f"${Decimal(amount):,.2f}"


def day(value: date | str) -> str:
    """A shop-local date as a customer reads it: Wednesday, March 18."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{when:%A, %B} {when.day}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts as a sentence has them: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def goods(lines: Iterable[Any]) -> str:
    """Order lines in one phrase: "1 × desk lamp and 2 × toner"."""
    return listed([f"{line.quantity} × {line.title}" for line in lines])


def amount_of(decision: Decision) -> str:
    """What is refunded, as far as the decision fixes it."""
    amounts = decision.amounts or {}
    low, high = amounts.get("refund_min"), amounts.get("refund_max")
    if high is None:
        return "your money"
    if low is None or Decimal(low) == Decimal(high):
        return money(high)
    return f"between {money(low)} and {money(high)}"


def fee_sentence(decision: Decision) -> str | None:
    """What a return may cost, where the decision names a fee."""
    fee = (decision.amounts or {}).get("fee_max")
    if fee is None or not Decimal(fee):
        return None
    return f"A restocking fee may be taken off your refund; it is never more than {money(fee)}."


def what_will_be_done(
    situation: str, decision: Decision, order: Order, lines: Sequence[Any]
) -> str:
    """The list a customer says yes to before anything is written."""
    request = _REQUESTS[situation].format(remedy=_REMEDIES.get(decision.remedy, "a refund"))
    points = [
        f"Order {order.number}: {goods(lines)}",
        f"Your request: {request}",
    ]
    if decision.outcome == "entitled":
        points.append(f"What you get: {_entitlement(decision)}")
    elif decision.outcome == "need_evidence":
        points.append("It stays open for your pictures; you can send them later, too")
    else:
        points.append("A person on our team decides it, and I hand over everything you told me")
    fee = fee_sentence(decision)
    if fee:
        points.append(fee.rstrip("."))
    return "\n".join(f"• {point}" for point in points)


def _entitlement(decision: Decision) -> str:
    if decision.remedy in ("replacement", "redelivery"):
        return _REMEDIES[decision.remedy]
    return f"a refund of {amount_of(decision)}"


def steps(decision: Decision, today: date) -> list[str]:
    """What happens next, a sentence an obligation, in the policy's order."""
    return [_step(obligation, decision, today) for obligation in decision.obligations]


def _step(obligation: Mapping[str, Any], decision: Decision, today: date) -> str:
    template = _STEPS[obligation["party"], obligation["action"]]
    sentence = template.format(when=_when(obligation), amount=amount_of(decision))
    if obligation["status"] == "overdue" and obligation["party"] == "seller":
        return f"{sentence} That date has passed: we are late with this, and we are sorry."
    return sentence


def _when(obligation: Mapping[str, Any]) -> str:
    if obligation.get("due"):
        return f" by {day(obligation['due'])}"
    after = obligation.get("after")
    return f", {after}" if after else ""


def clause_line(policy: Policy, decision: Decision) -> str:
    """The clause a decision rests on first, in plain words."""
    clause = policy.clause(decision.clauses[0])
    return f"This follows our policy, “{clause.title}”: {clause.summary}"


def card(
    policy: Policy, decision: Decision, *, number: str, title: str, today: date
) -> dict[str, Any]:
    """The decision as the website draws it, to keep and to print."""
    amounts = decision.amounts or {}
    lines = [{"label": "Next", "value": step} for step in steps(decision, today)]
    if amounts.get("refund_max") is not None:
        lines.append({"label": "Money", "value": f"Refund: {amount_of(decision)}"})
    fee = fee_sentence(decision)
    if fee:
        lines.append({"label": "Cost", "value": fee})
    clauses = [policy.clause(clause) for clause in decision.clauses]
    return {
        "case_number": number,
        "title": title,
        "status": decision.outcome,
        "lines": lines,
        "clauses": [
            {"id": clause.id, "title": clause.title, "summary": clause.summary}
            for clause in clauses
        ],
        "contact": {"phone": policy.contact.phone, "email": policy.contact.email},
    }
