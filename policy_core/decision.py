"""The decision contract, and how a decision is put together."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from policy_core.classify import classify, last_filing_day
from policy_core.dates import in_words
from policy_core.engine import Verdict, rulebook
from policy_core.facts import Facts
from policy_core.model import Policy, Step
from policy_core.money import NO_AMOUNTS, Amounts, full_refund, refund_less_fee
from policy_core.obligations import Obligation, due_day, is_done, obligation
from policy_core.reader import ASKED_FACTS
from policy_core.space import Cell
from policy_core.wording import say

_DATES = ("requested_on", "ship_by", "shipped_on", "delivered_on", "return_in_transit_on")
_ASKED_AS = {
    "wait": ("ship_by",),
    "dispatch": ("ship_by", "shipped_on"),
    "window": ("delivered_on",),
}
"""The facts to ask for where a classified date is missing."""


class ExplanationStep(TypedDict):
    """One step in plain words, its clause, and the facts that decided it."""

    text: str
    clause: str
    facts: dict[str, str]


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
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = tuple(each.name for each in fields(Decision))


def cell_of(facts: Facts, policy: Policy) -> Cell:
    """The classified cell of facts under a policy."""
    return classify(facts, window_days=policy.days("filing_window_days"))


def decide_under(facts: Facts, policy: Policy, today: date) -> Decision:
    """The decision of one version of the policy, whatever day that version is from."""
    verdict = rulebook(policy).verdict(cell_of(facts, policy))
    return build(facts, policy, today, verdict)


def build(facts: Facts, policy: Policy, today: date, verdict: Verdict) -> Decision:
    """A verdict with the dates, the money and the words of a request."""
    amounts = _amounts(facts, policy, verdict)
    missing = _missing(verdict, facts)
    telling = _Telling(facts, policy, verdict, amounts, missing)
    for step in verdict.steps:
        telling.step(step)
    obligations = telling.promises(today)
    telling.money()
    return Decision(
        outcome=verdict.outcome,
        remedy=verdict.remedy,
        missing=missing,
        required_evidence=_required_evidence(facts, policy) if verdict.wants_evidence else [],
        obligations=obligations,
        amounts=amounts.as_dict(),
        clauses=list(telling.clauses),
        interpretations=sorted(telling.interpretations),
        alternatives=list(verdict.alternatives),
        contact={"phone": policy.contact.phone, "email": policy.contact.email},
        policy_version=policy.version,
        explanation=telling.told,
    )


class _Telling:
    """Collects what is said, and on which clauses and interpretations it rests."""

    def __init__(
        self, facts: Facts, policy: Policy, verdict: Verdict, amounts: Amounts, missing: list[str]
    ) -> None:
        self.facts, self.policy, self.verdict, self.amounts = facts, policy, verdict, amounts
        self.known = _known(facts, policy, verdict, amounts, missing)
        self.own = policy.situations[facts.situation].clause
        self.clauses = dict.fromkeys(verdict.clauses)
        self.interpretations = set(verdict.interpretations)
        self.told: list[ExplanationStep] = []

    def step(self, step: Step) -> None:
        """Say a step whose clause and readings the verdict has counted already."""
        given = self.facts.given
        text = say(step.text, self.known)
        if text:
            deciding = {name: given[name] for name in step.facts if name in given}
            self.told.append({"text": text, "clause": step.clause, "facts": deciding})

    def promises(self, today: date) -> list[Obligation]:
        """The obligations still open, each said as well."""
        found = []
        for promise in self.verdict.promises:
            if is_done(promise, self.facts):
                continue
            due = due_day(promise, self.facts)
            found.append(obligation(promise, due, today))
            clause = self.own if promise.clause == "own" else promise.clause
            self.clauses[clause] = None
            self.interpretations.update(promise.interpretations)
            running = due is not None or promise.waiting is None
            sentence = promise.text if running else promise.waiting
            if sentence is not None:
                if due is not None:
                    self.known["due"] = in_words(due)
                start = promise.starts_with
                deciding = {start: self.facts.given[start]} if due is not None and start else {}
                text = say(sentence, self.known)
                self.told.append({"text": text, "clause": clause, "facts": deciding})
        return found

    def money(self) -> None:
        """What the refund comes to."""
        if self.verdict.refund is None:
            return
        if self.verdict.refund == "full":
            step = self.policy.amounts["full"]
        else:
            known = self.facts.fee_percent is not None
            step = self.policy.amounts["fee_known" if known else "fee_open"]
        if step.clause == "own":
            step = Step(step.name, self.own, step.facts, step.interpretations, step.text)
        self.clauses[step.clause] = None
        self.interpretations.update(step.interpretations)
        self.step(step)


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


def _known(
    facts: Facts, policy: Policy, verdict: Verdict, amounts: Amounts, missing: list[str]
) -> dict[str, str]:
    """What the sentences of an explanation may name, in words."""
    known = {}
    for name in _DATES:
        day = getattr(facts, name)
        if day is not None:
            known[name] = in_words(day)
    if facts.delivered_on is not None:
        days = policy.days("filing_window_days")
        known["last_filing_day"] = in_words(last_filing_day(facts.delivered_on, days))
    for name in ("refund_min", "refund_max", "fee_max"):
        amount = getattr(amounts, name)
        if amount is not None:
            known[name] = f"${amount:,}"
    if facts.fee_percent is not None:
        known["fee_percent"] = f"{facts.fee_percent.normalize():f}"
    if missing:
        known["missing"] = _listed([policy.facts[name] for name in missing], policy.words["and"])
    situation = policy.situations[facts.situation]
    if situation.remedies:
        choices = [policy.words[name] for name in situation.remedies]
        known["choices"] = _listed(choices, policy.words["or"])
    return known


def _listed(items: list[str], joining: str) -> str:
    if len(items) < 3:
        return f" {joining} ".join(items)
    return f"{', '.join(items[:-1])}, {joining} {items[-1]}"
