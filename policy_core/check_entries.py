"""Proof-reading what the rules of a policy file name: parts without effect, entries nobody uses.

Only for rules where exactly one speaks in every cell.
"""

from collections.abc import Iterator

from policy_core.engine import Rulebook
from policy_core.examples import example, in_one_line
from policy_core.model import ASKED, Context, Rule, conditions_hold
from policy_core.space import Cell


def needless_parts(book: Rulebook, cells: dict[Cell, tuple[Rule, ...]]) -> Iterator[str]:
    """Alternatives that are never open where their rule speaks, refunds that never come to
    money, and "asked" where only one remedy can have been asked for.
    """
    speaks: dict[Rule, list[Cell]] = {}
    for cell, (rule,) in cells.items():
        speaks.setdefault(rule, []).append(cell)
    for rule, at in speaks.items():
        verdicts = [book.verdict(cell) for cell in at]
        where = f"{rule.id} speaks for example for {in_one_line(example(at[0], book.policy))}"
        offered = {name for verdict in verdicts for name in verdict.alternatives}
        for name in rule.alternatives:
            if name not in offered:
                yield f"needless alternative: {name} is never open where {where}"
        if rule.refund is not None and not any(verdict.refund for verdict in verdicts):
            yield f"needless refund: no money is ever refunded where {where}"
        if rule.remedy == ASKED and len({cell.remedy for cell in at}) == 1:
            yield f"remedy by name: only one can have been asked for where {where}"


def needless_contexts(book: Rulebook, cells: dict[Cell, tuple[Rule, ...]]) -> Iterator[str]:
    """Situations and conditions of a context in which its sentence is never said."""
    for context in book.policy.context:
        step = book.policy.steps[context.step]
        said = [
            cell
            for cell in cells
            if cell.situation in context.situations
            and conditions_hold(context.when, cell)
            and step.name in {each.name for each in book.verdict(cell).steps}
        ]
        found = {(fact, _value(cell, fact)) for cell in said for fact in _named(context)}
        for fact, values in _named(context).items():
            for value in sorted(values):
                if (fact, value) not in found:
                    held = next(cell for cell in cells if _value(cell, fact) == value)
                    yield (
                        f"needless context: {step.name} is never said where {fact} is {value}, "
                        f"for example {in_one_line(example(held, book.policy))}"
                    )


def _named(context: Context) -> dict[str, frozenset[str]]:
    return {"situation": frozenset(context.situations), **context.when}


def _value(cell: Cell, fact: str) -> str:
    return cell.situation if fact == "situation" else str(getattr(cell, fact)[0])


def unused_entries(book: Rulebook, cells: dict[Cell, tuple[Rule, ...]]) -> Iterator[str]:
    """Clauses and readings no decision rests on, and sentences and promises nobody uses."""
    policy = book.policy
    verdicts = [book.verdict(cell) for cell in cells]
    told = {step for verdict in verdicts for step in verdict.steps}
    promised = {promise.name for verdict in verdicts for promise in verdict.promises}
    clauses = {name for verdict in verdicts for name in verdict.clauses}
    clauses |= {step.clause for step in policy.said.values()}
    numbers = {number for verdict in verdicts for number in verdict.interpretations}
    numbers |= {number for step in policy.said.values() for number in step.interpretations}
    for clause in policy.clauses.values():
        if clause.id not in clauses:
            yield f"uncited clause: {clause.id}: no decision rests on it; it says: {clause.summary}"
    for number, reading in policy.interpretations.items():
        if number not in numbers:
            yield f"unused interpretation: {number}: no decision names it; it says: {reading.title}"
    for name, step in policy.steps.items():
        if name not in {each.name for each in told}:
            yield f"unused step: {name}: no rule says it; it reads: {step.text.text}"
    for name, promise in policy.promises.items():
        if name not in promised:
            yield f"unused obligation: {name}: no rule promises it; it is about {promise.action}"
