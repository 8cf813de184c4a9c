"""What the blanks of canned replies stand for, and how a case fills them.

Dates, amounts and reasons are the decision's, the obligations' and the log's; nothing is worked out
here, and the customer's own words are never used.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from casework.cases.case import Case, decision_of
from casework.cases.in_words import PROMISES, bullets, clause_line, clock, day, money, told
from casework.cases.obligations import Obligation, obligations_from
from casework.people.duty import next_opening
from casework.shop import day_of
from policy_core import Decision, Policy

BLANKS = {
    "agent": "the agent's name",
    "phone": "the shop's phone number",
    "back": "when the shop's people are next back at work",
    "case": "the case's number",
    "order": "the order's number",
    "photos_wanted": "the pictures the policy still asks for, a line each",
    "paper_wanted": "the documents the policy still asks for, a line each",
    "label_due": "the day by which the prepaid label is due",
    "refund_due": "the day by which the refund is due",
    "refund": "the refund the decision gives: an amount, or from the least to the most",
    "late_promise": "what of ours is overdue longest",
    "late_due": "the day by which that was due",
    "label": "the label as the log has it",
    "label_sent_on": "the day the label was sent",
    "return_since": "the day since which the return is on its way",
    "paid": "the refund paid",
    "paid_on": "the day it was paid",
    "tracking": "the tracking number of the redelivery or replacement",
    "why": "what the decision gives and why, once it is no longer open",
    "clause": "the clause the decision rests on",
}
_DECIDED = ("entitled", "declined", "not_available")


def without_a_case(agent: str, policy: Policy, now: datetime) -> dict[str, str]:
    """Return the blanks that need no case, by name."""
    back = next_opening(now)
    return {"agent": agent, "phone": policy.contact.phone, "back": f"{day(back)}, at {clock(back)}"}


def of_case(case: Case, agent: str, policy: Policy, now: datetime) -> dict[str, str]:
    """Return every blank that the case fills at ``now``, by name."""
    today = day_of(now)
    decision = decision_of(case, policy, today)
    promised = obligations_from(decision, case.log, today)
    return {
        **without_a_case(agent, policy, now),
        "case": case.number,
        "order": case.order.number,
        **_wanted(decision),
        **_promised(promised),
        **_decided(decision, policy),
        **_logged(case),
    }


def _wanted(decision: Decision) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in decision.required_evidence:
        name = "paper_wanted" if one["kind"] == "document" else "photos_wanted"
        found.setdefault(name, []).append(one["description"])
    return {name: bullets(items) for name, items in found.items()}


def _promised(promised: Iterable[Obligation]) -> dict[str, str]:
    ours = [(one.due, one) for one in promised if one.party == "seller" and one.due]
    running = {one.action: due for due, one in ours if one.status == "running"}
    names = {"prepaid_label": "label_due", "refund": "refund_due"}
    known = {name: day(running[action]) for action, name in names.items() if action in running}
    overdue = [(due, one.action) for due, one in ours if one.status == "overdue"]
    if overdue:
        due, action = min(overdue)
        known |= {"late_promise": PROMISES[action], "late_due": day(due)}
    return known


def _decided(decision: Decision, policy: Policy) -> dict[str, str]:
    known = {}
    if decision.outcome in _DECIDED:
        known = {"why": " ".join(told(decision)), "clause": clause_line(policy, decision)}
    low, high = (decision.amounts.get(name) for name in ("refund_min", "refund_max"))
    if decision.outcome == "entitled" and low is not None and high is not None:
        known["refund"] = money(low) if low == high else f"from {money(low)} to {money(high)}"
    return known


def _logged(case: Case) -> dict[str, str]:
    """What the log's newest entries of each kind say."""
    known: dict[str, str] = {}
    for entry in case.log:
        if name := _SAYS.get(entry.kind):
            known |= {blank: value for blank, value in name(entry.data, entry.day) if value}
    return known


def _label(data: Any, on: date) -> list[tuple[str, str]]:
    return [("label", str(data.get("label") or "")), ("label_sent_on", day(on))]


def _return(data: Any, on: date) -> list[tuple[str, str]]:
    return [("return_since", day(data.get("return_in_transit_on") or on))]


def _paid(data: Any, on: date) -> list[tuple[str, str]]:
    return [("paid", money(data["amount"]) if data.get("amount") else ""), ("paid_on", day(on))]


def _sent(data: Any, on: date) -> list[tuple[str, str]]:
    return [("tracking", str(data.get("tracking") or ""))]


_SAYS = {
    "label_sent": _label,
    "return_in_transit": _return,
    "refund_paid": _paid,
    "redelivery_started": _sent,
    "replacement_sent": _sent,
}
