"""What another version of the policy changes, with an example for each change."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from policy_core.decision import Decision, decide_under
from policy_core.examples import example, in_one_line
from policy_core.facts import parse_facts
from policy_core.model import Policy
from policy_core.space import complete_cells

_MONEY = {"order_total": "100.00", "claim_total": "60.00"}
_Change = tuple[str, str, str]


def differences(old: Policy, new: Policy) -> Iterator[str]:
    """The changes from one version to another, one line each: numbers, contact, and for each
    situation where the same facts give another outcome, remedy, amount or date.
    """
    yield from _numbers(old, new)
    if (old.contact.phone, old.contact.email) != (new.contact.phone, new.contact.email):
        was, now = (f"{p.contact.phone} {p.contact.email or ''}".strip() for p in (old, new))
        yield f"contact: {was} -> {now}"
    for (situation, what, change), (count, facts) in _decisions(old, new).items():
        yield f"{situation}: {what} {change} ({count} cases); for example {in_one_line(facts)}"


def _numbers(old: Policy, new: Policy) -> Iterator[str]:
    for name, number in old.numbers.items():
        now = new.numbers[name].value
        if number.value != now:
            yield f"number {name}: {number.value} -> {now}"


def _decisions(old: Policy, new: Policy) -> dict[_Change, tuple[int, dict[str, str]]]:
    """Every change with how often it happens and the facts it was first seen at."""
    found: dict[_Change, tuple[int, dict[str, str]]] = {}
    for facts in _samples(old, new):
        before, after = (_decide(facts, policy) for policy in (old, new))
        change = _change(before, after)
        if change is not None:
            key = (facts["situation"], *change)
            count, first = found.get(key, (0, facts))
            found[key] = (count + 1, first)
    return dict(sorted(found.items()))


def _samples(old: Policy, new: Policy) -> Iterator[dict[str, str]]:
    """Facts for every cell, with the boundary days of either version, each once."""
    seen = set()
    for cell in complete_cells():
        for facts in (example(cell, old), example(cell, new)):
            key = tuple(facts.items())
            if key not in seen:
                seen.add(key)
                yield facts


def _decide(facts: dict[str, str], policy: Policy) -> Decision:
    parsed = parse_facts({**facts, **_MONEY}, fee_percent_max=Decimal(100))
    return decide_under(parsed, policy, date.fromisoformat(facts["requested_on"]))


def _change(before: Decision, after: Decision) -> tuple[str, str] | None:
    """What differs first: the outcome, else the remedy, the money, the dates or other ways."""
    pairs = (
        ("outcome", before.outcome, after.outcome),
        ("remedy", before.remedy, after.remedy),
        ("amounts", _amounts(before), _amounts(after)),
        ("obligations", _dues(before), _dues(after)),
        ("alternatives", ", ".join(before.alternatives), ", ".join(after.alternatives)),
    )
    for what, was, now in pairs:
        if was != now:
            return what, f"{was or 'none'} -> {now or 'none'}"
    return None


def _amounts(decision: Decision) -> str:
    return ", ".join(f"{name} {value}" for name, value in decision.amounts.items() if value)


def _dues(decision: Decision) -> str:
    return ", ".join(
        f"{each['action']} by {each['due'] or 'no date yet'}" for each in decision.obligations
    )
