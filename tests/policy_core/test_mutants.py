"""No single entry of a rule can be changed without a test noticing.

A mutant is killed where a cell is left with no rule or with two, where a decision differs from the
second encoding, or where `check` complains about the file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from policy_core.check import catch_alls, needless_exceptions
from policy_core.check_entries import needless_contexts, needless_parts
from policy_core.engine import Rulebook
from policy_core.errors import PolicyError
from policy_core.model import Policy, Rule
from policy_core.space import DOMAINS, SITUATIONS, Cell, complete_cells
from tests.policy_core.comparing import as_opinion, second
from tests.policy_core.mutants import context_mutants, rule_mutants

CELLS = tuple(complete_cells())
EVERYWHERE = (1 << len(CELLS)) - 1


class Masks:
    """For each value of each fact the cells that have it, as the bits of one number, so that
    thousands of mutants can be laid over the whole space.
    """

    def __init__(self) -> None:
        self.of: dict[tuple[str, str], int] = {}
        for index, cell in enumerate(CELLS):
            values = (cell.situation, *(each[0] for each in cell[1:]))
            for key in zip(("situation", *DOMAINS), values, strict=True):
                self.of[key] = self.of.get(key, 0) | 1 << index

    def holding(self, rule: Rule) -> int:
        mask = self._any("situation", rule.situations)
        for fact, values in rule.when.items():
            mask &= self._any(fact, values)
        return mask

    def _any(self, fact: str, values: Iterable[str]) -> int:
        mask = 0
        for value in values:
            mask |= self.of.get((fact, value), 0)
        return mask


def undefeated(rules: Iterable[Rule], holding: dict[str, int]) -> dict[str, int]:
    left = {}
    for rule in rules:
        mask = holding[rule.id]
        for other in rule.yields_to:
            mask &= ~holding[other]
        left[rule.id] = mask
    return left


def one_each(masks: Iterable[int]) -> bool:
    """Whether the masks cover every cell exactly once."""
    seen = 0
    for mask in masks:
        if seen & mask:
            return False
        seen |= mask
    return seen == EVERYWHERE


def needless(mutant: Rule, rule: Rule, holding: dict[str, int]) -> bool:
    """Whether `check` calls an added exception needless: it decides in no cell."""
    (added,) = mutant.yields_to - rule.yields_to
    mask = holding[rule.id] & holding[added]
    for other in rule.yields_to:
        mask &= ~holding[other]
    return mask == 0


def cells_in(mask: int) -> Iterator[Cell]:
    while mask:
        lowest = mask & -mask
        yield CELLS[lowest.bit_length() - 1]
        mask ^= lowest


def differs(policy: Policy, cells: Iterable[Cell]) -> bool:
    """Whether any of these cells is decided otherwise than by the second encoding."""
    book = Rulebook(policy)
    try:
        return any(as_opinion(book.verdict(cell)) != second(cell) for cell in cells)
    except (PolicyError, KeyError):
        return True


def complained_of(policy: Policy, rule: Rule, cells: Iterable[Cell]) -> bool:
    """Whether `check` calls a part of this rule needless."""
    book = Rulebook(policy)
    held = {cell: book.match(cell).undefeated for cell in cells}
    spoken = {cell: rules for cell, rules in held.items() if rules == (rule,)}
    found = [
        *needless_parts(book, spoken),
        *needless_exceptions(book, held),
        *catch_alls(book, spoken),
    ]
    return any(f": {rule.id} " in line or f" where {rule.id} " in line for line in found)


def complained_of_context(policy: Policy) -> bool:
    book = Rulebook(policy)
    cells = {cell: book.match(cell).undefeated for cell in CELLS}
    return any(needless_contexts(book, cells))


def test_every_mutant_of_a_rule_is_killed(policy: Policy) -> None:
    masks = Masks()
    holding = {rule.id: masks.holding(rule) for rule in policy.rules}
    speaking = undefeated(policy.rules, holding)
    assert one_each(speaking.values())
    survivors, counted = [], Counter[str]()
    for index, rule in enumerate(policy.rules):
        for what, mutant in rule_mutants(rule, policy):
            counted[what] += 1
            rules = (*policy.rules[:index], mutant, *policy.rules[index + 1 :])
            holding[rule.id] = masks.holding(mutant)
            now = undefeated(rules, holding)
            if not one_each(now.values()):
                continue
            moved = 0
            for name, mask in now.items():
                moved |= mask & ~speaking[name]
            if what == "yields_to" and needless(mutant, rule, holding):
                continue
            changed = replace(policy, rules=rules, memory={})
            if differs(changed, cells_in(moved or now[rule.id])):
                continue
            if not complained_of(changed, mutant, cells_in(holding[rule.id])):
                survivors.append((rule.id, what, mutant))
        holding[rule.id] = masks.holding(rule)
    assert not survivors
    print(f"{counted.total()} mutants killed: {dict(counted)}")
    assert counted.total() > 5000


def test_every_mutant_of_a_context_is_killed(policy: Policy) -> None:
    survivors, count = [], 0
    for index, context in enumerate(policy.context):
        for mutant in context_mutants(context):
            count += 1
            contexts = (*policy.context[:index], mutant, *policy.context[index + 1 :])
            places = {*context.situations, *mutant.situations}
            cells = sorted(
                (cell for cell in CELLS if cell.situation in places),
                key=lambda cell: cell.order_status not in (("delivered",), ("destroyed",)),
            )
            changed = replace(policy, context=contexts, memory={})
            if not differs(changed, cells) and not complained_of_context(changed):
                survivors.append((context.step, mutant))
    assert not survivors
    assert count > 50


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_order_of_the_rules_means_nothing(policy: Policy, situation: str) -> None:
    backwards = replace(policy, rules=policy.rules[::-1], memory={})
    cells = [cell for cell in CELLS if cell.situation == situation]
    assert not differs(backwards, cells)
