"""Writes a report's figures as Markdown, and what changed from one report to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

COLUMNS = ("accuracy", "likeliest", "topics", "caught", "lost", "several", "calibration_error")
VARIANTS = {"figures": "", "never_learned": ", without sentences learned", "typos": ", typos"}
COMMONEST = 15


def _rows(report: dict[str, Any]) -> Iterator[tuple[str, dict[str, float]]]:
    for name, part in report.items():
        for variant, title in VARIANTS.items():
            if variant in part:
                yield f"{name}{title}", part[variant]


def table(report: dict[str, Any]) -> str:
    """Return the main figures of a report as a Markdown table."""
    lines = ["| | sentences | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    for title, row in _rows(report):
        values = " | ".join(f"{row[column]:.3f}" for column in COLUMNS)
        lines.append(f"| {title} | {row['sentences']:.0f} | {values} |")
    return "\n".join(lines)


def intent_table(part: dict[str, Any]) -> str:
    """Return precision, recall and F1 of every intent as a Markdown table."""
    lines = ["| intent | precision | recall | F1 | sentences |", "|---|---|---|---|---|"]
    for intent, row in part["intents"].items():
        lines.append(
            f"| {intent} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} "
            f"| {row['sentences']:.0f} |"
        )
    return "\n".join(lines)


def _confusion_table(part: dict[str, Any]) -> str:
    lines = ["| is | understood as | times |", "|---|---|---|"]
    lines += [f"| {true} | {said} | {n} |" for true, said, n in part["confusions"][:COMMONEST]]
    return "\n".join(lines)


def worst_table(part: dict[str, Any]) -> str:
    """Return the mistakes that the model was surest of as a Markdown table."""
    lines = ["| sentence | is | understood as | confidence |", "|---|---|---|---|"]
    for row in part["worst"]:
        text = str(row["text"]).replace("|", "\\|")
        lines.append(f"| {text} | {row['true']} | {row['said']} | {row['confidence']:.3f} |")
    return "\n".join(lines)


def markdown(report: dict[str, Any]) -> str:
    """Return the whole report to read."""
    parts = ["# How well customers are understood", table(report)]
    parts += [f"{name}: {in_words(part)}" for name, part in report.items() if "figures" not in part]
    for name, part in report.items():
        if "intents" in part:
            parts += [f"## {name}", intent_table(part), "### Commonest confusions"]
            parts += [_confusion_table(part), "### Mistakes it was surest of", worst_table(part)]
    return "\n\n".join(parts) + "\n"


def in_words(figures: dict[str, float]) -> str:
    """Return figures by their names on one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in figures.items())


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return a line for each main figure that differs by a thousandth or more."""
    old = dict(_rows(before))
    return [
        f"{title}, {column}: {old[title][column]:.3f} -> {row[column]:.3f}"
        for title, row in _rows(now)
        for column in COLUMNS
        if title in old and abs(row[column] - old[title][column]) >= 0.001
    ]
