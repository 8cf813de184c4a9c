"""Reading the rules of a policy file."""

from collections.abc import Iterable, Mapping

from policy_core.model import ASKED, Promise, Rule, Step
from policy_core.node import Node
from policy_core.space import DOMAINS, MEASURED_IN, OUTCOMES, REMEDIES, SITUATIONS

_KEYS = (
    "id", "situation", "when", "outcome", "remedy", "clause", "steps", "alternatives",
    "obligations", "refund", "yields_to", "approved_catch_all",
)  # fmt: skip
_REMEDIES = (*REMEDIES, "cancellation", "correction", ASKED)
_BY_REMEDY = "{remedy}"


def read_when(node: Node) -> dict[str, frozenset[str]]:
    """Conditions: each fact with the values it may have. A date is compared only where the
    order's status gives it a meaning.
    """
    when: dict[str, frozenset[str]] = {}
    for fact, entry in node.children():
        if fact not in DOMAINS:
            raise entry.error(f"no such fact; known are {', '.join(DOMAINS)}")
        when[fact] = frozenset(entry.names(DOMAINS[fact], "value"))
        if not when[fact]:
            raise entry.error("needs a value")
    for fact, statuses in MEASURED_IN.items():
        if fact in when and not when.get("order_status", frozenset({""})).issubset(statuses):
            raise node.error(f"{fact!r} needs order_status to be within {', '.join(statuses)}")
    return when


def read_rules(
    node: Node,
    clauses: Iterable[str],
    steps: Mapping[str, Step],
    promises: Mapping[str, Promise],
) -> tuple[Rule, ...]:
    """All rules, with everything they name known. PolicyError otherwise."""
    names = tuple(clauses)
    rules = tuple(_rule(entry, names, steps, promises) for entry in node.items())
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise node.error(f"two rules are called {rule.id!r}")
        for other in rule.yields_to:
            if other not in ids or other == rule.id:
                raise node.error(f"{rule.id!r} yields to {other!r}, which is no other rule")
    return rules


def _rule(
    node: Node,
    clauses: tuple[str, ...],
    steps: Mapping[str, Step],
    promises: Mapping[str, Promise],
) -> Rule:
    node.only(*_KEYS, required=("id", "situation", "when", "outcome", "clause", "steps"))
    remedy = node.child("remedy")
    refund = node.child("refund")
    catch_all = node.child("approved_catch_all").value
    if catch_all not in (None, True, False):
        raise node.child("approved_catch_all").error("must be true or false")
    yields_to = node.child("yields_to")
    return Rule(
        id=node.child("id").text(),
        situations=node.child("situation").names(SITUATIONS, "situation"),
        when=read_when(node.child("when")),
        outcome=node.child("outcome").one_of(
            tuple(name for name in OUTCOMES if name != "need_facts"), "outcome"
        ),
        remedy=None if remedy.value is None else remedy.one_of(_REMEDIES, "remedy"),
        clause=node.child("clause").one_of(clauses, "clause"),
        steps=node.child("steps").names(steps, "step"),
        alternatives=node.child("alternatives").names(SITUATIONS, "situation"),
        obligations=_obligations(node.child("obligations"), promises),
        refund=None if refund.value is None else refund.one_of(("full", "less_fee"), "refund"),
        yields_to=frozenset(
            () if yields_to.value is None else (entry.text() for entry in yields_to.items())
        ),
        approved_catch_all=bool(catch_all),
    )


def _obligations(node: Node, promises: Mapping[str, Promise]) -> tuple[str, ...]:
    allowed = set(promises)
    for name in promises:
        _, _, rest = name.partition("_")
        patterns = [f"{remedy}_{rest}" for remedy in REMEDIES]
        if all(pattern in promises for pattern in patterns):
            allowed.add(f"{_BY_REMEDY}_{rest}")
    return node.names(sorted(allowed), "obligation")
