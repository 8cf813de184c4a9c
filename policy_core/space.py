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


def ways(cell: Cell) -> Iterator[tuple[str, ...]]:
    """Every way the unknown facts of a cell can turn out, as values in the order of DOMAINS."""
    for status in cell.order_status:
        dated = (
            values if status in statuses else _NONE
            for values, statuses in zip(cell[2:5], MEASURED_IN.values(), strict=True)
        )
        yield from product((status,), *dated, *cell[5:])


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
    asked: list[list[tuple[str, ...]]] = [
        _with_unknown(REMEDIES),
        _with_unknown(EVIDENCE),
        [(each,) for each in DECISIONS],
    ]
    for situation in situations:
        for order in _orders():
            for values in product(*asked):
                yield Cell(situation, *order, *values)


def _orders() -> Iterator[tuple[tuple[str, ...], ...]]:
    """What can be known about an order: its status, wait, dispatch and window."""
    timing = _with_unknown(TIMING)
    for status in STATUSES:
        dated = [timing if status in statuses else [_NONE] for statuses in MEASURED_IN.values()]
        for values in product(*dated):
            yield (status,), *values
    for window in timing[:-1]:  # delivered in time, so it was sent in time
        yield ("delivered",), _NONE, NOT_LATE, window
    for dispatch in timing:
        yield SENT, _NONE, dispatch, TIMING
    for wait in timing:
        yield STATUSES, wait, TIMING, TIMING


def _with_unknown(values: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [*((value,) for value in values), values]
