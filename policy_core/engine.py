"""The rule engine: which rule speaks in a cell, and what follows while facts are unknown.

A rule is defeated where a rule it yields to holds too. Exactly one undefeated rule must be left
in a complete cell; the order of the rules means nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple, TypeVar

from policy_core.errors import PolicyError
from policy_core.model import ASKED, OWN, Policy, Promise, Rule, Step, conditions_hold
from policy_core.space import (
    DOMAINS,
    EVIDENCE,
    NOT_APPLICABLE,
    REMEDIES,
    UNDECIDED,
    Cell,
    ways,
)

_NO_EVIDENCE = frozenset({"none", "insufficient"})
_STILL_OPEN = frozenset({"need_facts", "need_evidence", "seller_decides"})
_T = TypeVar("_T")

Way = tuple[str, ...]
"""One way the facts can be: a value for each fact, in the order of DOMAINS."""

_DISPATCH, _REMEDY = (tuple(DOMAINS).index(fact) for fact in ("dispatch", "remedy"))
_ORDER = _REMEDY
"""The facts before this one are about the order, those after it about the request."""


class Match(NamedTuple):
    """What the rules say about a complete cell: those that hold, and those left undefeated."""

    holding: tuple[Rule, ...]
    undefeated: tuple[Rule, ...]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What follows from a cell, before dates and money: the part of a decision that can be kept."""

    outcome: str
    steps: tuple[Step, ...]
    clauses: tuple[str, ...]
    rule: Rule | None = None
    remedy: str | None = None
    missing: tuple[str, ...] = ()
    """Decisive facts in a cell's words: `wait`, `dispatch` and `window` for dates."""
    interpretations: tuple[int, ...] = ()
    alternatives: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    refund: str | None = None
    money: tuple[Step, Step] | None = None
    """What is said about the money while the fee is open, and once it is known."""
    wants_evidence: bool = False
    needs: tuple[str, ...] = ()
    """The dates and amounts its sentences name."""


