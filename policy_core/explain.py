"""A decision in plain words for the shop's own people: why this, and why not another rule."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from policy_core.decision import Decision, cell_of
from policy_core.engine import Rulebook, rulebook
from policy_core.facts import parse_facts
from policy_core.model import Policy, Rule
from policy_core.space import DOMAINS, NOT_APPLICABLE, Cell
from policy_core.versions import decide

_MEANING = {
    "need_facts": "more facts are needed first",
    "need_evidence": "evidence is needed first",
    "entitled": "the customer is entitled to it",
    "seller_decides": "a person at the shop decides",
    "declined": "the shop has declined",
    "not_available": "this way is not open for the order as it is",
    "contact_us": "the customer is asked to get in touch",
    "dispute": "the shop works it out with the customer",
}


def explain(facts: Mapping[str, object], policy: Policy, today: date) -> str:
    """The decision for these facts in plain words. Raises InputError as `decide` does."""
    decision = decide(facts, policy=policy, today=today)
    return "\n".join([*_decided(decision, policy), *_not_otherwise(facts, policy)]) + "\n"


def _decided(decision: Decision, policy: Policy) -> Iterator[str]:
    remedy = f", {decision.remedy}" if decision.remedy else ""
    yield f"{decision.outcome}{remedy}: {_MEANING[decision.outcome]}."
    yield f"Version of the policy: {decision.policy_version}"
    yield ""
    yield "Because:"
    for step in decision.explanation:
        clause = policy.clause(step["clause"])
        facts = ", ".join(f"{name} {value}" for name, value in step["facts"].items())
        known = f"; {facts}" if facts else ""
        yield f"- {step['text']} [{clause.id}: {clause.where}{known}]"
    for obligation in decision.obligations:
        when = f"by {obligation['due']}" if obligation["due"] else "no date yet"
        after = f", after {obligation['after']}" if obligation["after"] else ""
        yield (
            f"- {obligation['party']}: {obligation['action']}, {when}{after} "
            f"({obligation['status']})"
        )
    if decision.missing:
        yield f"Still decisive: {', '.join(decision.missing)}"
    if decision.alternatives:
        yield f"Open instead: {', '.join(decision.alternatives)}"
    if decision.interpretations:
        yield "Readings relied on:"
        for number in decision.interpretations:
            reading = policy.interpretations[number]
            yield f"- {number}. {reading.title}: {reading.reading}"


def _not_otherwise(raw: Mapping[str, object], policy: Policy) -> Iterator[str]:
    facts = parse_facts(raw, fee_percent_max=Decimal(policy.number("restocking_fee_percent_max")))
    cell, book = cell_of(facts, policy), rulebook(policy)
    applied = book.verdict(cell).rule
    yield ""
    yield f"Rule applied: {applied.id if applied else 'none yet'}"
    yield "The other rules:"
    for rule in book.by_situation[cell.situation]:
        if rule is not applied:
            yield f"- {rule.id} ({rule.outcome}): {_why_not(rule, cell, book)}"


def _why_not(rule: Rule, cell: Cell, book: Rulebook) -> str:
    against, unknown = [], []
    for fact, allowed in rule.when.items():
        values = getattr(cell, fact)
        wanted = " or ".join(value for value in DOMAINS[fact] if value in allowed)
        if allowed.isdisjoint(values):
            has = "does not apply" if values == (NOT_APPLICABLE,) else f"is {' or '.join(values)}"
            against.append(f"{fact} {has}, not {wanted}")
        elif not allowed.issuperset(values):
            unknown.append(f"{fact} would have to be {wanted}")
    if against:
        return f"does not hold: {'; '.join(against)}"
    holding = {
        other.id
        for other in book.by_situation[cell.situation]
        if other.id in rule.yields_to and other.holds(cell)
    }
    if holding:
        return f"holds, but yields to {' and '.join(sorted(holding))}"
    return f"open: {'; '.join(unknown)}" if unknown else "holds too"
