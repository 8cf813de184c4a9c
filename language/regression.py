"""Logistic regressions over sparse and dense features side by side.

One tells classes apart of which each example has one; another says of each label whether an
example has it.

scikit-learn's solver wants one matrix; a sentence vector laid into a sparse one takes several
times as long as the two kinds of features each multiplied in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Block = Any
"""Features of all examples: a sparse matrix (CSR) or an array."""


def _balanced(classes: NDArray[np.intp], count: int) -> Floats:
    """Return a weight for each example, so that every class weighs the same in sum."""
    sizes = np.bincount(classes, minlength=count)
    weights: Floats = (len(classes) / (count * sizes[classes])).astype(np.float32)
    return weights


def fit_regression(
    blocks: Sequence[Block],
    classes: NDArray[np.intp],
    *,
    strength: float,
    iterations: int,
    tolerance: float,
) -> tuple[Floats, Floats]:
    """Fit weights that tell the classes apart, with a squared penalty on their size.

    Args:
        blocks: the examples' features side by side, each block with one row an example.
        classes: each example's class, numbered from 0 without gaps.
        strength: C, the inverse of the penalty's weight.
        iterations: the most steps of the solver.
        tolerance: where the gradient's largest entry (a mean over the examples) ends it.

    Returns:
        The weights (features x classes) and the bias (classes).
    """
    rows, count = len(classes), int(classes.max()) + 1
    importance = _balanced(classes, count)
    everyone = np.arange(rows)

    def missed(sums: Floats) -> tuple[float, Floats]:
        sums -= sums.max(axis=1, keepdims=True)
        shares = np.exp(sums)
        totals = shares.sum(axis=1)
        loss = importance * (np.log(totals) - sums[everyone, classes])
        shares *= (importance / totals)[:, None]
        shares[everyone, classes] -= importance
        return float(loss.mean()), shares

    return _least_missed(blocks, rows, count, missed, strength, iterations, tolerance)


def fit_each_label(
    blocks: Sequence[Block],
    has: Floats,
    *,
    strength: float,
    iterations: int,
    tolerance: float,
) -> tuple[Floats, Floats]:
    """Fit weights that tell of each label whether an example has it: none, one or several.

    Args:
        blocks: the examples' features side by side, each block with one row an example.
        has: examples x labels, 1 where the example has the label and else 0.
        strength: C, the inverse of the penalty's weight.
        iterations: the most steps of the solver.
        tolerance: where the gradient's largest entry (a mean over the examples) ends it.

    Returns:
        The weights (features x labels) and the bias (labels).
    """
    rows, count = has.shape

    def missed(sums: Floats) -> tuple[float, Floats]:
        loss = np.logaddexp(0, sums) - has * sums
        return float(loss.sum()) / rows, 1 / (1 + np.exp(-sums)) - has

    return _least_missed(blocks, rows, count, missed, strength, iterations, tolerance)


def _least_missed(
    blocks: Sequence[Block],
    rows: int,
    count: int,
    missed: Callable[[Floats], tuple[float, Floats]],
    strength: float,
    iterations: int,
    tolerance: float,
) -> tuple[Floats, Floats]:
    """Return the weights and the bias for which `missed` and the penalty are least in sum.

    `missed` takes the examples' sums and gives their mean loss and each sum's slope.
    """
    edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
    transposed = [block.T.tocsr() if isinstance(block, csr_matrix) else block.T for block in blocks]
    penalty = 1 / (strength * rows)

    def loss(flat: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        table = flat.reshape(edges[-1] + 1, count).astype(np.float32)
        sums = np.repeat(table[-1:], rows, axis=0)
        for block, start, end in zip(blocks, edges, edges[1:], strict=False):
            sums += block @ table[start:end]
        mean, slopes = missed(sums)
        slopes = slopes / rows
        slope = np.empty_like(table)
        for turned, start, end in zip(transposed, edges, edges[1:], strict=False):
            slope[start:end] = turned @ slopes + penalty * table[start:end]
        slope[-1] = slopes.sum(axis=0)
        size = float((table[:-1] ** 2).sum())
        return mean + penalty / 2 * size, slope.ravel().astype(np.float64)

    found = minimize(
        loss,
        np.zeros((edges[-1] + 1) * count),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "gtol": tolerance, "ftol": 1e-7, "maxcor": 10},
    )
    table = found.x.reshape(edges[-1] + 1, count).astype(np.float32)
    return np.ascontiguousarray(table[:-1]), table[-1]
