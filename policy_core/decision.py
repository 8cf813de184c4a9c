"""The decision contract, and how a decision is put together."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policy_core.classify import classify
from policy_core.dates import in_words
from policy_core.engine import Verdict, rulebook
from policy_core.explanation import ExplanationStep, Telling
from policy_core.facts import Facts
from policy_core.model import Policy
from policy_core.money import NO_AMOUNTS, Amounts, full_refund, refund_less_fee
from policy_core.obligations import Obligation, due_day, is_done, obligation
from policy_core.reader import ASKED_FACTS
from policy_core.space import Cell

_ASKED_AS = {
    "wait": ("ship_by",),
    "dispatch": ("ship_by", "shipped_on"),
    "window": ("delivered_on",),
}
"""The facts to ask for where a classified date is missing."""


@dataclass(frozen=True)
class Decision:
    """What the policy gives, as the decision contract has it (dates YYYY-MM-DD, US dollars as
    decimal strings). `entitled` with no `remedy` means that the customer still has to choose.
    """

    outcome: str
    remedy: str | None
    missing: list[str]
    required_evidence: list[dict[str, str]]
    obligations: list[Obligation]
    amounts: dict[str, str | None]
    clauses: list[str]
    interpretations: list[int]
    alternatives: list[str]
    contact: dict[str, str | None]
    policy_version: str
    explanation: list[ExplanationStep]

    def as_dict(self) -> dict[str, Any]:
        """The decision as the contract's JSON-ready object."""
        return dict(vars(self))


def cell_of(facts: Facts, policy: Policy) -> Cell:
    """The classified cell of facts under a policy."""
    return classify(facts, window_days=policy.days("filing_window_days"))


def decide_under(facts: Facts, policy: Policy, today: date) -> Decision:
    """The decision of one version of the policy, whatever day that version is from."""
    verdict = rulebook(policy).verdict(cell_of(facts, policy))
    amounts = _amounts(facts, policy, verdict)
    missing = _missing(verdict, facts)
    telling = Telling(facts, policy, verdict, amounts, missing)
    for step in verdict.steps:
        telling.step(step)
    obligations = _promised(verdict, facts, today, telling)
    if verdict.money is not None:
        telling.step(verdict.money[facts.fee_percent is not None])
    contact = policy.contact
    return Decision(
        outcome=verdict.outcome,
        remedy=verdict.remedy,
        missing=missing,
        required_evidence=_required_evidence(facts, policy) if verdict.wants_evidence else [],
        obligations=obligations,
        amounts=amounts.as_dict(),
        clauses=list(verdict.clauses),
        interpretations=list(verdict.interpretations),
        alternatives=list(verdict.alternatives),
        contact={"phone": contact.phone, "email": contact.email},
        policy_version=policy.version,
        explanation=telling.told,
    )


def _promised(verdict: Verdict, facts: Facts, today: date, telling: Telling) -> list[Obligation]:
    """The obligations, each told as well unless the facts show that it is done."""
    found = []
    for promise in verdict.promises:
        due = due_day(promise, facts)
        done = is_done(promise, facts)
        found.append(obligation(promise, due, today, done=done))
        if done:
            continue
        if due is not None:
            telling.known["due"] = in_words(due)
        sentence = promise.waiting if due is None and promise.waiting else promise.text
        if sentence is not None:
            started = promise.starts_with if due is not None else None
            telling.sentence(
                sentence, promise.clause, (started,) if started else (), promise.action
            )
    return found


def _amounts(facts: Facts, policy: Policy, verdict: Verdict) -> Amounts:
    if verdict.refund is None:
        return NO_AMOUNTS
    if verdict.refund == "full":
        return full_refund(facts.order_total, facts.claim_total)
    return refund_less_fee(
        facts.order_total,
        facts.claim_total,
        percent=facts.fee_percent,
        percent_max=Decimal(policy.number("restocking_fee_percent_max")),
    )


def _missing(verdict: Verdict, facts: Facts) -> list[str]:
    if not verdict.missing:
        return []
    asked = {name for fact in verdict.missing for name in _ASKED_AS.get(fact, (fact,))}
    return [name for name in ASKED_FACTS if name in asked and getattr(facts, name) is None]


def _required_evidence(facts: Facts, policy: Policy) -> list[dict[str, str]]:
    return [dict(kind) for kind in policy.situations[facts.situation].evidence]
