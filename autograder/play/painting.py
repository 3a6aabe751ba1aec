"""Surfaces as a frame carries them: of each unit whole numbers from -127 to 127."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.play.points import grid, inputs
from autograder.play.setting import Setting

__all__ = ["painted", "painted_inputs"]

MOST = 127
RANGES = {"sigmoid": (0.5, 0.5), "tanh": (0.0, 1.0)}
Painted: TypeAlias = tuple[NDArray[np.int8], list[tuple[float, float]]]


def painted(surfaces: list[NDArray[Any]], layers: list[dict[str, Any]]) -> Painted:
    """Turn every layer's activations (n, units) into (all units, n), and say each unit's scale.

    The scale is the value in the middle, and how far from it the ends are. A linear output is to be
    near the targets, which are at most about 1; of other curves without ends the greatest value is.
    """
    rows, scales = [], []
    for values, layer in zip(surfaces, layers, strict=True):
        is_output = layer is layers[-1]
        middle, reach = RANGES.get(layer["f"], (0.0, 1.0 if is_output else 0.0))
        for column in np.nan_to_num(values.T):
            own = reach or max(float(np.abs(column).max()), 1e-9)
            rows.append(np.rint(np.clip((column - middle) / own, -1, 1) * MOST))
            scales.append((middle, own))
    return np.array(rows, dtype=np.int8), scales


def painted_inputs(setting: Setting) -> NDArray[np.int8]:
    """Paint what goes into the network: (features, n)."""
    values = inputs(grid(), setting.features)
    shares = np.clip(values.T / np.abs(values).max(axis=0)[:, np.newaxis], -1, 1)
    whole: NDArray[np.int8] = np.rint(shares * MOST).astype(np.int8)
    return whole
