"""A verdict of the engine and an opinion of the second encoding, brought to one form."""

from policy_core.engine import Verdict
from policy_core.space import MEASURED_IN, NOT_APPLICABLE, Cell
from tests.policy_core.second_encoding import Asked, Duty, Opinion, opinion

_TIMES = {
    "asked_in_time": "in time",
    "late_accepted": "late, accepted",
    "no_time_limit": "no limit",
}
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
        time=" and ".join(_TIMES[step.name] for step in verdict.steps if step.name in _TIMES)
        or None,
    )


def second(cell: Cell) -> Opinion:
    return opinion(asked(cell))


def completed(situation: str, values: tuple[str, ...]) -> Cell:
    """The complete cell where the facts have these values (in the order of DOMAINS); dated facts
    that mean nothing in the order's status are blanked.
    """
    status = values[0]
    cell = Cell(situation, *((value,) for value in values))
    wait, dispatch, window = (
        dated if status in statuses else (NOT_APPLICABLE,)
        for dated, statuses in zip(cell[2:5], MEASURED_IN.values(), strict=True)
    )
    return cell._replace(wait=wait, dispatch=dispatch, window=window)
