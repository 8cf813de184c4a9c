"""What a case waits for one of the shop's people to do: said once, for the queue and the desk."""

from casework.cases.catalog import CATALOG, Act, Situation, all_is_done

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
    return "record_incomplete" if _incomplete(now) else None


def _need(act: Act, now: Situation) -> str | None:
    outcome = now.decision.outcome
    if act.name == "judge_evidence" and now.facts.get("evidence") != "submitted":
        return None  # judged already: the customer may send more, a person may look again
    if act.name == "decide" and _asks_customer(now):
        return None  # a person may be generous early, but the customer is asked first
    if act.name == "correct_address" and outcome != "contact_us":
        return None  # too late for it by the policy
    if act.name.startswith("record_") and (outcome == "dispute" or all_is_done(now)):
        return "dispute"  # also where all was done and a person opened the case again
    return _NEEDS.get(act.name)


def _asks_customer(now: Situation) -> bool:
    decision = now.decision
    return decision.outcome == "need_evidence" or bool(_FROM_CUSTOMER & set(decision.missing[:1]))


def _incomplete(now: Situation) -> bool:
    return now.decision.outcome == "need_facts" and not _asks_customer(now)
