"""What may stand in for a learner's function: the same mathematics, and nothing to copy.

A release holds this file, so it must not hold a solution. Every derivative is taken by a complex
step, f'(x) = Im f(x + ih) / h, which is exact to the last digit and needs no formula of a slope:
it moves one number at a time and runs the network again. That is what backpropagation is there to
save; it is slow on purpose. What is left are the formulas that the tasks state themselves.

Shapes are the course's: ``X (n, d)``, ``W (d_in, d_out)``, ``b (d_out,)``, rows are samples.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["STAND_INS", "towards_inputs"]

Array: TypeAlias = NDArray[Any]
STEP = 1e-30  # i times this is lost in no rounding: nothing is subtracted
TINY = 1e-12  # the course clips probabilities so
MOST_AT_ONCE = 2_000_000  # numbers of one array, while many networks are run side by side

CURVES: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2,
    "tanh": np.tanh,
    "relu": lambda z: np.where(np.real(z) > 0, z, 0),
    "linear": lambda z: z,
}


def _slope(name: str, z: Array) -> Array:
    return np.asarray(np.imag(CURVES[name](np.asarray(z) + 1j * STEP)) / STEP)


# ---- losses -----------------------------------------------------------------------------------


def _size(e: Array) -> Array:
    return np.asarray(e * np.sign(np.real(e)))


def _surprise(y: Array, p: Array) -> Array:
    held = np.clip(np.real(p), TINY, 1 - TINY) + 1j * np.imag(p)
    return np.asarray(-y * np.log(held) - (1 - y) * np.log(1 - held))


OF_ONE: dict[str, Callable[[Array, Array], Array]] = {
    "l1": lambda y, p: _size(p - y),
    "l2": lambda y, p: (p - y) * (p - y) / 2,
    "mse": lambda y, p: (p - y) * (p - y),
    "bce": _surprise,
}


def _loss(name: str, y: Array, p: Array) -> float:
    if name == "rmse":
        return float(np.sqrt(_loss("mse", y, p)))
    return float(np.real(OF_ONE[name](y, p)).sum() / len(y))


def _loss_slope(name: str, y: Array, p: Array) -> Array:
    if name == "rmse":
        root = _loss("rmse", y, p)
        return np.zeros_like(p) if root == 0 else _loss_slope("mse", y, p) / (2 * root)
    return np.asarray(np.imag(OF_ONE[name](y, p + 1j * STEP)) / (STEP * len(y)))


# ---- the network ------------------------------------------------------------------------------


def _mlp(X: Array, pairs: list[tuple[Array, Array]], curves: list[Any]) -> tuple[Array, list[Any]]:
    steps: list[Any] = []
    for (W, b), curve in zip(pairs, curves, strict=True):
        Z = np.einsum("ni,io->no", X, W) + b
        steps.append((Z, X := curve(Z)))
    return X, steps


def _network(X: Array, layers: list[dict[str, Any]]) -> tuple[Array, list[dict[str, Array]]]:
    pairs = [(layer["W"], layer["b"]) for layer in layers]
    out, steps = _mlp(X, pairs, [CURVES[layer["f"]] for layer in layers])
    inputs = [X, *(A for _, A in steps)]
    return out, [{"X": into, "Z": Z, "A": A} for into, (Z, A) in zip(inputs, steps, strict=False)]


def _by_moving(cache: list[Any], layers: list[dict[str, Any]], dout: Array) -> list[Any]:
    """Move every weight and bias in turn; the change of sum(out * dout) is its gradient."""
    found = []
    for at, layer in enumerate(layers):
        into = cache[at]["X"]
        each = np.concatenate([into.T, np.ones((1, len(into)))])  # what one weight's move adds to z
        columns = [
            _moved(each, unit, cache[at]["Z"], layers[at:], dout)
            for unit in range(layer["W"].shape[1])
        ]
        table = np.stack(columns, axis=1)
        found.append({"W": table[:-1], "b": table[-1]})
    return found


def _moved(each: Array, unit: int, Z: Array, layers: list[Any], dout: Array) -> Array:
    """Return the gradients of all that goes into one unit: one network for each row of each."""
    size = max(1, MOST_AT_ONCE // max(1, Z.size))
    parts = []
    for start in range(0, len(each), size):
        moves = each[start : start + size]
        stack = np.repeat(Z[np.newaxis].astype(complex), len(moves), axis=0)
        stack[:, :, unit] += 1j * STEP * moves
        out = CURVES[layers[0]["f"]](stack)
        for layer in layers[1:]:
            out = CURVES[layer["f"]](out @ layer["W"] + layer["b"])
        parts.append(np.imag((out * dout).sum(axis=(1, 2))) / STEP)
    return np.concatenate(parts)


def towards_inputs(X: Array, layer: dict[str, Any], dout: Array) -> Array:
    """Return the gradient of sum(out * dout) in X: one column is moved for all samples at once."""
    curve = CURVES[layer["f"]]
    columns = []
    for column in range(X.shape[1]):
        moved = X.astype(complex)
        moved[:, column] += 1j * STEP
        out = curve(moved @ layer["W"] + layer["b"])
        columns.append(np.imag((out * dout).sum(axis=1)) / STEP)
    return np.stack(columns, axis=1)


# ---- a step, and what keeps weights small ------------------------------------------------------


def _updated(values: dict[str, Any], moves: dict[str, Any], rate: float) -> dict[str, Any]:
    names = list(values)
    return dict(zip(names, (values[name] + -rate * moves[name] for name in names), strict=True))


def _dealt(n: int, size: int, rng: np.random.Generator) -> list[Array]:
    return np.split(rng.permutation(n), range(size, n, size))


def _penalized(loss: float, grads: Any, pairs: Any, strength: float, kind: str) -> Any:
    weigh = _size if kind == "l1" else np.square
    pulls = (np.imag(weigh(W + 1j * STEP)) / STEP for W, _ in pairs)
    new = [(dW + strength * pull, db) for (dW, db), pull in zip(grads, pulls, strict=True)]
    return loss + strength * sum(float(np.real(weigh(W)).sum()) for W, _ in pairs), new


def _thinned(X: Array, rate: float, rng: np.random.Generator, training: bool, mode: str) -> Any:
    del mode  # the page asks for "bernoulli" alone
    mask = (rng.random(X.shape) >= rate) * 1.0 if training else np.ones(X.shape)
    return (X * mask / (1 - rate) if training else X), mask


def _count(sizes: list[int]) -> int:
    return sum((into + 1) * out for into, out in pairwise(sizes))


STAND_INS: dict[str, Callable[..., Any]] = {
    **{name: CURVES[name] for name in ("sigmoid", "tanh", "relu")},
    **{f"d_{name}": partial(_slope, name) for name in ("sigmoid", "tanh", "relu")},
    **{name: partial(_loss, name) for name in ("l1", "l2", "mse", "rmse", "bce")},
    **{f"d_{name}": partial(_loss_slope, name) for name in ("l1", "l2", "mse", "rmse", "bce")},
    "mlp_forward": _mlp,
    "param_count": _count,
    "forward": _network,
    "backward": _by_moving,
    "batches": _dealt,
    "sgd_step": _updated,
    "add_penalty": _penalized,
    "dropout_forward": _thinned,
    "dropout_backward": lambda dout, mask, rate: dout * mask / (1 - rate),
}
"""By the names of the tasks, and called as they are."""
