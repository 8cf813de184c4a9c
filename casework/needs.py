"""What a case waits for one of the shop's people to do: said once, for the queue and the desk."""

from casework.act_catalog import CATALOG, Act, Situation

# By the act that does it. A promised action has the policy's name for it.
_NEEDS = {
    "judge_evidence": "judge_evidence",
    "decide": "decide",
    "record_label": "prepaid_label",
    "record_refund": "refund",
    "record_redelivery": "redelivery",
    "record_replacement": "replacement",
    "correct_address": "correction",
    "cancel_order": "cancel_order",
    "close": "close",
}
_FROM_CUSTOMER = {"remedy", "evidence", "delivered_on"}


def waits_for(now: Situation) -> str | None:
    """Return what an open case needs of a person now; None: it waits for the customer.

    That is the first ordinary act the case allows, but for those that can be done while it is the
    customer's turn. ``record_incomplete``: the shop's record lacks what the policy must know.
    """
    for act in CATALOG:
        if act.when(now) and (need := _need(act, now)):
            return need
    asked = now.decision.missing[:1]
    incomplete = now.decision.outcome == "need_facts" and not set(asked) & _FROM_CUSTOMER
    return "record_incomplete" if incomplete else None


def _need(act: Act, now: Situation) -> str | None:
    if act.name == "judge_evidence" and now.facts.get("evidence") != "submitted":
        return None  # judged already: the customer may send more, a person may look again
    if act.name.startswith("record_") and now.decision.outcome == "dispute":
        return "dispute"
    return _NEEDS.get(act.name)