class Rulebook:
    """The rules of one policy, with everything worked out once kept."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.by_situation = {
            name: tuple(rule for rule in policy.rules if name in rule.situations)
            for name in policy.situations
        }
        self.match = lru_cache(maxsize=None)(self._match)
        self.verdict = lru_cache(maxsize=None)(self._verdict)
        self._open = lru_cache(maxsize=None)(self._is_open)
        self._point = lru_cache(maxsize=None)(self._rule_at)

    def _match(self, cell: Cell) -> Match:
        rules = self.by_situation[cell.situation]
        holding = tuple(rule for rule in rules if conditions_hold(rule.when, cell))
        names = {rule.id for rule in holding}
        return Match(holding, tuple(rule for rule in holding if not rule.yields_to & names))

    def rule(self, cell: Cell) -> Rule:
        """The one rule that speaks in a complete cell; PolicyError if there is none, or two."""
        undefeated = self.match(cell).undefeated
        if len(undefeated) == 1:
            return undefeated[0]
        where = describe(cell)
        if not undefeated:
            raise PolicyError(f"no rule speaks for {where}")
        names = " and ".join(rule.id for rule in undefeated)
        raise PolicyError(f"the rules {names} both speak for {where}")

    def _rule_at(self, situation: str, way: Way) -> Rule:
        return self.rule(Cell(situation, *((value,) for value in way)))

    def _verdict(self, cell: Cell) -> Verdict:
        cell = self._with_stated_remedy(cell)
        rules = {way: self._point(cell.situation, way) for way in ways(cell)}
        outcomes = {rule.outcome for rule in rules.values()}
        if len(outcomes) > 1:
            return self._open_verdict(cell, rules, outcomes)
        return self._settled_verdict(cell, rules)

    def _with_stated_remedy(self, cell: Cell) -> Cell:
        unstated = self.policy.situations[cell.situation].unstated_remedy
        if unstated is not None and len(cell.remedy) > 1:
            return cell._replace(remedy=(unstated,))
        return cell

    def _open_verdict(self, cell: Cell, rules: dict[Way, Rule], outcomes: set[str]) -> Verdict:
        own = self.policy.situations[cell.situation].clause
        step = _owned(self.policy.said["need_facts"], own)
        return Verdict(
            outcome="need_facts",
            steps=(step,),
            clauses=(own,),
            remedy=cell.remedy[0] if len(cell.remedy) == 1 else None,
            missing=_decisive(cell, rules),
            wants_evidence="need_evidence" in outcomes and self._lacks_evidence(cell),
            needs=step.text.needs,
        )

    def _settled_verdict(self, cell: Cell, rules: dict[Way, Rule]) -> Verdict:
        """One outcome whatever the unknown facts are: the first rule speaks, and only what all
        of them share is promised.
        """
        policy, situation = self.policy, self.policy.situations[cell.situation]
        own = situation.clause
        rule = next(iter(rules.values()))
        remedy = _shared_remedy(rules)
        names = _common(_promises(each, way) for way, each in rules.items())
        promises = tuple(_owned(policy.promises[name], own) for name in names)
        steps = [*(policy.steps[name] for name in rule.steps), *self._context(cell, rule)]
        if rule.outcome == "entitled" and remedy is None:
            steps.append(policy.said["choose_remedy"])
        told = tuple(_owned(step, own) for step in steps)
        refund = rule.refund if remedy in ("refund", "cancellation") else None
        money = self._money(refund, own)
        relied_on: list[Step | Promise] = [*told, *promises, *(money or ())]
        decisive = own if rule.clause == OWN else rule.clause
        numbers = {number for each in relied_on for number in each.interpretations}
        for promise in promises:
            numbers.update(promise.interpretations_in.get(cell.situation, ()))
        return Verdict(
            outcome=rule.outcome,
            steps=told,
            clauses=_unique([decisive, *(each.clause for each in relied_on), own]),
            rule=rule,
            remedy=remedy,
            interpretations=tuple(sorted(numbers)),
            alternatives=_common(self._alternatives(each, way) for way, each in rules.items()),
            promises=promises,
            refund=refund,
            money=money,
            wants_evidence=rule.outcome in _STILL_OPEN and self._lacks_evidence(cell),
            needs=_needs([*told, *(money or ())]),
        )

    def _money(self, refund: str | None, own: str) -> tuple[Step, Step] | None:
        if refund is None:
            return None
        names = ("full", "full") if refund == "full" else ("fee_open", "fee_known")
        still_open, known = (_owned(self.policy.amounts[name], own) for name in names)
        return still_open, known

    def _context(self, cell: Cell, rule: Rule) -> list[Step]:
        if rule.outcome == "declined":  # a no says why, and nothing else
            return []
        return [
            self.policy.steps[context.step]
            for context in self.policy.context
            if cell.situation in context.situations and conditions_hold(context.when, cell)
        ]

    def _lacks_evidence(self, cell: Cell) -> bool:
        asks = bool(self.policy.situations[cell.situation].evidence)
        return asks and not _NO_EVIDENCE.isdisjoint(cell.evidence)

    def _alternatives(self, rule: Rule, way: Way) -> tuple[str, ...]:
        return tuple(name for name in rule.alternatives if self._open(name, way[:_ORDER]))

    def _is_open(self, situation: str, order: Way) -> bool:
        """Whether another situation would get the customer anywhere with the same order."""
        asked = product(*((value,) for value in order), REMEDIES, EVIDENCE, (UNDECIDED,))
        return all(self._point(situation, way).outcome != "not_available" for way in asked)


def rulebook(policy: Policy) -> Rulebook:
    """The rulebook of a policy, made once."""
    book = policy.memory.get("rulebook")
    if not isinstance(book, Rulebook):
        book = policy.memory["rulebook"] = Rulebook(policy)
    return book


def describe(cell: Cell) -> str:
    """A complete cell in one line: the situation and the facts that mean something in it."""
    known = [
        f"{fact}={values[0]}"
        for fact, values in zip(DOMAINS, cell[1:], strict=True)
        if values[0] != NOT_APPLICABLE
    ]
    return ", ".join([f"situation={cell.situation}", *known])


def _decisive(cell: Cell, rules: dict[Way, Rule]) -> tuple[str, ...]:
    """The facts whose value can change the outcome, for some value of the others."""
    decisive = ["order_status"] if _status_decides(cell, rules) else []
    for index, (fact, values) in enumerate(zip(DOMAINS, cell[1:], strict=True)):
        if index == 0 or len(values) == 1:
            continue
        seen: dict[Way, str] = {}
        for way, rule in rules.items():
            others = way[:index] + way[index + 1 :]
            if seen.setdefault(others, rule.outcome) != rule.outcome:
                decisive.append(fact)
                break
    return tuple(decisive)


def _status_decides(cell: Cell, rules: dict[Way, Rule]) -> bool:
    """The same for the order's status. Of the dated facts only `dispatch` means something in more
    than one status; the others come and go with theirs.
    """
    if len(cell.order_status) == 1:
        return False
    for dispatch in cell.dispatch:
        seen: dict[Way, str] = {}
        for way, rule in rules.items():
            if way[_DISPATCH] not in (dispatch, NOT_APPLICABLE):
                continue
            if seen.setdefault(way[_ORDER:], rule.outcome) != rule.outcome:
                return True
    return False


def _shared_remedy(rules: dict[Way, Rule]) -> str | None:
    """The remedy of the first rule, unless it hangs on a choice the customer has still to make."""
    found = [way[_REMEDY] if rule.remedy == ASKED else rule.remedy for way, rule in rules.items()]
    open_choice = len(set(found)) > 1 and any(rule.remedy == ASKED for rule in rules.values())
    return None if open_choice else found[0]


def _promises(rule: Rule, way: Way) -> tuple[str, ...]:
    return tuple(name.format(remedy=way[_REMEDY]) for name in rule.obligations)


def _common(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    first, *others = dict.fromkeys(lists)
    return tuple(name for name in first if all(name in other for other in others))


_Owned = TypeVar("_Owned", Step, Promise)


def _owned(told: _Owned, clause: str) -> _Owned:
    return replace(told, clause=clause) if told.clause == OWN else told


def _needs(steps: Iterable[Step]) -> tuple[str, ...]:
    return _unique(name for step in steps for name in step.text.needs)


def _unique(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))
