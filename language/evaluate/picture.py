"""Draws a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from language.evaluate.examples import Example
from language.evaluate.rasa_model import Answer


def draw_confusions(
    examples: Sequence[Example], answers: Sequence[Answer], title: str, path: Path
) -> None:
    """Write a picture: rows are the true intents, columns the intents in the end, as shares."""
    import matplotlib  # type: ignore[import-untyped]

    matplotlib.use("Agg")
    from matplotlib import pyplot  # type: ignore[import-untyped]

    rows = sorted({example.intent for example in examples})
    columns = [*rows, *sorted({answer.intent for answer in answers} - set(rows))]
    counts = np.zeros((len(rows), len(columns)))
    for example, answer in zip(examples, answers, strict=True):
        counts[rows.index(example.intent), columns.index(answer.intent)] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    figure, axes = pyplot.subplots(figsize=(13, 12))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(title=title, xlabel="understood as", ylabel="is")
    for row, column in zip(*np.nonzero(counts), strict=True):
        color = "white" if shares[row, column] > 0.5 else "black"
        axes.text(
            column, row, int(counts[row, column]), ha="center", va="center", color=color, size=7
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, bbox_inches="tight")
    pyplot.close(figure)
