"""Drawing the picture of a submission as SVG: the learner's work beside the target's."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from autograder.catalogue import Exercise
from autograder.messages import translate
from autograder.model import Mark, Panel, Plot, Result
from autograder.plugin.opening import own_texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["figure_of", "for_task", "plot_svg"]

# Told apart without colour vision too (Okabe and Ito, 2008), and by width and dash in print.
COLOURS = {
    "learner": ("#D55E00", "#E69F00", "#CC79A7", "#8C2D04"),
    "target": ("#0072B2", "#56B4E9", "#009E73", "#08519C"),
    "data": ("#222222", "#777777", "#BBBBBB", "#555555"),
}
LAYER = {"data": 3, "target": 1, "learner": 2}
MARKERS = ("o", "s", "^", "D")
INCHES = (3.7, 3.1)
MOST_COLUMNS = 3
# Text stays text, so that it is found, read aloud, and written in the reader's own fonts.
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gradeflow",
    "font.family": ["sans-serif"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "text.parse_math": False,  # a learner's name may hold a dollar sign
    "figure.facecolor": "white",
}


def plot_svg(result: Result, exercise: Exercise, language: str) -> str | None:
    """Draw a result's picture as an SVG element to stand in a page; None where it has none."""
    if result.plot is None or not any(panel.marks for panel in result.plot.panels):
        return None
    import matplotlib

    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        # The reader's own fonts will have the glyphs that this machine may not.
        warnings.filterwarnings("ignore", "Glyph")
        figure = figure_of(result.plot, exercise, language)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def for_task(result: Result, task: str) -> Result:
    """Return the result with the panels of one task, and those that belong to all."""
    if result.plot is None:
        return result
    panels = tuple(panel for panel in result.plot.panels if panel.task in ("", task))
    return msgspec.structs.replace(result, plot=Plot(panels))


def figure_of(plot: Plot, exercise: Exercise, language: str) -> Figure:
    """Draw a picture as a matplotlib figure, with the words of a language."""
    from matplotlib.figure import Figure

    own = own_texts(exercise, language)

    def say(key: str) -> str:
        return own("message", key) or key

    panels = [panel for panel in plot.panels if panel.marks]
    columns = min(len(panels), MOST_COLUMNS)
    rows = -(-len(panels) // columns)
    size = (INCHES[0] * columns, INCHES[1] * rows)
    figure = Figure(figsize=size, layout="constrained")
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(rows, columns, place + 1)
        _draw(axes, panel, language, say)
    return figure


def _draw(axes: Axes, panel: Panel, language: str, say: Any) -> None:
    axes.set_title(say(panel.title))
    axes.set_xlabel(say(panel.xlabel))
    axes.set_ylabel(say(panel.ylabel))
    if panel.logarithmic:
        axes.set_yscale("log")
    if panel.equal:
        axes.set_aspect("equal")
    barred = {mark.who for mark in panel.marks if mark.kind == "bars"}
    owners = [owner for owner in LAYER if owner in barred]
    for mark in panel.marks:
        label = say(mark.label) if mark.label else translate(f"picture.{mark.who}", language)
        _mark(axes, mark, label, owners)
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    if unique:
        axes.legend(unique.values(), unique.keys(), loc="best")


def _mark(axes: Axes, mark: Mark, label: str, owners: Sequence[str]) -> None:
    colour = COLOURS[mark.who][mark.group % 4]
    layer = LAYER[mark.who]
    x, y = _floats(mark.x), _floats(mark.y)
    match mark.kind:
        case "line":
            # The target is broad and pale, so that a learner's curve on it can be seen to fit.
            broad = mark.who == "target"
            width, alpha = (5.0, 0.45) if broad else (1.6, 1.0)
            axes.plot(x, y, color=colour, linewidth=width, alpha=alpha, label=label, zorder=layer)
        case "points":
            hollow = mark.who == "target"
            face = "none" if hollow else colour
            size = 60 if hollow else 26
            marker = MARKERS[mark.group % 4]
            axes.scatter(
                x, y, s=size, marker=marker, facecolors=face, edgecolors=colour, label=label,
                zorder=layer + 2,
            )  # fmt: skip
        case "bars":
            width = 0.8 / len(owners)
            shift = (owners.index(mark.who) - (len(owners) - 1) / 2) * width
            axes.bar(x + shift, y, width, color=colour, label=label, zorder=layer)
            axes.set_xticks(x, mark.names)
        case "band":
            axes.fill_between(x, y, _floats(mark.z), color=colour, alpha=0.2, lw=0, label=label)
        case "heat":
            _heat(axes, x, y, _floats(mark.z).reshape(len(y), len(x)), label if mark.label else "")


def _heat(axes: Axes, x: Any, y: Any, values: Any, label: str) -> None:
    mesh = axes.pcolormesh(x, y, values, cmap="cividis", shading="nearest", alpha=0.85, zorder=0)
    mesh.set_rasterized(True)
    figure = axes.get_figure()
    if figure is not None:
        figure.colorbar(mesh, ax=axes, label=label)


def _floats(values: Sequence[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
