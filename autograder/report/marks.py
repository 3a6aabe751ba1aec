"""Drawing each kind of mark into a panel; every picture of the course looks alike."""

from __future__ import annotations

import numpy as np

from autograder.model import Mark, Panel
from autograder.model.plots import Who
from autograder.report.maps import contour_pieces, draw_heat
from autograder.report.scales import Box, Values, floats
from autograder.report.svg import Drawing, points_of

__all__ = ["COLOURS", "draw_mark", "in_layers", "swatch"]

# Told apart without colour vision too (Okabe and Ito, 2008), and by width and shape in print.
COLOURS = {
    "learner": ("#D55E00", "#E69F00", "#CC79A7", "#8C2D04"),
    "target": ("#0072B2", "#56B4E9", "#009E73", "#08519C"),
    "data": ("#222222", "#8a8a8a", "#BBBBBB", "#555555"),
}
LAYERS: tuple[Who, ...] = ("data", "target", "learner")
RADIUS = {"learner": 3.2, "target": 5.2, "data": 2.8}


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
            draw_heat(paper, box, mark)
        case "contour":
            stroke = "#c4c4c4" if mark.who == "data" else colour
            path = "".join(contour_pieces(box, mark))
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


def swatch(paper: Drawing, x: float, y: float, mark: Mark) -> None:
    """Draw a sample of a mark for a legend, less than 20 pixels wide, around the height y."""
    colour = COLOURS[mark.who][mark.group % 4]
    if mark.kind == "points":
        _dot(paper, x + 10, y, mark.who, mark.group, colour)
    elif mark.kind in ("bars", "band"):
        paper.add(
            "rect", x=x + 4, y=y - 5, width=12, height=10, fill=colour,
            fill_opacity=0.9 if mark.kind == "bars" else 0.2,
        )  # fmt: skip
    else:
        _curve(paper, np.array([x + 1, x + 17]), np.array([y, y]), mark.who, colour)
