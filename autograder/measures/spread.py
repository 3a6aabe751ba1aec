"""How the points of a class are spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Spread", "binned", "spread_of"]


@dataclass(frozen=True)
class Spread:
    """The points of a class in a few numbers; those of no points at all are 0."""

    count: int
    mean: float = 0.0
    quarter: float = 0.0
    median: float = 0.0
    three_quarters: float = 0.0


def spread_of(points: Sequence[float]) -> Spread:
    """Return the spread of points, one number for each learner.

    Quartiles lie between neighbours in proportion: definition 7 of Hyndman and Fan (1996), Sample
    quantiles in statistical packages, The American Statistician 50(4), 361-365.
    """
    if not len(points):
        return Spread(0)
    values = np.asarray(points, dtype=np.float64)
    return Spread(
        len(values), float(values.mean()), *np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    )


def binned(points: Sequence[float], possible: float, bins: int = 10) -> list[int]:
    """Count points in so many equal parts from 0 to what is possible.

    A part holds its lower end; the last one its upper end too, which is full marks. Points outside
    (of a total that has shrunk) count at the ends.
    """
    if possible <= 0:
        return [len(points), *([0] * (bins - 1))]
    places = np.floor(np.asarray(points, dtype=np.float64) / possible * bins + 1e-9)
    counts = np.bincount(np.clip(places, 0, bins - 1).astype(int), minlength=bins)
    return [int(count) for count in counts]
