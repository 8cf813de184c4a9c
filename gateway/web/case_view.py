"""A case as pages show it: what was asked, what the policy gives, who owes what by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from casework.cases.case import Case, decision_of
from casework.cases.in_words import told
from casework.cases.obligations import Obligation, obligations_from
from casework.shop import day_of, policy_in_force
from gateway.web import wording

SITUATIONS = {
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
ACTIONS = {
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


def case_view(case: Case, moment: datetime) -> dict[str, Any]:
    """What a page shows of a case, decided on its facts as of the shop's day at ``moment``."""
    policy = policy_in_force()
    today = day_of(moment)
    decision = decision_of(case, policy, today)
    obligations = obligations_from(decision, case.log, today)
    return {
        "case": case,
        "title": wording.OUTCOMES.get(decision.outcome, "Your request"),
        "wanted": str(decision.remedy or "").replace("_", " "),
        "steps": told(decision, obligations),
        "items": [(line.title, line.quantity) for line in case.lines],
        "situation": SITUATIONS.get(case.situation, case.situation.replace("_", " ")),
        "requested_on": in_words(case.requested_on),
        "obligations": [_row(one) for one in obligations],
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
        when = f"done on {in_words(one.done_on)}"
    elif one.due:
        when = f"by {in_words(one.due)}"
    else:
        when = f"after: {one.after}" if one.after else ""
    return {
        "who": "We" if one.party == "seller" else "You",
        "what": ACTIONS.get(one.action, one.action.replace("_", " ")),
        "when": when,
        "late": "late" if one.status == "overdue" or one.was_late else "",
    }


def in_words(day: date) -> str:
    """A day as people write it: March 18, 2026."""
    return f"{day:%B} {day.day}, {day.year}"
