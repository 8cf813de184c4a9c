"""A verdict of the engine and an opinion of the second encoding, brought to one form."""

from policy_core.engine import Verdict
from policy_core.space import Cell
from tests.policy_core.second_encoding import Asked, Duty, Opinion, opinion

_CLOCKS = {"requested_on": "request", "return_in_transit_on": "return"}


def asked(cell: Cell) -> Asked:
    return Asked(cell.situation, *(values[0] for values in cell[1:]))


def as_opinion(verdict: Verdict) -> Opinion:
    return Opinion(
        outcome=verdict.outcome,
        clause=verdict.clauses[0],
        remedy=verdict.remedy,
        clauses=frozenset(verdict.clauses),
        readings=frozenset(verdict.interpretations),
        alternatives=verdict.alternatives,
        duties=tuple(
            Duty(
                promise.party,
                promise.action,
                "label" if promise.after == "prepaid label" else _CLOCKS.get(promise.starts_with),
            )
            for promise in verdict.promises
        ),
        money=verdict.refund,
    )


def second(cell: Cell) -> Opinion:
    return opinion(asked(cell))
