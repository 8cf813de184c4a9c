"""The whole policy as one readable Markdown document."""

from collections.abc import Iterable, Iterator

from policy_core.model import OWN, Policy, Rule


def table(policy: Policy) -> str:
    """The numbers, the rules of each situation, the clauses and the readings, as Markdown."""
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    email = policy.contact.email or "not configured"
    yield f"# Return & Refund Policy of {policy.seller}, version {policy.version}"
    yield ""
    yield f"In force from {policy.effective}. Dates are those of {policy.zone}."
    yield f"Phone: {policy.contact.phone}. E-mail: {email}."
    yield from _numbers(policy)
    for situation in policy.situations.values():
        yield from ("", f"## {situation.title} (`{situation.name}`)", "")
        rules = [rule for rule in policy.rules if situation.name in rule.situations]
        yield from _rules(rules, situation.clause)
    yield from _clauses(policy)
    yield from _interpretations(policy)


def _numbers(policy: Policy) -> Iterator[str]:
    rows = [
        (f"`{name}`", str(number.value), number.unit, str(number.since), f"`{number.clause}`")
        for name, number in policy.numbers.items()
    ]
    yield from ("", "## Numbers", "")
    yield from _grid(("number", "value", "unit", "since", "clause"), rows)


def _rules(rules: Iterable[Rule], own: str) -> Iterator[str]:
    heads = (
        "rule", "when", "outcome", "remedy", "obligations", "alternatives", "clause", "unless",
    )  # fmt: skip
    yield from _grid(heads, [_rule(rule, own) for rule in rules])


def _rule(rule: Rule, own: str) -> tuple[str, ...]:
    when = "; ".join(f"{fact}: {' or '.join(sorted(v))}" for fact, v in rule.when.items())
    return (
        f"`{rule.id}`",
        when or "always",
        f"**{rule.outcome}**",
        rule.remedy or "",
        ", ".join(rule.obligations),
        ", ".join(rule.alternatives),
        own if rule.clause == OWN else rule.clause,
        ", ".join(sorted(rule.yields_to)),
    )


def _clauses(policy: Policy) -> Iterator[str]:
    rows = [(f"`{c.id}`", c.where, c.title, c.summary) for c in policy.clauses.values()]
    yield from ("", "## Clauses", "")
    yield from _grid(("clause", "where", "title", "in short"), rows)


def _interpretations(policy: Policy) -> Iterator[str]:
    rows = [
        (str(number), reading.title, reading.reading, reading.reason)
        for number, reading in policy.interpretations.items()
    ]
    yield from ("", "## Readings of what the text leaves open", "")
    yield from _grid(("number", "title", "reading", "reason"), rows)


def _grid(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
