"""Networks of dense layers, worked out in NumPy from weights: beside the program that trained them.

A layer is a pair (W, b) of shapes (d_in, d_out) and (d_out,). All layers but the last have the
activation; the last is linear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ACTIVATIONS",
    "Array",
    "Layers",
    "demand_chain",
    "form_of",
    "forward",
    "is_straight",
    "row_gradients",
    "sigmoid",
]

Array = NDArray[np.float64]
Layers = Sequence[tuple[Array, Array]]
_Curve = Callable[[Array], Array]


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), for any z without a warning."""
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))


def _leaky(z: Array) -> Array:
    return np.asarray(np.where(z > 0, z, 0.01 * z))


def _slope_of_tanh(z: Array) -> Array:
    return np.asarray(1 - np.tanh(z) ** 2)


def _slope_of_sigmoid(z: Array) -> Array:
    return np.asarray(sigmoid(z) * (1 - sigmoid(z)))


# By name: the curve and its slope, both at z.
ACTIVATIONS: dict[str, tuple[_Curve, _Curve]] = {
    "none": (lambda z: z, lambda z: np.ones_like(z)),
    "tanh": (lambda z: np.asarray(np.tanh(z)), _slope_of_tanh),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: np.asarray((z > 0) * 1.0)),
    "sigmoid": (sigmoid, _slope_of_sigmoid),
    "leaky_relu": (_leaky, lambda z: np.where(z > 0, 1.0, 0.01)),
}


def demand_chain(layers: Layers, width: int) -> None:
    """Demand that layers fit rows of ``width`` entries and each other, before any arithmetic.

    They are a learner's word, and NumPy would stretch a column and a row of the wrong shape over
    each other: 25,000 numbers each become five gigabytes.

    Raises ValueError.
    """
    for w, b in layers:
        if w.ndim != 2 or w.shape[0] != width or b.shape != w.shape[1:]:
            raise ValueError(f"weights {w.shape} and bias {b.shape} do not follow {width} entries")
        width = w.shape[1]


def forward(layers: Layers, activation: str, x: Array) -> Array:
    """Return the outputs (n, k) of the last, linear layer for rows x (n, d).

    Raises ValueError where the layers' shapes do not follow each other.
    """
    curve, _ = ACTIVATIONS[activation]
    out = np.asarray(x, dtype=np.float64)
    demand_chain(layers, out.shape[1])
    for place, (w, b) in enumerate(layers):
        out = (curve(out) if place else out) @ w + b
    return out


def row_gradients(layers: Layers, activation: str, x: Array, slopes: Array) -> Array:
    """Return for each row the gradient of its own loss, all weights in one line.

    slopes: (n, k), the derivative of each row's loss with respect to its outputs.
    ->  (n, number of weights), in the order W, b of the first layer, W, b of the next …

    Raises ValueError where the layers' shapes do not follow each other.
    """
    demand_chain(layers, np.shape(x)[1])
    curve, slope = ACTIVATIONS[activation]
    inputs, sums = [np.asarray(x, dtype=np.float64)], []
    for w, b in layers:
        sums.append(inputs[-1] @ w + b)
        inputs.append(curve(sums[-1]))
    found: list[Array] = []
    delta = slopes
    for place in reversed(range(len(layers))):
        per_row = np.einsum("ni,nj->nij", inputs[place], delta).reshape(len(x), -1)
        found[:0] = [per_row, delta]
        if place:
            delta = (delta @ layers[place][0].T) * slope(sums[place - 1])
    return np.concatenate(found, axis=1)


def form_of(layers: Layers, x: Array, outputs: Array) -> tuple[str, bool]:
    """Find the activation with which the layers give these outputs, as logits or probabilities."""
    in_unit = bool(((outputs >= 0) & (outputs <= 1)).all())
    one_each = outputs.size == len(x) and layers and layers[-1][0].shape[1:] == (1,)
    try:
        demand_chain(layers, x.shape[1])
    except ValueError:
        return "", in_unit
    if not one_each:
        return "", in_unit
    # Weights may lie where curves agree; so ``none`` comes last, a reproach that must be proved.
    for activation in sorted(ACTIVATIONS, key=lambda name: name == "none"):
        z = forward(layers, activation, x)[:, 0]
        for probability, wanted in ((False, z), (True, sigmoid(z))):
            if np.allclose(outputs.ravel(), wanted, rtol=1e-4, atol=1e-5):
                return activation, probability
    return "", in_unit


def is_straight(x: Array, outputs: Array) -> bool:
    """Tell whether outputs (n, 1), or their logits, are a linear function of rows x (n, d)."""
    values = outputs.reshape(len(x), -1)[:, 0]
    inputs = np.c_[x, np.ones(len(x))]
    return any(
        len(z) > 2 * inputs.shape[1] and _fits(rows, z)
        for z, rows in ((values, inputs), _logits(values, inputs))
    )


def _logits(values: Array, inputs: Array) -> tuple[Array, Array]:
    # Near 0 and 1 float32 has lost the logit.
    known = (values > 1e-3) & (values < 1 - 1e-3)
    return np.log(values[known] / (1 - values[known])), inputs[known]


def _fits(rows: Array, z: Array) -> bool:
    gap = z - rows @ np.linalg.lstsq(rows, z, rcond=None)[0]
    return bool(np.abs(gap).max() <= 1e-3 * np.abs(z - z.mean()).max() + 1e-6)
