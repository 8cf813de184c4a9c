"""Every single-cell mutant of a policy's rules: one entry of one rule changed, added or removed."""

from collections.abc import Iterator
from dataclasses import replace

from policy_core.model import ASKED, OWN, Context, Policy, Rule
from policy_core.space import DOMAINS, MEASURED_IN, OUTCOMES, REMEDIES, SITUATIONS

Mutation = tuple[str, Rule]
When = dict[str, frozenset[str]]


def rule_mutants(rule: Rule, policy: Policy) -> Iterator[Mutation]:
    """What changed, in words, and the changed rule."""
    for situations in _toggled(rule.situations, SITUATIONS):
        if situations:
            yield "situation", replace(rule, situations=situations)
    for when in when_mutants(dict(rule.when)):
        yield "when", replace(rule, when=when)
    for outcome in OUTCOMES:
        if outcome not in (rule.outcome, "need_facts"):
            yield "outcome", replace(rule, outcome=outcome)
    for remedy in (None, *REMEDIES, "cancellation", "correction", ASKED):
        if remedy != rule.remedy:
            yield "remedy", replace(rule, remedy=remedy)
    yield from _clause_mutants(rule, policy)
    for alternatives in _toggled(rule.alternatives, SITUATIONS):
        yield "alternatives", replace(rule, alternatives=alternatives)
    by_remedy = ("{remedy}_after_return", "{remedy}_from_request")
    for obligations in _toggled(rule.obligations, (*policy.promises, *by_remedy)):
        yield "obligations", replace(rule, obligations=obligations)
    for refund in (None, "full", "less_fee"):
        if refund != rule.refund:
            yield "refund", replace(rule, refund=refund)
    others = tuple(other.id for other in policy.rules if other.id != rule.id)
    for yields_to in _toggled(tuple(rule.yields_to), others):
        yield "yields_to", replace(rule, yields_to=frozenset(yields_to))
    yield "approved_catch_all", replace(rule, approved_catch_all=not rule.approved_catch_all)


def context_mutants(context: Context) -> Iterator[Context]:
    """The same for a sentence that is said beside a rule's own."""
    for situations in _toggled(context.situations, SITUATIONS):
        if situations:
            yield replace(context, situations=situations)
    for when in when_mutants(dict(context.when)):
        yield replace(context, when=when)


def when_mutants(when: When) -> Iterator[When]:
    """Conditions with one value more or less, or one fact dropped, that a policy file may hold."""
    for fact, domain in DOMAINS.items():
        allowed = when.get(fact, frozenset(domain))
        for value in domain:
            changed = {**when, fact: allowed ^ {value}}
            if changed[fact] and _may_stand(changed):
                yield changed
        if fact in when:
            dropped = {name: values for name, values in when.items() if name != fact}
            if _may_stand(dropped):
                yield dropped


def _may_stand(when: When) -> bool:
    return all(
        fact not in when or when.get("order_status", frozenset({""})) <= frozenset(statuses)
        for fact, statuses in MEASURED_IN.items()
    )


def _clause_mutants(rule: Rule, policy: Policy) -> Iterator[Mutation]:
    meant = _meant(rule, rule.clause, policy)
    for clause in (*policy.clauses, OWN):
        if _meant(rule, clause, policy) != meant:  # "own" is another word for one clause
            yield "clause", replace(rule, clause=clause)


def _meant(rule: Rule, clause: str, policy: Policy) -> list[str]:
    owns = [policy.situations[name].clause for name in rule.situations]
    return [own if clause == OWN else clause for own in owns]


def _toggled(values: tuple[str, ...], domain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for value in domain:
        if value in values:
            yield tuple(each for each in values if each != value)
        else:
            yield (*values, value)
