"""Drawing maps: a height at each place of a grid, as colours or as lines of equal height."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.model import Mark
from autograder.report.scales import FEW, Box, Values, floats, told
from autograder.report.svg import Drawing, image_address, written_width

__all__ = ["colour_bar", "contour_pieces", "draw_heat"]

# From the best to the worst for a map: dark blue over grey to yellow, as light as far along.
MAP = np.array([(0, 34, 78), (63, 78, 110), (123, 123, 120), (187, 175, 113), (254, 232, 56)])
NO_NUMBER = (255, 255, 255)
DARK = 400  # of 765, the sum of red, green and blue
DENSITIES = np.linspace(0.02, 0.95, 10)  # of a map's points, below each of its contour's lines


def draw_heat(paper: Drawing, box: Box, mark: Mark) -> None:
    """Draw a heat map; in few cells the numbers too, which colours tell only roughly."""
    x, y = floats(mark.x), floats(mark.y)
    grid = floats(mark.z).reshape(len(y), len(x))
    steps = [(v[-1] - v[0]) / (len(v) - 1) / 2 if len(v) > 1 else 0.5 for v in (x, y)]
    left, right = box.x(np.array([x[0] - steps[0], x[-1] + steps[0]])).tolist()
    first, last = box.y(np.array([y[0] - steps[1], y[-1] + steps[1]])).tolist()
    colours = _colours(grid, *ends_of(mark))
    paper.add(
        "image", x=left, y=min(first, last), width=right - left, height=abs(first - last),
        preserveAspectRatio="none", image_rendering="pixelated",
        href=image_address(colours if first < last else colours[::-1]),
    )  # fmt: skip
    if max(grid.shape) <= FEW:
        places = np.stack(np.meshgrid(box.x(x), box.y(y)), axis=-1)
        _numbers(paper, places, (right - left) / len(x), mark, colours)


def _numbers(
    paper: Drawing, places: Values, width: float, mark: Mark, colours: NDArray[np.uint8]
) -> None:
    """Write each cell's number into it, as exactly as colours tell; white where it is dark."""
    low, high = ends_of(mark)
    digits = max(0, 1 - math.floor(math.log10(abs(high - low) or 1.0)))
    for place, value, colour in zip(
        places.reshape(-1, 2).tolist(), mark.z, colours.reshape(-1, 3).tolist(), strict=True
    ):
        words = "" if value is None else told(round(value, digits))
        if words and written_width(words, 10) < width:
            ink = "#ffffff" if sum(colour) < DARK else "#111111"
            paper.text(
                place[0], place[1] + 3.5, words, text_anchor="middle", fill=ink, font_size=10
            )


def ends_of(mark: Mark) -> tuple[float, float]:
    """Return the values at the two ends of a heat map's colours."""
    if len(mark.levels) == 2:
        return mark.levels[0], mark.levels[1]
    values = floats(mark.z)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)


def _colours(grid: Values, low: float, high: float) -> NDArray[np.uint8]:
    share = np.clip((grid - low) / ((high - low) or 1.0), 0, 1)
    along = np.linspace(0, 1, len(MAP))
    known = ~np.isnan(share)
    layers = [np.interp(np.where(known, share, 0), along, MAP[:, i]) for i in range(3)]
    colours = 0.85 * np.stack(layers, axis=-1) + 0.15 * 255
    colours[~known] = NO_NUMBER
    return colours.astype(np.uint8)


def colour_bar(paper: Drawing, x: float, height: float, mark: Mark) -> None:
    """Draw what a heat map's colours mean, beside it."""
    low, high = ends_of(mark)
    if low == high:
        return
    scale = _colours(np.linspace(high, low, 32)[:, None], low, high)
    paper.add(
        "image", x=x, y=0, width=8, height=height, preserveAspectRatio="none",
        href=image_address(scale),
    )  # fmt: skip
    for value, y in ((high, 9), (low, height)):
        paper.text(x + 11, y, told(value), font_size=9, fill="#555555")


def contour_pieces(box: Box, mark: Mark) -> list[str]:
    """Return the pieces of the lines of equal height, as a path; two triangles to each cell."""
    x, y = floats(mark.x), floats(mark.y)
    grid = floats(mark.z).reshape(len(y), len(x))
    known = grid[np.isfinite(grid)]
    # As many points between two lines everywhere: a narrow valley shows as a plain does.
    levels: Sequence[float] = mark.levels or (
        np.unique(np.quantile(known, DENSITIES)).tolist() if known.size else ()
    )
    across, up = np.meshgrid(box.x(x), box.y(y))
    nodes = np.stack([across, up, grid])
    a, b, c, d = nodes[:, :-1, :-1], nodes[:, :-1, 1:], nodes[:, 1:, 1:], nodes[:, 1:, :-1]
    sides = [np.stack(t, axis=1).reshape(3, 3, -1) for t in ((a, b, c), (a, c, d))]
    triangles = np.concatenate(sides, axis=2)
    return [piece for level in levels for piece in _cuts(triangles, level)]


def _cuts(triangles: Values, level: float) -> list[str]:
    """Cut triangles of shape (x y height, corner, number) at a height: one piece for each cut."""
    others = triangles[:, [1, 2, 0]]
    height, other = triangles[2] - level, others[2] - level
    crossed = (height < 0) != (other < 0)
    crossed &= np.isfinite(height) & np.isfinite(other)
    cut = crossed.sum(axis=0) == 2
    triangles, others, height, other = (
        triangles[:, :, cut], others[:, :, cut], height[:, cut], other[:, cut]
    )  # fmt: skip
    share = height / np.where(height == other, 1.0, height - other)
    places = triangles[:2] + share * (others[:2] - triangles[:2])
    ends = places.transpose(2, 1, 0)[crossed[:, cut].T].reshape(-1, 4)
    return [f"M{p:.1f} {q:.1f}L{r:.1f} {s:.1f}" for p, q, r, s in ends.tolist()]
