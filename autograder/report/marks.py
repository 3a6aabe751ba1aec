"""Drawing each kind of mark into a panel; every picture of the course looks alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.model import Mark, Panel
from autograder.model.plots import Who
from autograder.report.scales import Axis, Values, floats, told
from autograder.report.svg import Drawing, image_address, points_of

__all__ = ["COLOURS", "Box", "colour_bar", "draw_mark", "in_layers", "swatch"]

# Told apart without colour vision too (Okabe and Ito, 2008), and by width and shape in print.
COLOURS = {
    "learner": ("#D55E00", "#E69F00", "#CC79A7", "#8C2D04"),
    "target": ("#0072B2", "#56B4E9", "#009E73", "#08519C"),
    "data": ("#222222", "#8a8a8a", "#BBBBBB", "#555555"),
}
LAYERS: tuple[Who, ...] = ("data", "target", "learner")
# From the best to the worst for a map: dark blue over grey to yellow, as light as far along.
MAP = np.array([(0, 34, 78), (63, 78, 110), (123, 123, 120), (187, 175, 113), (254, 232, 56)])
NO_NUMBER = (255, 255, 255)
RADIUS = {"learner": 3.2, "target": 5.2, "data": 2.8}
DENSITIES = np.linspace(0.02, 0.95, 10)  # of a map's points, below each of its contour's lines


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


def in_layers(panel: Panel) -> list[Mark]:
    """Return a panel's marks in the order in which they are painted: maps below, points above."""
    order = {"heat": 0, "band": 1, "contour": 2, "bars": 3, "line": 4, "points": 5}
    return sorted(panel.marks, key=lambda mark: (order[mark.kind], LAYERS.index(mark.who)))


def draw_mark(paper: Drawing, box: Box, mark: Mark, panel: Panel) -> None:
    """Draw one mark of a panel."""
    colour = COLOURS[mark.who][mark.group % 4]
    x, y = floats(mark.x), floats(mark.y)
    match mark.kind:
        case "line":
            _curve(paper, box.x(x), box.y(y), mark.who, colour)
        case "points":
            for across, up in zip(box.x(x).tolist(), box.y(y).tolist(), strict=True):
                if across == across and up == up:
                    _dot(paper, across, up, mark.who, mark.group, colour)
        case "bars":
            _bars(paper, box, mark, panel, colour)
        case "band":
            places = np.concatenate([box.x(x), box.x(x)[::-1]])
            edges = np.concatenate([box.y(y), box.y(floats(mark.z))[::-1]])
            known = ~np.isnan(edges)
            outline = " ".join(points_of(places[known], edges[known]))
            paper.add("polygon", points=outline, fill=colour, fill_opacity=0.2)
        case "heat":
            _heat(paper, box, mark)
        case "contour":
            stroke = "#c4c4c4" if mark.who == "data" else colour
            path = "".join(_contour(box, mark))
            width = _width(mark.who, thin=0.8)
            paper.add("path", d=path, stroke=stroke, stroke_width=width, stroke_linecap="round")


def _width(who: Who, thin: float = 1.6) -> float:
    return {"target": 5.0, "learner": 1.8}.get(who, thin)


def _curve(paper: Drawing, x: Values, y: Values, who: Who, colour: str) -> None:
    # The target is broad and pale, so that a learner's curve on it can be seen to fit.
    pale = 0.4 if who == "target" else None
    for piece in points_of(x, y):
        alone = f"{piece} {piece}" if " " not in piece else piece  # drawn as a dot
        paper.add(
            "polyline", points=alone, stroke=colour, stroke_width=_width(who),
            stroke_opacity=pale, stroke_linejoin="round", stroke_linecap="round",
        )  # fmt: skip


def _dot(paper: Drawing, x: float, y: float, who: Who, group: int, colour: str) -> None:
    r = RADIUS[who]
    hollow = who == "target"
    look: dict[str, object] = {"stroke": colour, "stroke_width": 1.6 if hollow else 0.8}
    fill = "none" if hollow else colour
    if group % 4 == 0:
        paper.add("circle", cx=x, cy=y, r=r, fill=fill, **look)
        return
    corners: dict[int, list[tuple[float, float]]] = {
        1: [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        2: [(0, -1.2), (1.1, 0.9), (-1.1, 0.9)],
    }
    shape = corners.get(group % 4, [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    outline = " ".join(f"{x + a * r:.1f},{y + b * r:.1f}" for a, b in shape)
    paper.add("polygon", points=outline, fill=fill, **look)


def _bars(paper: Drawing, box: Box, mark: Mark, panel: Panel, colour: str) -> None:
    kinds = {(m.who, m.group) for m in panel.marks if m.kind == "bars"}
    beside = sorted(kinds, key=lambda each: (each[0] == "learner", each[0] == "data", each[1]))
    width = 0.8 / len(beside)
    left = floats(mark.x) + (beside.index((mark.who, mark.group)) - len(beside) / 2) * width
    ground = box.height if panel.logarithmic else float(box.y(np.zeros(1))[0])
    for start, end, top in zip(
        box.x(left).tolist(), box.x(left + width).tolist(), box.y(floats(mark.y)).tolist(),
        strict=True,
    ):  # fmt: skip
        if top == top and top != ground:
            top = min(max(top, -box.height), 2 * box.height)
            paper.add(
                "rect", x=start, y=min(top, ground), width=end - start,
                height=max(abs(ground - top), 0.8), fill=colour, fill_opacity=0.9,
            )  # fmt: skip


# ---- maps ----


def _heat(paper: Drawing, box: Box, mark: Mark) -> None:
    x, y = floats(mark.x), floats(mark.y)
    grid = floats(mark.z).reshape(len(y), len(x))
    steps = [(v[-1] - v[0]) / (len(v) - 1) / 2 if len(v) > 1 else 0.5 for v in (x, y)]
    left, right = box.x(np.array([x[0] - steps[0], x[-1] + steps[0]])).tolist()
    bottom, top = box.y(np.array([y[0] - steps[1], y[-1] + steps[1]])).tolist()
    paper.add(
        "image", x=left, y=top, width=right - left, height=bottom - top,
        preserveAspectRatio="none", image_rendering="pixelated", href=image_address(
            _colours(grid, *ends_of(mark))[::-1]
        ),
    )  # fmt: skip


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


def _contour(box: Box, mark: Mark) -> list[str]:
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


def swatch(paper: Drawing, x: float, y: float, mark: Mark) -> None:
    """Draw a sample of a mark for a legend, 20 pixels wide, around the height y."""
    colour = COLOURS[mark.who][mark.group % 4]
    if mark.kind == "points":
        _dot(paper, x + 10, y, mark.who, mark.group, colour)
    elif mark.kind in ("bars", "band"):
        paper.add(
            "rect", x=x + 4, y=y - 5, width=12, height=10, fill=colour,
            fill_opacity=0.9 if mark.kind == "bars" else 0.2,
        )  # fmt: skip
    else:
        _curve(paper, np.array([x + 1, x + 19]), np.array([y, y]), mark.who, colour)
