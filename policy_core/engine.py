"""The rule engine: which rule speaks in a cell, and what follows while facts are unknown.

A rule is defeated where a rule it yields to holds too. Exactly one undefeated rule must be left
in a complete cell; the order of the rules means nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from policy_core.errors import PolicyError
from policy_core.model import Policy, Promise, Rule, Step, conditions_hold
from policy_core.reader import OWN
from policy_core.space import DOMAINS, REMEDIES, UNDECIDED, Cell, completions, settle

_ASKS = tuple(DOMAINS)[:-1]
"""The facts in a cell that can be unknown: all but the seller's decision, which is never asked."""

_NO_EVIDENCE = frozenset({"none", "insufficient"})
_STILL_OPEN = frozenset({"need_facts", "need_evidence", "seller_decides"})


@dataclass(frozen=True)
class Match:
    """What the rules say about a complete cell: those that hold, and those left undefeated."""

    holding: tuple[Rule, ...]
    undefeated: tuple[Rule, ...]


@dataclass(frozen=True)
class Verdict:
    """What follows from a cell, before dates and money: the part of a decision that can be kept."""

    outcome: str
    rule: Rule | None
    remedy: str | None
    missing: tuple[str, ...]
    """Decisive facts in a cell's words, `wait` and `dispatch` among them."""
    clauses: tuple[str, ...]
    interpretations: tuple[int, ...]
    steps: tuple[Step, ...]
    alternatives: tuple[str, ...]
    promises: tuple[Promise, ...]
    refund: str | None
    wants_evidence: bool
    chooses: tuple[str, ...]
    """The remedies the customer still has to choose from, though the outcome is settled."""


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

    def _match(self, cell: Cell) -> Match:
        holding = tuple(
            rule for rule in self.by_situation[cell.situation] if conditions_hold(rule.when, cell)
        )
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

    def _verdict(self, cell: Cell) -> Verdict:
        cell = self._with_stated_remedy(cell)
        found = [(values, done, self.rule(done)) for values, done in completions(cell)]
        outcomes = {values: rule.outcome for values, _, rule in found}
        if len(set(outcomes.values())) > 1:
            return self._open_verdict(cell, _decisive(outcomes), set(outcomes.values()))
        done = list(dict.fromkeys((settled, rule) for _, settled, rule in found))
        return self._settled_verdict(cell, done)

    def _with_stated_remedy(self, cell: Cell) -> Cell:
        unstated = self.policy.situations[cell.situation].unstated_remedy
        if unstated is not None and len(cell.remedy) > 1:
            return cell._replace(remedy=(unstated,))
        return cell

    def _open_verdict(self, cell: Cell, missing: tuple[str, ...], may: set[str]) -> Verdict:
        own = self.policy.situations[cell.situation].clause
        step = self.policy.said["need_facts"]
        return Verdict(
            outcome="need_facts",
            rule=None,
            remedy=cell.remedy[0] if len(cell.remedy) == 1 else None,
            missing=missing,
            clauses=(own,),
            interpretations=(),
            steps=(_owned(step, own),),
            alternatives=(),
            promises=(),
            refund=None,
            wants_evidence="need_evidence" in may and self._lacks_evidence(cell),
            chooses=(),
        )

    def _settled_verdict(self, cell: Cell, done: list[tuple[Cell, Rule]]) -> Verdict:
        """One outcome whatever the unknown facts are: the first rule speaks, and only what all
        of them share is promised.
        """
        situation = self.policy.situations[cell.situation]
        rule = done[0][1]
        remedy = _shared([_remedy(each, settled) for settled, each in done])
        promises = _common(_promises(each, settled) for settled, each in done)
        steps = [*(self.policy.steps[name] for name in rule.steps), *self._context(cell)]
        chooses = situation.remedies if rule.outcome == "entitled" and remedy is None else ()
        if chooses:
            steps.append(self.policy.said["choose_remedy"])
        owned = tuple(_owned(step, situation.clause) for step in steps)
        clauses = [*(_own(name, situation.clause) for name in rule.clauses)]
        return Verdict(
            outcome=rule.outcome,
            rule=rule,
            remedy=remedy,
            missing=(),
            clauses=_unique([*clauses, *(step.clause for step in owned)]),
            interpretations=_unique(
                [*rule.interpretations, *(n for step in owned for n in step.interpretations)]
            ),
            steps=owned,
            alternatives=_common(self._alternatives(each, settled) for settled, each in done),
            promises=tuple(self.policy.promises[name] for name in promises),
            refund=rule.refund if remedy in ("refund", "cancellation") else None,
            wants_evidence=rule.outcome in _STILL_OPEN and self._lacks_evidence(cell),
            chooses=chooses,
        )

    def _context(self, cell: Cell) -> list[Step]:
        return [
            self.policy.steps[context.step]
            for context in self.policy.context
            if cell.situation in context.situations and conditions_hold(context.when, cell)
        ]

    def _lacks_evidence(self, cell: Cell) -> bool:
        asks = bool(self.policy.situations[cell.situation].evidence)
        return asks and not _NO_EVIDENCE.isdisjoint(cell.evidence)

    def _alternatives(self, rule: Rule, cell: Cell) -> tuple[str, ...]:
        return tuple(name for name in rule.alternatives if self._open(name, cell))

    def _is_open(self, situation: str, cell: Cell) -> bool:
        """Whether another situation would get the customer anywhere with the same order."""
        fresh = cell._replace(
            situation=situation,
            remedy=REMEDIES,
            evidence=DOMAINS["evidence"],
            seller_decision=(UNDECIDED,),
        )
        return all(self.rule(done).outcome != "not_available" for _, done in completions(fresh))


def rulebook(policy: Policy) -> Rulebook:
    """The rulebook of a policy, made once."""
    book = policy.memory.get("rulebook")
    if not isinstance(book, Rulebook):
        book = policy.memory["rulebook"] = Rulebook(policy)
    return book


def describe(cell: Cell) -> str:
    """A cell in one line: situation and the facts that mean something in it."""
    settled = settle(cell)
    known = [
        f"{fact}={values[0]}"
        for fact, values in zip(DOMAINS, settled[1:], strict=True)
        if len(values) == 1 and values[0] != "-"
    ]
    return ", ".join([f"situation={cell.situation}", *known])


def _decisive(outcomes: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The facts whose value can change the outcome, for some value of the others."""
    decisive = []
    for index, fact in enumerate(_ASKS):
        seen: dict[tuple[str, ...], str] = {}
        for values, outcome in outcomes.items():
            others = values[:index] + values[index + 1 :]
            if seen.setdefault(others, outcome) != outcome:
                decisive.append(fact)
                break
    return tuple(decisive)


def _remedy(rule: Rule, cell: Cell) -> str | None:
    return cell.remedy[0] if rule.remedy == "asked" else rule.remedy


def _promises(rule: Rule, cell: Cell) -> tuple[str, ...]:
    return tuple(name.format(remedy=cell.remedy[0]) for name in rule.obligations)


def _shared(values: list[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _common(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    first, *others = lists
    return tuple(name for name in first if all(name in other for other in others))


def _own(name: str, clause: str) -> str:
    return clause if name == OWN else name


def _owned(step: Step, clause: str) -> Step:
    if step.clause != OWN:
        return step
    return Step(step.name, clause, step.facts, step.interpretations, step.text)


_T = TypeVar("_T")


def _unique(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))
