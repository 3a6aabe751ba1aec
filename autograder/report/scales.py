"""From numbers to places on paper: what an axis shows, its ticks, and what stays outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.model import Mark, Panel

__all__ = ["FEW", "Axis", "Box", "axes_of", "floats", "labelled", "told"]

Values = NDArray[np.float64]
MAPS = ("heat", "contour")
# A learner's curve may run this far out of the target's range, in ranges; then it leaves the panel.
ROOM = 0.8
EDGE = 0.04  # paper between the outermost point and the frame, in ranges
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
FEW = 6  # cells of a map in a row: each has its label


@dataclass(frozen=True)
class Axis:
    """What one axis shows: numbers from low to high; of a logarithmic one, their logarithms.

    low may lie above high: then numbers grow to the left, or downwards as a matrix's rows do.
    """

    low: float
    high: float
    logarithmic: bool = False

    def shares(self, values: Values) -> Values:
        """Return how far along the axis values lie, from 0 to 1; not a number where none can."""
        return (self._scaled(values) - self.low) / (self.high - self.low)

    def leaves_out(self, values: Values) -> bool:
        """Tell whether some value lies clearly outside."""
        along = self.shares(values)
        return bool(np.any((along < -0.02) | (along > 1.02)))

    def loses(self, values: Values) -> bool:
        """Tell whether some value has no place at all: no number, or nothing for a logarithm."""
        return bool(np.isnan(self._scaled(values)).any())

    def _scaled(self, values: Values) -> Values:
        return logarithms(values) if self.logarithmic else values

    def ticks(self, most: int = 5) -> list[float]:
        """Return round numbers on the axis, at most about so many."""
        if self.logarithmic and self.high - self.low >= 1:
            every = max(1, math.ceil((self.high - self.low) / most))
            powers = range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)
            return [10.0**power for power in powers if power % every == 0]
        low, high = min(self.low, self.high), max(self.low, self.high)
        if self.logarithmic:
            low, high = 10.0**low, 10.0**high
        rough = (high - low) / most
        unit = 10.0 ** math.floor(math.log10(rough))
        step = next(each * unit for each in STEPS if each * unit >= rough * 0.999)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [place * step for place in range(first, last + 1)]


@dataclass(frozen=True)
class Box:
    """Paper of that size, in pixels, that shows what two axes show."""

    width: float
    height: float
    across: Axis
    up: Axis

    def x(self, values: Values) -> Values:
        """Return how far from the left edge values lie, in pixels."""
        return self.across.shares(values) * self.width

    def y(self, values: Values) -> Values:
        """Return how far from the upper edge values lie, in pixels."""
        return (1 - self.up.shares(values)) * self.height


def axes_of(panel: Panel) -> tuple[Axis, Axis]:
    """Choose what a panel shows: target and data whole, the learner's as far as there is room."""
    if panel.frame:
        left, right, bottom, top = panel.frame
        return Axis(left, right), Axis(bottom, top)
    maps = [mark for mark in panel.marks if mark.kind in MAPS]
    fixed = maps or [mark for mark in panel.marks if mark.who != "learner"]
    free = [] if maps else [mark for mark in panel.marks if mark.who == "learner"]
    across = _axis([_across(m) for m in fixed], [_across(m) for m in free], False, bool(maps))
    values = [_up(m, panel) for m in fixed], [_up(m, panel) for m in free]
    up = _axis(*values, panel.logarithmic, bool(maps))
    if {mark.kind for mark in panel.marks} == {"bars"} and not panel.logarithmic:
        up = _standing(up, np.concatenate([*values[0], *values[1]]))
    return across, up


def _standing(up: Axis, heights: Values) -> Axis:
    """Let bars stand on the frame, and not float above it, where none goes below 0."""
    return up if np.any(heights < 0) else Axis(0.0, max(up.high, 1e-9))


def _axis(fixed: Sequence[Values], free: Sequence[Values], log: bool, tight: bool) -> Axis:
    inner, outer = _range(fixed, log), _range(free, log)
    low, high = inner or outer or (0.0, 1.0)
    if outer and inner:
        room = ROOM * ((high - low) or abs(high) or 1.0)
        low, high = max(min(low, outer[0]), low - room), min(max(high, outer[1]), high + room)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        half = 0.5 * (abs(high) or 1.0)
        low, high = low - half, high + half
    edge = 0.0 if tight else EDGE * (high - low)
    return Axis(low - edge, high + edge, log)


def _range(values: Sequence[Values], log: bool) -> tuple[float, float] | None:
    together = np.concatenate([np.zeros(0), *values])
    together = logarithms(together) if log else together
    together = together[np.isfinite(together)]
    return (float(together.min()), float(together.max())) if together.size else None


def _across(mark: Mark) -> Values:
    x = floats(mark.x)
    if mark.kind == "bars":
        return np.array([-0.55, len(x) - 0.45])
    return _to_edges(x) if mark.kind == "heat" else x


def _up(mark: Mark, panel: Panel) -> Values:
    y = floats(mark.y)
    if mark.kind == "heat":
        return _to_edges(y)
    if mark.kind == "band":
        return np.concatenate([y, floats(mark.z)])
    if mark.kind == "bars" and not panel.logarithmic:
        return np.append(y, 0.0)
    return y


def _to_edges(centres: Values) -> Values:
    """Return the outer edges of cells that have their centres there."""
    half = (centres[-1] - centres[0]) / (len(centres) - 1) / 2 if len(centres) > 1 else 0.5
    return np.array([centres[0] - half, centres[-1] + half])


def floats(values: Sequence[float | None]) -> Values:
    """Return numbers as an array, with a gap as not a number."""
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def logarithms(values: Values) -> Values:
    """Return decimal logarithms; not a number where there is none."""
    return np.log10(np.where(values > 0, values, np.nan))


def labelled(axis: Axis, marks: Sequence[Mark], *, across: bool) -> list[tuple[float, str]]:
    """Return the ticks of an axis with their labels: names of bars, cells of a small map."""
    named = next((mark for mark in marks if across and mark.names), None)
    if named is not None:
        return list(zip(floats(named.x).tolist(), named.names, strict=True))
    cells = next((mark for mark in marks if mark.kind == "heat"), None)
    places = (cells.x if across else cells.y) if cells else ()
    if 0 < len(places) <= FEW:
        return [(place, told(place)) for place in floats(places).tolist()]
    ticks = axis.ticks()
    counts = [
        floats(mark.x if across else mark.y) for mark in marks if across or mark.kind == "bars"
    ]
    if counts and all(np.all(each == np.round(each)) for each in counts):
        ticks = [tick for tick in ticks if abs(tick - round(tick)) < 1e-9]
    return [(tick, told(tick)) for tick in ticks]


def told(value: float) -> str:
    """Write a number as short as it can be read: 1e-05 as 1e-5, and a real minus."""
    text = f"{0.0 if abs(value) < 1e-300 else value:.4g}"
    mantissa, mark, power = text.partition("e")
    text = f"{mantissa}e{int(power)}" if mark else text
    return text.replace("-", "\u2212")
