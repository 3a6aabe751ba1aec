"""What a step of training was, told from the gradient that it left behind.

A missing ``zero_grad``, a loss with one sigmoid too many, labels of another shape or a wrong input
leave another one than the loss does.
"""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np

from autograder.checks.dense import Array, Layers, forward, row_gradients, sigmoid

__all__ = ["known_step", "slopes_of"]

# A gradient comes in float32.
CLOSE = 1e-2
TINY = 1e-6


def known_step(
    gradient: Array,
    earlier: Array | None,
    layers: Layers,
    activation: str,
    data: tuple[Array, Array],
) -> str | None:
    """Name the step that left a gradient, in one line; None for a gradient of no loss known here.

    earlier: the gradient at the step before. layers: before the step. data: x (n, d), y (n, 1) of
    the training.

    ``right``: of a known loss, for all rows or some; ``first_alone``: for the first row alone.
    ``double_sigmoid``, ``broadcast``, ``first_row``: of the loss with this mistake; ``adds_up``: of
    the loss and of all steps before.
    """
    candidates = _candidates(layers, activation, *data)
    for name, gradients in candidates.items():
        if _among(gradient, gradients):
            return name
    if earlier is not None and _among(gradient - earlier, candidates["right"]):
        return "adds_up"
    return None


def _candidates(layers: Layers, activation: str, x: Array, y: Array) -> dict[str, list[Array]]:
    """Return gradients by what would leave them behind."""

    def rows(inputs: Array, slopes: Array) -> Array:
        return row_gradients(layers, activation, inputs, slopes)

    z = forward(layers, activation, x)
    first = np.repeat(x[:1], len(x), axis=0)
    at_first = np.repeat(z[:1], len(x), axis=0)
    p = sigmoid(z)
    twice = (sigmoid(p) - y) * p * (1 - p)
    # Each output against each label, as broadcasting (n, 1) with (n,) does.
    everyone = np.full_like(y, y.mean())
    return {
        "right": [g for s in slopes_of(z, y) for g in _batches(rows(x, s), but=(0,))],
        "first_alone": [rows(x, s)[0] for s in slopes_of(z, y)],
        "double_sigmoid": _batches(rows(x, twice)),
        "broadcast": [g for s in slopes_of(z, everyone) for g in _whole(rows(x, s), len(x))],
        "first_row": [g for s in slopes_of(at_first, y) for g in _batches(rows(first, s))],
    }


def _among(gradient: Array, wanted: list[Array]) -> bool:
    gaps = (np.linalg.norm(gradient - each) - CLOSE * np.linalg.norm(each) for each in wanted)
    return any(gap <= TINY for gap in gaps)


def slopes_of(z: Array, y: Array) -> list[Array]:
    """Return the derivatives of the losses with respect to the logits: cross-entropy, squares."""
    p = sigmoid(z)
    return [p - y, 2 * (p - y) * p * (1 - p), 2 * (z - y)]


def _batches(rows: Array, but: tuple[int, ...] = ()) -> list[Array]:
    """Return the mean and the sum over every batch that rows can form, but one."""
    count = len(rows)
    chosen = chain.from_iterable(combinations(range(count), size) for size in range(count, 0, -1))
    picked = [rows[list(batch)] for batch in chosen if batch != but]
    return [g for batch in picked for g in (batch.mean(axis=0), batch.sum(axis=0))]


def _whole(rows: Array, count: int) -> list[Array]:
    total = rows.sum(axis=0)
    return [total / count, total, total * count]
