"""The figures that must not drop: kept in tests/language/scores.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from language.evaluate.rasa_model import ROOT

FLOORS = ROOT / "tests" / "language" / "scores.json"
KEPT = ("accuracy", "likeliest", "topics", "caught")
"""Figures that are better the higher they are."""

OTHERS = ("typos", "never_learned")
"""Variants of a test set whose accuracy is kept too."""

OF_PARTS = ("recall", "found", "left_alone")
"""What is kept of entities, and of messages of two matters or one."""

SLACK = 0.01
"""Another processor rounds the int8 encoder differently; one in a hundred may change sides."""


def kept_figures(report: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return of a report what is kept."""
    kept: dict[str, dict[str, float]] = {}
    for name, part in report.items():
        if "figures" in part and name != "cross_validation":
            kept[name] = {key: round(part["figures"][key], 4) for key in KEPT}
            for other in OTHERS:
                kept[name][other] = round(part[other]["accuracy"], 4)
        elif "figures" not in part:
            kept[name] = {key: round(part[key], 4) for key in OF_PARTS if key in part}
    return kept


def keep(report: dict[str, Any], path: Path = FLOORS) -> None:
    """Write the report's figures as the floors for later ones."""
    path.write_text(json.dumps(kept_figures(report), indent=2, sort_keys=True) + "\n")


def drops(report: dict[str, Any], path: Path = FLOORS) -> list[str]:
    """Return a line for every kept figure that is lower now than it was kept."""
    floors: dict[str, dict[str, float]] = json.loads(path.read_text())
    now = kept_figures(report)
    return [
        f"{name}, {key}: {now.get(name, {}).get(key, 0):.3f}, was {floor:.3f}"
        for name, figures in floors.items()
        for key, floor in figures.items()
        if now.get(name, {}).get(key, 0) < floor - SLACK
    ]
