"""A learner's gradient beside the numerical one, and where they part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["compared"]

Layers: TypeAlias = list[dict[str, Any]]
Array: TypeAlias = NDArray[Any]
H = 1e-5
FEWEST = 3  # entries of which one factor can be said
CLOSE = 1e-4  # of an array's greatest gradient; a central difference is far closer
NOISE = 1e-8  # what rounding makes of a difference, with room


def compared(
    layers: Layers, grads: Layers, loss: Callable[[Layers], float]
) -> list[dict[str, Any]]:
    """Compare gradients with central differences of the loss, array by array.

    loss: of a network with these layers. Returns for each layer and each of "W" and "b": both sizes
    (root mean squares), the place of the greatest difference with both values there, and whether
    they part. At a corner of relu the loss rises otherwise on the right than on the left; there no
    gradient between the two is called wrong.
    """
    found = []
    middle = loss(layers)
    measured = [
        {name: _differences(layers, at, name, loss, middle) for name in ("W", "b")}
        for at in range(len(layers))
    ]
    for at, both in enumerate(measured):
        for name, (central, corner) in both.items():
            told = grads[at][name]
            off = np.abs(told - central)
            near = CLOSE * np.abs(central).max() + NOISE + corner
            wrong = ~(off <= near)  # so that nan is wrong
            # Of what parts the farthest place; where nothing does, the farthest of all.
            weighed = np.where(wrong, np.nan_to_num(off, nan=1e9), off * 1e-9)
            place = np.unravel_index(np.argmax(weighed), off.shape)
            found.append(
                {
                    "layer": at + 1, "name": name, "parts": bool(wrong.any()),
                    "share": float(wrong.mean()), "at": [int(i) for i in place],
                    "told": float(told[place]), "numerical": float(central[place]),
                    "size": _size(told), "wanted": _size(central), "factor": _factor(told, central),
                }
            )  # fmt: skip
    return found


def _differences(
    layers: Layers, at: int, name: str, loss: Callable[[Layers], float], middle: float
) -> tuple[Array, Array]:
    """Return central differences in one array, and how far right and left are apart."""
    values = layers[at][name]
    central, corner = np.zeros(values.shape), np.zeros(values.shape)
    for place in np.ndindex(values.shape):
        ends = []
        for move in (H, -H):
            moved = values.copy()
            moved[place] += move
            changed = {**layers[at], name: moved}
            ends.append(loss([*layers[:at], changed, *layers[at + 1 :]]))
        central[place] = (ends[0] - ends[1]) / (2 * H)
        corner[place] = abs((ends[0] - middle) / H - (middle - ends[1]) / H)
    return central, corner


def _size(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _factor(told: Array, central: Array) -> float | None:
    """Return the one factor between both, where there is one and it is not 1."""
    clear = np.abs(central) > 1e-7
    if clear.sum() < FEWEST:
        return None
    shares = told[clear] / central[clear]
    factor = float(np.median(shares))
    same = np.allclose(shares, factor, rtol=1e-2) and abs(factor - 1) > 1e-2
    return factor if same and abs(factor) < 1e6 else None
