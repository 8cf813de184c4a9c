"""What the API answers, as ``openapi.yml`` has it. No customer's words, no e-mail address, no ZIP.

Everything is named here that goes out: what is added to a table or an entry later stays inside
until somebody adds it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.cases.acts import OfferedAct, Told
from casework.cases.case import Case, decision_of, obligations_of
from casework.cases.catalog import Field
from casework.cases.file import CaseFile
from casework.cases.log import FROM_CUSTOMERS, Entry
from casework.cases.obligations import Obligation
from casework.cases.pages import next_due
from policy_core import Decision, Policy

_FACTS_OF_ENTRIES = (
    "facts",
    "remedy",
    "evidence",
    "seller_decision",
    "fee_percent",
    "return_in_transit_on",
    "amount",
    "goodwill",
    "event",
    "on",
)
# The shop's own words; of a kind that customers write, nothing that is text.
_SHOPS_WORDS = ("reason", "label", "tracking")


def case_json(case: Case, policy: Policy, today: date) -> dict[str, Any]:
    """A case in short: what was asked, what the policy gives today, what is due next."""
    return _case(case, decision_of(case, policy, today), obligations_of(case, policy, today))


def file_json(file: CaseFile, policy: Policy) -> dict[str, Any]:
    """A case in full: the short form, and what the decision rests on."""
    decision = file.decision
    return {
        **_case(file.case, decision, file.obligations),
        "explanation": [
            {
                "text": step["text"],
                "clause": _clause(policy, step["clause"]),
                "facts": step["facts"],
            }
            for step in decision.explanation
        ],
        "required_evidence": decision.required_evidence,
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
            }
            for line in file.case.lines
        ],
        "facts": file.facts,
    }


def obligation_json(one: Obligation) -> dict[str, Any]:
    """What one side has to do or has done."""
    return {
        "party": one.party,
        "action": one.action,
        "due": one.due.isoformat() if one.due else None,
        "after": one.after,
        "status": one.status,
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "late": one.status == "overdue" or one.was_late,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """One entry of a case's log, without what customers wrote."""
    words = () if entry.kind in FROM_CUSTOMERS else _SHOPS_WORDS
    return {
        "id": entry.id,
        "kind": entry.kind,
        "actor": entry.actor,
        "day": entry.day.isoformat(),
        "at": entry.created_at.isoformat(),
        "data": {
            name: entry.data[name] for name in (*_FACTS_OF_ENTRIES, *words) if name in entry.data
        },
    }


def acts_json(acts: Iterable[OfferedAct]) -> list[dict[str, Any]]:
    """The acts that are allowed now, with the fields each takes."""
    return [
        {"name": act.name, "title": act.title, "fields": [_field(one) for one in act.fields]}
        for act in acts
    ]


def told_json(told: Told) -> dict[str, Any]:
    """What the customer reads about an act."""
    return {"text": told.text, "card": told.card}


def _case(case: Case, decision: Decision, obligations: list[Obligation]) -> dict[str, Any]:
    due = next_due(obligations)
    return {
        "number": case.number,
        "order": case.order.number,
        "situation": case.situation,
        "state": case.state,
        "requested_on": case.requested_on.isoformat(),
        "updated_at": case.log[-1].created_at.isoformat(),
        "decision": {
            "outcome": decision.outcome,
            "remedy": decision.remedy,
            "amounts": decision.amounts,
            "clauses": decision.clauses,
            "missing": decision.missing,
            "policy_version": decision.policy_version,
        },
        "next_due": obligation_json(due) if due else None,
    }


def _clause(policy: Policy, id: str) -> dict[str, str]:
    clause = policy.clause(id)
    return {"id": clause.id, "title": clause.title, "where": clause.where}


def _field(one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "kind": one.kind,
        "required": one.required,
        "choices": [{"value": value, "label": label} for value, label in one.choices],
        "hint": one.hint,
        "value": one.value,
    }
