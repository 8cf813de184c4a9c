"""The figures: a row for every temper with every way of writing, and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
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
    for temper, way, chosen in _kinds(outcomes):
        row = figures(chosen)
        lines.append(
            f"{temper:9} {way:11} {row['customers']:9.0f} {row['reached']:8.1%}"
            f" {row['turns']:6.1f} {row['needless']:9.2f} {row['asked_again']:12.2f}"
            f" {row['repeated']:9.2f} {row['no_bearing']:11.2f}"
        )
    return "\n".join(lines)


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The same rows, to keep."""
    return [
        {"temper": temper, "way": way, **figures(chosen)}
        for temper, way, chosen in _kinds(outcomes)
    ]


def customer(one: Outcome) -> dict[str, Any]:
    """One customer: what they came for, and how it went."""
    counted = {name: getattr(one, name) for name in ("turns", "least", *COUNTS)}
    return {**asdict(one.goal), "reached": one.reached, "missed": one.missed, **counted}


def _kinds(outcomes: Sequence[Outcome]) -> list[tuple[str, str, list[Outcome]]]:
    kinds = [
        (temper, way, [one for one in outcomes if (one.goal.temper, one.goal.way) == (temper, way)])
        for temper in TEMPERS
        for way in WAYS
    ]
    return [kind for kind in kinds if kind[2]] + [("all", "", list(outcomes))]
