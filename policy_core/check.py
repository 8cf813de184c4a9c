"""Proof-reading a policy file: what is wrong with its rules, each with an example."""

from collections.abc import Iterator

from policy_core.check_entries import needless_contexts, needless_parts, unused_entries
from policy_core.engine import Rulebook
from policy_core.examples import example, in_one_line
from policy_core.model import Policy, Rule
from policy_core.space import Cell, complete_cells

Laid = dict[Cell, tuple[Rule, ...]]
"""The rules laid over the space: for each complete cell those left undefeated."""


def findings(policy: Policy) -> Iterator[str]:
    """What is wrong with a policy, one line a finding; nothing where all is well."""
    book = Rulebook(policy)
    cells = {cell: book.match(cell).undefeated for cell in complete_cells()}
    yield from gaps(book, cells)
    yield from overlaps(book, cells)
    yield from dead_rules(book, cells)
    yield from needless_exceptions(book, cells)
    yield from catch_alls(book, cells)
    if all(len(undefeated) == 1 for undefeated in cells.values()):
        yield from needless_parts(book, cells)
        yield from needless_contexts(book, cells)
        yield from unused_entries(book, cells)


def _at(cell: Cell, policy: Policy) -> str:
    return f"for example {in_one_line(example(cell, policy))}"


def gaps(book: Rulebook, cells: Laid) -> Iterator[str]:
    """Situations with facts for which no rule is left; one example for each way it happens."""
    seen: dict[tuple[str, str, tuple[str, ...]], tuple[int, Cell]] = {}
    for cell, undefeated in cells.items():
        if not undefeated:
            holding = tuple(rule.id for rule in book.match(cell).holding)
            key = (cell.situation, cell.order_status[0], holding)
            count, first = seen.get(key, (0, cell))
            seen[key] = (count + 1, first)
    for (situation, status, holding), (count, first) in seen.items():
        why = "no rule holds"
        if holding:
            why = f"the rules {' and '.join(holding)} all yield to one another"
        where = f"{situation} of an order that is {status}"
        yield f"gap: {where}: {why} ({count} cells); {_at(first, book.policy)}"


def overlaps(book: Rulebook, cells: Laid) -> Iterator[str]:
    """Facts for which two rules hold and neither yields."""
    seen: dict[tuple[str, ...], tuple[int, Cell]] = {}
    for cell, undefeated in cells.items():
        if len(undefeated) > 1:
            key = tuple(rule.id for rule in undefeated)
            count, first = seen.get(key, (0, cell))
            seen[key] = (count + 1, first)
    for names, (count, first) in seen.items():
        yield (
            f"overlap: {' and '.join(names)} hold together and none yields ({count} cells); "
            f"{_at(first, book.policy)}"
        )


def dead_rules(book: Rulebook, cells: Laid) -> Iterator[str]:
    """Rules that never speak."""
    alive = {rule.id for undefeated in cells.values() for rule in undefeated}
    for rule in book.policy.rules:
        if rule.id in alive:
            continue
        held = [cell for cell in cells if rule in book.match(cell).holding]
        if not held:
            yield f"dead rule: {rule.id}: its conditions never hold, whatever the facts are"
        else:
            winner = " and ".join(each.id for each in cells[held[0]]) or "no rule"
            yield (
                f"dead rule: {rule.id} always yields, here to {winner}; {_at(held[0], book.policy)}"
            )


def needless_exceptions(book: Rulebook, cells: Laid) -> Iterator[str]:
    """Exceptions that never decide anything: without them the same rules would be left."""
    used: set[tuple[str, str]] = set()
    for cell in cells:
        holding = book.match(cell).holding
        names = {rule.id for rule in holding}
        for rule in holding:
            stronger = rule.yields_to & names
            if len(stronger) == 1:
                used.add((rule.id, min(stronger)))
    for rule in book.policy.rules:
        for other in sorted(rule.yields_to):
            if (rule.id, other) not in used:
                held = next((at for at in cells if rule in book.match(at).holding), None)
                where = "" if held is None else f"; {rule.id} holds {_at(held, book.policy)}"
                yield f"needless exception: {rule.id} need not yield to {other}{where}"


def catch_alls(book: Rulebook, cells: Laid) -> Iterator[str]:
    """Cells that only a rule without conditions reaches, unless the file approves of that; and
    approval where there is nothing to approve.
    """
    seen: dict[str, tuple[int, Cell]] = {}
    for cell, undefeated in cells.items():
        for rule in undefeated:
            if not rule.when and not rule.approved_catch_all:
                count, first = seen.get(rule.id, (0, cell))
                seen[rule.id] = (count + 1, first)
    for rule in book.policy.rules:
        if rule.when and rule.approved_catch_all:
            held = next((at for at in cells if rule in book.match(at).holding), None)
            where = "" if held is None else f"; {_at(held, book.policy)}"
            yield f"needless approval: {rule.id} has conditions and is no catch-all{where}"
    for name, (count, first) in seen.items():
        yield (
            f"catch-all: {name} has no conditions, reaches {count} cells alone, not approved; "
            f"{_at(first, book.policy)}"
        )
