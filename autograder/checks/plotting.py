"""What an author's ``plot.py`` calls: from a program's answers to a picture as data.

::

    def plot(student, reference):
        z = np.linspace(-6, 6, 61)
        return picture(panel(
            line("target", z, reference.sigmoid(z)),
            line("learner", z, tried(student.sigmoid, z)),
            title="sigmoid", xlabel="z", ylabel="a", task="sigmoid",
        ))

What a learner's program fails to give is left out: in place of a mark comes the reason, which the
panel then tells. So nothing here raises for what a learner's program returned, however strange.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.errors import CourseError
from autograder.model import Mark, Panel, Plot
from autograder.model.plots import Kind, Lack, Number, Who
from autograder.sandbox.proxy import CallFailed

__all__ = [
    "band",
    "bars",
    "contour",
    "heat",
    "lack",
    "line",
    "numbers",
    "panel",
    "picture",
    "points",
    "tried",
]

MOST_NUMBERS = 4000  # of one mark: more than a screen shows
MOST_NAME = 40
LARGEST = 1e30


def tried(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of the learner's and return its value, or None when the call fails."""
    try:
        return function(*args, **kwargs)
    except CallFailed:
        return None


def numbers(value: Any, *shape: int) -> NDArray[np.float64] | None:
    """Return a learner's value as an array of real numbers, or None where it is none.

    For arithmetic on what a learner returned. shape: what it must have; -1 stands for any size.
    """
    array = _numbers(value)
    if array is None or array.ndim != len(shape):
        return None
    fits = all(want in (-1, size) for want, size in zip(shape, array.shape, strict=True))
    return array if fits else None


def lack(value: Any) -> Lack:
    """Say why a value of the learner's that ``numbers`` refuses is not drawn, to a panel."""
    return "no_answer" if value is None else "other_form"


def line(who: Who, x: ArrayLike, y: Any, *, label: str = "", group: int = 0) -> Mark | Lack:
    """Return a curve: x and y have shape (points,); the reason where the learner's is none.

    group: tells several curves of one owner apart, from 0 to 3.
    """
    return _mark("line", who, x, y, label=label, group=group)


def points(who: Who, x: Any, y: Any, *, label: str = "", group: int = 0) -> Mark | Lack:
    """Return points: x and y have shape (points,)."""
    return _mark("points", who, x, y, label=label, group=group)


def bars(
    who: Who, names: Sequence[str], heights: Any, *, label: str = "", group: int = 0
) -> Mark | Lack:
    """Return bars, each with a name under it; bars of two owners stand side by side."""
    told = tuple(str(name)[:MOST_NAME] for name in names)
    return _mark("bars", who, np.arange(len(told)), heights, names=told, label=label, group=group)


def heat(
    who: Who,
    columns: ArrayLike,
    rows: ArrayLike,
    values: Any,
    *,
    label: str = "",
    names: Sequence[str] = (),
    ends: tuple[float, float] | tuple[()] = (),
) -> Mark | Lack:
    """Return a heat map: ``values`` has shape (rows, columns); both are evenly spaced.

    label: what the colours mean. names: what stands under each column, in place of its number.
    ends: the values at the two ends of the colours, so that two heat maps can be compared.
    """
    told = tuple(str(name)[:MOST_NAME] for name in names)
    return _map("heat", who, columns, rows, values, label=label, names=told, levels=_floats(ends))


def contour(
    who: Who,
    columns: ArrayLike,
    rows: ArrayLike,
    values: Any,
    *,
    label: str = "",
    group: int = 0,
    levels: tuple[float, ...] = (),
) -> Mark | Lack:
    """Return lines of equal height: ``values`` has shape (rows, columns).

    levels: the heights of the lines; otherwise ten that lie close where there are many points.
    """
    return _map(
        "contour", who, columns, rows, values, label=label, group=group, levels=_floats(levels)
    )


def band(who: Who, x: ArrayLike, low: Any, high: Any, *, label: str = "") -> Mark | Lack:
    """Return the space between two curves, each of shape (points,)."""
    lower, upper = _mark("band", who, x, low, label=label), _mark("band", who, x, high)
    if not isinstance(lower, Mark):
        return lower
    if not isinstance(upper, Mark):
        return upper
    return Mark("band", who, lower.x, lower.y, z=upper.y, label=label)


def panel(
    *marks: Mark | Lack | None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    task: str = "",
    logarithmic: bool = False,
    equal: bool = False,
    frame: tuple[float, float, float, float] | tuple[()] = (),
) -> Panel:
    """Return one coordinate system with the marks that there are.

    marks: None is one that is not wanted here.
    frame: left, right, bottom and top of what is shown; otherwise what target and data need, with
    some room for a learner's curve.
    """
    there = tuple(mark for mark in marks if isinstance(mark, Mark))
    lacks = tuple(dict.fromkeys(mark for mark in marks if isinstance(mark, str)))
    return Panel(there, title, xlabel, ylabel, task, logarithmic, equal, _floats(frame), lacks)


def picture(*panels: Panel) -> Plot:
    """Return the picture of a submission, its panels from left to right."""
    return Plot(panels)


def _mark(kind: Kind, who: Who, x: Any, y: Any, **more: Any) -> Mark | Lack:
    places, heights = _numbers(x), _numbers(y)
    if places is None or heights is None or places.shape != heights.shape or heights.ndim != 1:
        return _lack(who, (x, y), f"{kind}: x and y are not two columns of numbers")
    return Mark(kind, who, _tuple(places), _tuple(heights), **more)


def _map(
    kind: Kind, who: Who, columns: ArrayLike, rows: ArrayLike, values: Any, **more: Any
) -> Mark | Lack:
    grid = _numbers(values)
    shape = (np.size(rows), np.size(columns))
    if grid is None or grid.shape != shape:
        return _lack(who, (values,), f"{kind}: a map of {shape} has values of another shape")
    x, y = _tuple(np.ravel(columns)), _tuple(np.ravel(rows))
    return Mark(kind, who, x, y, z=_tuple(grid), **more)


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)  # JSON knows no numbers of NumPy


def _lack(who: Who, values: Sequence[Any], why: str) -> Lack:
    if who != "learner":
        raise CourseError(f"plot.py: {why}")
    return lack(None if any(value is None for value in values) else values)


def _numbers(values: Any) -> NDArray[np.float64] | None:
    """Return real numbers as an array, where they are some: a learner's may be anything."""
    try:
        array = np.asarray(values)
    except (TypeError, ValueError):
        return None
    if array.dtype.kind not in "biuf" or not 0 < array.size <= MOST_NUMBERS:
        return None
    array = array.astype(np.float64)
    # JSON has no infinity, and an axis has no room for one: a gap is drawn.
    return np.where(np.abs(array) < LARGEST, array, np.nan)


def _tuple(values: NDArray[np.float64]) -> tuple[Number, ...]:
    # Six digits: a picture's pixels are coarser, and results are kept for years.
    plain = (float(f"{value:.6g}") for value in np.ravel(values))
    return tuple(None if math.isnan(value) else value for value in plain)
