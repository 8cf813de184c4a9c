"""The closed space of classified facts that rules may speak about.

Dates become classes: `wait` is the request measured against ship_by (while the order is
processing), `dispatch` is shipped_on against ship_by (once it left), `window` is the request
against the end of the filing window (once it is delivered). Each is in time, on the last day,
or late.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

SITUATIONS = (
    "cancel",
    "late_shipment",
    "out_of_stock",
    "damaged",
    "defective",
    "remorse",
    "wrong_information",
    "returned_in_transit",
    "destroyed_in_transit",
    "other",
)
OUTCOMES = (
    "need_facts",
    "need_evidence",
    "entitled",
    "seller_decides",
    "declined",
    "not_available",
    "contact_us",
    "dispute",
)
REMEDIES = ("refund", "replacement", "redelivery")
STATUSES = (
    "processing",
    "shipped",
    "delivered",
    "returned_to_sender",
    "destroyed",
    "cancelled",
    "unfulfillable",
)
SENT = ("shipped", "delivered", "returned_to_sender", "destroyed")
TIMING = ("in_time", "last_day", "late")
NOT_LATE = ("in_time", "last_day")
EVIDENCE = ("none", "submitted", "compelling", "insufficient")
UNDECIDED = "undecided"
DECISIONS = (UNDECIDED, "accept", "reject")

NOT_APPLICABLE = "-"
_NONE = (NOT_APPLICABLE,)

DOMAINS: dict[str, tuple[str, ...]] = {
    "order_status": STATUSES,
    "wait": TIMING,
    "dispatch": TIMING,
    "window": TIMING,
    "remedy": REMEDIES,
    "evidence": EVIDENCE,
    "seller_decision": DECISIONS,
}
"""The facts a rule's `when` may name, with the values each can take."""

MEASURED_IN: dict[str, tuple[str, ...]] = {
    "wait": ("processing",),
    "dispatch": SENT,
    "window": ("delivered",),
}
"""The order statuses in which each dated fact means anything."""


class Cell(NamedTuple):
    """One point of the space: for each fact, the values it may still have (one if it is known)."""

    situation: str
    order_status: tuple[str, ...]
    wait: tuple[str, ...]
    dispatch: tuple[str, ...]
    window: tuple[str, ...]
    remedy: tuple[str, ...]
    evidence: tuple[str, ...]
    seller_decision: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every fact is known."""
        return all(len(values) == 1 for values in self[1:])


def settle(cell: Cell) -> Cell:
    """The same cell with dated facts blanked that mean nothing in any status it may have."""
    status = cell.order_status
    wait, dispatch, window = (
        values if any(value in statuses for value in status) else _NONE
        for values, statuses in zip(cell[2:5], MEASURED_IN.values(), strict=True)
    )
    return cell._replace(wait=wait, dispatch=dispatch, window=window)


def completions(cell: Cell) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Every way the unknown facts can turn out: the values chosen, and the settled cell."""
    for values in product(*cell[1:]):
        yield values, settle(Cell(cell.situation, *((value,) for value in values)))


def complete_cells(situations: tuple[str, ...] = SITUATIONS) -> Iterator[Cell]:
    """Every cell in which all facts are known, each once."""
    for situation in situations:
        for status in STATUSES:
            dated = [
                [(value,) for value in TIMING] if status in MEASURED_IN[fact] else [_NONE]
                for fact in MEASURED_IN
            ]
            others = [[(value,) for value in DOMAINS[fact]] for fact in list(DOMAINS)[4:]]
            for values in product(*dated, *others):
                yield Cell(situation, (status,), *values)


def all_cells(situations: tuple[str, ...] = SITUATIONS) -> Iterator[Cell]:
    """Every cell that facts can be classified to, with any of them unknown, each once."""
    timing: list[tuple[str, ...]] = [*((value,) for value in TIMING), TIMING]
    dispatch: list[tuple[str, ...]] = [*timing, NOT_LATE]
    for situation in situations:
        statuses: list[tuple[str, ...]] = [*((value,) for value in STATUSES), SENT, STATUSES]
        for status in statuses:
            dated: list[list[tuple[str, ...]]] = [
                (values if any(value in MEASURED_IN[fact] for value in status) else [_NONE])
                for fact, values in (("wait", timing), ("dispatch", dispatch), ("window", timing))
            ]
            if len(status) > 1:  # a known day of delivery would have settled the status
                dated[2] = [TIMING]
            remedies = [*((value,) for value in REMEDIES), REMEDIES]
            evidence = [*((value,) for value in EVIDENCE), EVIDENCE]
            decisions = [(value,) for value in DECISIONS]
            for values in product(*dated, remedies, evidence, decisions):
                yield Cell(situation, status, *values)
