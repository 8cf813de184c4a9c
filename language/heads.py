"""Heads: regressions over words, letters and the sentence vector, each with labels of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from language.features import Floats, Indices
from language.regression import Block, fit_each_label, fit_regression
from language.spread import Spread


@dataclass(frozen=True)
class Settings:
    """What can be tuned.

    Attributes:
        strength: C of the regressions.
        vector_weight: how much the sentence vector counts beside words and letters.
        neighbor_weight: how much the nearest training sentences count beside the regressions.
        sharpness: how far the labels' sums are spread, so that confidence is how often it is right.
        lost_share: the share of training sentences that are rather unlike the others.
        softness: over how large a difference in similarity the likeness falls.
        iterations: the most steps of training.
        matter_iterations: the most steps for the service matters, which are learned sooner.
        tolerance: where training ends earlier.
    """

    strength: float = 11.0
    vector_weight: float = 0.8
    neighbor_weight: float = 6.0
    sharpness: float = 2.0
    lost_share: float = 0.01
    softness: float = 0.06
    iterations: int = 200
    matter_iterations: int = 50
    tolerance: float = 2e-5


@dataclass(frozen=True)
class Head:
    """One regression: its labels, weights (features x labels) and bias."""

    labels: list[str]
    weights: Floats
    bias: Floats

    def sums(self, places: Indices, values: Floats, vector: Floats) -> Floats:
        """Return each label's sum for a text's words and letters, and its vector."""
        sums: Floats = self.bias + values @ self.weights[places]
        sums += vector @ self.weights[len(self.weights) - len(vector) :]
        return sums


def one_label_head(
    blocks: Sequence[Block], labels: Sequence[str], spread: Spread, how: Settings
) -> Head:
    """Return a head that tells the labels apart, of which each example has one.

    Args:
        blocks: the examples' words and letters, and last their vectors, evened out.
        labels: their labels.
        spread: what evened out the vectors.
        how: what can be tuned.
    """
    names, classes = np.unique(np.array(labels), return_inverse=True)
    weights, bias = fit_regression(
        _weighed(blocks, how),
        classes,
        strength=how.strength,
        iterations=how.iterations,
        tolerance=how.tolerance,
    )
    return _on_plain_vectors([str(name) for name in names], weights, bias, spread, how)


def each_label_head(
    blocks: Sequence[Block], labels: Sequence[str], has: Floats, spread: Spread, how: Settings
) -> Head:
    """Return a head that gives the log-odds of each label; an example may have none or several.

    Args:
        blocks: the examples' words and letters, and last their vectors, evened out.
        labels: the labels.
        has: examples x labels, 1 where the example has the label and else 0.
        spread: what evened out the vectors.
        how: what can be tuned.
    """
    weights, bias = fit_each_label(
        _weighed(blocks, how),
        has,
        strength=how.strength,
        iterations=how.matter_iterations,
        tolerance=how.tolerance,
    )
    return _on_plain_vectors(list(labels), weights, bias, spread, how)


def _weighed(blocks: Sequence[Block], how: Settings) -> list[Block]:
    *texts, even = blocks
    return [*texts, even * np.float32(how.vector_weight)]


def _on_plain_vectors(
    labels: list[str], weights: Floats, bias: Floats, spread: Spread, how: Settings
) -> Head:
    """Return the head that does on plain vectors what the weights do on weighted, evened ones."""
    end = len(weights) - spread.width
    dense, bias = spread.folded(weights[end:] * np.float32(how.vector_weight), bias)
    return Head(labels, np.vstack([weights[:end], dense]), bias)
