"""What a report is, and the few figures that several reports need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Report:
    """A table with a title and one sentence on what it says.

    ``unit`` is what the rows count. A cell is None where there is nothing to say, which is not 0.
    Situations stand in it by the policy's names.
    """

    name: str
    title: str
    explanation: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    unit: str


def middle(values: Sequence[float]) -> float | None:
    """Return the median, to one decimal place; None of nothing."""
    if not values:
        return None
    return round(float(median(values)), 1)


def ninetieth(values: Sequence[float]) -> float | None:
    """Return the least value that nine of ten do not exceed, to one decimal; None of nothing."""
    if not values:
        return None
    return round(float(sorted(values)[-(-len(values) * 9 // 10) - 1]), 1)


def share(part: int, whole: int) -> float | None:
    """Return the part in percent of the whole, to one decimal place; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
