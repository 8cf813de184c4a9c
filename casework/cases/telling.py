"""What a customer is told about an act on their case: a sentence or two, and the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from casework.cases.in_words import card, day, money
from casework.cases.obligations import Obligation
from policy_core import Decision, Policy

_OPENINGS = {
    "evidence_judged.compelling": "Good news about case {case}: a person on our team looked at "
    "what you sent, and it shows what happened.",
    "evidence_judged.insufficient": "A person on our team looked at what you sent for case {case}. "
    "It does not show clearly enough what happened yet. You can send more right here.",
    "seller_decided.accept": "Good news about case {case}: a person on our team has accepted your "
    "request.",
    "seller_decided.reject": "A person on our team looked at case {case} and could not accept your "
    "request. We are sorry.",
    "label_sent": "Your prepaid return label for case {case} is on its way to you ({label}). "
    "Please send the goods back with it.",
    "return_in_transit": "Your return for case {case} is on its way to us, since {since}. Thank "
    "you.",
    "refund_paid": "Your refund of {amount} for case {case} was sent today. Your bank may take a "
    "few days to show it.",
    "redelivery_started": "Your order {order} is on its way to you again. The tracking number is "
    "{tracking}.",
    "replacement_sent": "Your replacement for case {case} is on its way to you. The tracking "
    "number is {tracking}.",
    "address_corrected": "A person on our team has corrected the details on order {order}: "
    "{correction}",
    "order_cancelled": "Your order {order} is canceled; it will not be sent.",
    "closed": "A person on our team has closed case {case}.",
    "reopened": "A person on our team has opened case {case} again and looks at it anew.",
}
_VARIES_BY = {"evidence_judged": "evidence", "seller_decided": "seller_decision"}
_COURTESY = "We do this as a courtesy, beyond what our policy gives."
_ENDED = "That settles case {case}. If something is not right, please call {phone} and mention it."
_REJECTED = "If you see it differently, please call {phone} and mention {case}."
_NO_CARD_AFTER = frozenset(
    {"refund_paid", "redelivery_started", "replacement_sent", "address_corrected", "closed"}
)


@dataclass(frozen=True)
class Told:
    """What an act leads to: the new decision, and the customer's message (text, card or None)."""

    decision: Decision
    text: str
    card: dict[str, Any] | None


def told_about(
    kind: str,
    data: Mapping[str, Any],
    *,
    case_number: str,
    order_number: str,
    decision: Decision,
    obligations: Sequence[Obligation],
    policy: Policy,
    today: date,
) -> Told:
    """Return what the customer reads about a log entry of that kind and data.

    ``decision`` and ``obligations`` are as they stand once it is written.
    """
    known = {
        "case": case_number,
        "order": order_number,
        "phone": policy.contact.phone,
        "label": data.get("label", ""),
        "tracking": data.get("tracking", ""),
        "correction": data.get("correction", ""),
        "amount": money(Decimal(data["amount"])) if data.get("amount") else "",
        "since": day(data.get("return_in_transit_on") or today),
    }
    text = [_OPENINGS[_opening(kind, data)].format(**known)]
    if data.get("reason"):
        text.append(f"What they say: {data['reason']}")
    if data.get("goodwill"):
        text.append(_COURTESY)
    if kind in _NO_CARD_AFTER:
        text.append(_ENDED.format(**known))
        return Told(decision, "\n".join(text), None)
    if decision.outcome == "declined":
        text.append(_REJECTED.format(**known))
    return Told(decision, "\n".join(text), card(policy, decision, case_number, obligations))


def _opening(kind: str, data: Mapping[str, Any]) -> str:
    which = data.get(_VARIES_BY.get(kind, ""))
    return f"{kind}.{which}" if which else kind
