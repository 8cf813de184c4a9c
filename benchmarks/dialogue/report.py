"""The figures: a row for every temper with every way of writing, and all together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.dialogue.goals import TEMPERS, WAYS
from benchmarks.dialogue.play import Outcome

COUNTS = ("needless", "asked_again", "repeated", "no_bearing")


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The share that reached the goal, and the averages of what should not have happened."""
    many = len(outcomes)
    counted = {name: sum(getattr(one, name) for one in outcomes) / many for name in COUNTS}
    return {
        "customers": many,
        "reached": sum(one.reached for one in outcomes) / many,
        "turns": sum(one.turns for one in outcomes) / many,
    } | counted


def table(outcomes: Sequence[Outcome]) -> str:
    """All rows, for people."""
    lines = [
        f"{'temper':9} {'way':11} {'customers':>9} {'reached':>8} {'turns':>6} {'needless':>9}"
        f" {'asked again':>12} {'repeated':>9} {'no bearing':>11}"
    ]
    for temper, way, chosen in _rows(outcomes):
        row = figures(chosen)
        lines.append(
            f"{temper:9} {way:11} {row['customers']:9.0f} {row['reached']:8.1%}"
            f" {row['turns']:6.1f} {row['needless']:9.2f} {row['asked_again']:12.2f}"
            f" {row['repeated']:9.2f} {row['no_bearing']:11.2f}"
        )
    return "\n".join(lines)


def save(outcomes: Sequence[Outcome], seed: int, path: Path) -> None:
    """All figures and every customer, as JSON."""
    rows = [
        {"temper": temper, "way": way, **figures(chosen)} for temper, way, chosen in _rows(outcomes)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    written = {"seed": seed, "rows": rows, "customers": [_customer(one) for one in outcomes]}
    path.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


def _rows(outcomes: Sequence[Outcome]) -> list[tuple[str, str, list[Outcome]]]:
    rows = [
        (temper, way, [one for one in outcomes if (one.goal.temper, one.goal.way) == (temper, way)])
        for temper in TEMPERS
        for way in WAYS
    ]
    return [row for row in rows if row[2]] + [("all", "", list(outcomes))]


def _customer(one: Outcome) -> dict[str, Any]:
    counted = {name: getattr(one, name) for name in ("turns", "least", *COUNTS)}
    return {**asdict(one.goal), "reached": one.reached, "missed": one.missed, **counted}
