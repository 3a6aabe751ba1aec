"""The data sets of the page, and the inputs that are made of a point's two coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.play.setting import Setting

__all__ = ["GRID", "REACH", "Points", "grid", "inputs", "points"]

Array: TypeAlias = NDArray[np.floating[Any]]
Generator: TypeAlias = np.random.Generator
REACH = 3.0
"""Coordinates run from -REACH to REACH."""
GRID = 50
"""Places of a surface, each way."""
COUNT = 240


@dataclass(frozen=True)
class Points:
    """Places (n, 2), targets (n, 1): 0 or 1, or numbers about -1 to 1; the first `train` train."""

    places: Array
    targets: Array
    train: int


def points(setting: Setting) -> Points:
    """Draw a data set, shuffled, from the set-up's seed: the same points whatever the share."""
    rng = np.random.default_rng([setting.seed, 16])
    places, targets = _MAKERS[setting.data](rng)
    spread = setting.noise / 100 * 0.35 * REACH
    moves = rng.normal(0.0, 1.0, places.shape) * spread
    if setting.kind == "classes":
        places = np.clip(places + moves, -REACH, REACH)
    else:
        targets = targets + moves[:, 0] / 2
    order = rng.permutation(len(places))
    train = round(len(places) * setting.share / 100)
    return Points(places[order], targets[order, np.newaxis], train)


def inputs(places: Array, features: tuple[str, ...]) -> Array:
    """Make the network's inputs of places: (n, 2) to (n, number of features)."""
    x, y = places[:, 0], places[:, 1]
    made = {
        "x": x, "y": y, "xx": x * x / REACH, "yy": y * y / REACH, "xy": x * y / REACH,
        "sinx": np.sin(np.pi * x / REACH * 1.5), "siny": np.sin(np.pi * y / REACH * 1.5),
    }  # fmt: skip
    return np.stack([made[name] for name in features], axis=1)


def grid() -> Array:
    """Return the places of a surface, row by row from the upper left: (GRID * GRID, 2)."""
    along = (np.arange(GRID) + 0.5) / GRID * 2 * REACH - REACH
    x, y = np.meshgrid(along, -along)
    return np.stack([x.ravel(), y.ravel()], axis=1)


# ---- classes ----------------------------------------------------------------------------------


def _xor(rng: Generator) -> tuple[Array, Array]:
    gap = 0.1 * REACH
    free = rng.uniform(-1, 1, (COUNT, 2)) * (0.95 * REACH - gap)
    places = free + gap * np.sign(free)
    return places, (places[:, 0] * places[:, 1] < 0) * 1.0


def _circles(rng: Generator) -> tuple[Array, Array]:
    inside = np.arange(COUNT) % 2 == 1
    radius = np.where(inside, rng.uniform(0, 0.45, COUNT), rng.uniform(0.65, 0.95, COUNT)) * REACH
    return _round(radius, rng.uniform(0, 2 * np.pi, COUNT)), inside * 1.0


def _moons(rng: Generator) -> tuple[Array, Array]:
    upper = np.arange(COUNT) % 2 == 1
    angle = rng.uniform(0, np.pi, COUNT)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25
    return np.stack([x, y], axis=1) * 0.55 * REACH, upper * 1.0


def _spirals(rng: Generator) -> tuple[Array, Array]:
    one = np.arange(COUNT) % 2 == 1
    way = np.sqrt(rng.uniform(0.01, 1, COUNT))
    angle = way * 1.6 * 2 * np.pi + np.where(one, np.pi, 0.0)
    return _round(way * 0.95 * REACH, angle), one * 1.0


def _gaussians(rng: Generator) -> tuple[Array, Array]:
    one = np.arange(COUNT) % 2 == 1
    middle = np.where(one, 0.45, -0.45)[:, np.newaxis] * REACH
    return np.clip(middle + rng.normal(0, 0.16 * REACH, (COUNT, 2)), -REACH, REACH), one * 1.0


def _round(radius: Array, angle: Array) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


# ---- numbers ----------------------------------------------------------------------------------


def _plane(rng: Generator) -> tuple[Array, Array]:
    places = rng.uniform(-0.95 * REACH, 0.95 * REACH, (COUNT, 2))
    return places, (places[:, 0] + places[:, 1]) / (2 * REACH)


def _curve(rng: Generator) -> tuple[Array, Array]:
    places = rng.uniform(-0.95 * REACH, 0.95 * REACH, (COUNT, 2))
    height = np.sin(np.pi * places[:, 0] / REACH) * np.cos(np.pi * places[:, 1] / (2 * REACH))
    return places, height


_MAKERS: dict[str, Callable[[Generator], tuple[Array, Array]]] = {
    "xor": _xor, "circles": _circles, "moons": _moons, "spirals": _spirals,
    "gaussians": _gaussians, "plane": _plane, "curve": _curve,
}  # fmt: skip
