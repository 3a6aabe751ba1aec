"""Drawing the picture of a submission as SVG: the learner's work beside the target's."""

from __future__ import annotations

import io
import warnings
from collections import Counter
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
LAYER = {"data": 1, "target": 2, "learner": 3}
MARKERS = ("o", "s", "^", "D")
# Of a panel; where there are many, they are smaller.
INCHES, SMALL_INCHES = (3.7, 3.1), (2.9, 2.5)
COLUMNS, SMALL_COLUMNS, MANY = 3, 4, 9
# A learner's curve may run this far out of the target's range, in ranges; then it leaves the panel.
ROOM = 0.8
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

    texts = own_texts(exercise, language)

    def say(key: str) -> str:
        return texts("message", key) or key

    panels = [panel for panel in plot.panels if panel.marks]
    many = len(panels) > MANY
    columns = min(len(panels), SMALL_COLUMNS if many else COLUMNS)
    rows = -(-len(panels) // columns)
    width, height = SMALL_INCHES if many else INCHES
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    common = _common(panels)
    shared: dict[str, Any] = {}
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(rows, columns, place + 1)
        handles = _draw(axes, panel, language, say)
        own = {say(mark.label) for mark in panel.marks if mark.label not in common}
        here = {label: handle for label, handle in handles.items() if label in own}
        shared = shared | {label: handles[label] for label in handles if label not in own}
        if here:
            axes.legend(here.values(), here.keys(), loc="best")
    if shared:
        # Once for all panels, where it covers no curve.
        ncols = min(len(shared), 2 * columns)
        figure.legend(shared.values(), shared.keys(), loc="outside lower center", ncols=ncols)
    return figure


def _common(panels: Sequence[Panel]) -> set[str]:
    """Return the labels that the whole figure's legend explains: whose it is, and repeated ones."""
    times = Counter(label for panel in panels for label in {mark.label for mark in panel.marks})
    return {"", *(label for label, count in times.items() if count > 1)}


def _draw(axes: Axes, panel: Panel, language: str, say: Any) -> dict[str, Any]:
    """Draw one panel, and return what a legend must explain."""
    axes.set_title(say(panel.title))
    axes.set_xlabel(say(panel.xlabel))
    axes.set_ylabel(say(panel.ylabel))
    if panel.logarithmic:
        axes.set_yscale("log")
    if panel.equal:
        axes.set_aspect("equal")
    barred = {mark.who for mark in panel.marks if mark.kind == "bars"}
    owners = [owner for owner in ("target", "learner", "data") if owner in barred]
    for mark in panel.marks:
        label = say(mark.label) if mark.label else translate(f"picture.{mark.who}", language)
        _mark(axes, mark, label, owners)
    _frame(axes, panel)
    handles, labels = axes.get_legend_handles_labels()
    return dict(zip(labels, handles, strict=True))


def _frame(axes: Axes, panel: Panel) -> None:
    """Keep the target in sight: a learner's curve that runs away must not flatten it."""
    if panel.frame:
        left, right, bottom, top = panel.frame
        axes.set(xlim=(left, right), ylim=(bottom, top))
        return
    maps = [mark for mark in panel.marks if mark.kind in ("heat", "contour")]
    fixed = maps or [mark for mark in panel.marks if mark.who != "learner"]
    if not fixed:
        return
    room = 0.0 if maps else ROOM
    across = np.concatenate([_floats(mark.x) for mark in fixed])
    up = np.concatenate([_floats(mark.y) for mark in fixed] + [_upper(mark) for mark in fixed])
    if maps:
        _limit(axes.get_xlim, axes.set_xlim, across, room, logarithmic=False)
    _limit(axes.get_ylim, axes.set_ylim, up, room, logarithmic=panel.logarithmic)


def _upper(mark: Mark) -> Any:
    return _floats(mark.z if mark.kind == "band" else ())


def _limit(get: Any, set_to: Any, values: Any, room: float, *, logarithmic: bool) -> None:
    low, high = get()
    if logarithmic:
        values, low, high = np.log10(values[values > 0]), np.log10(low), np.log10(high)
    values = values[np.isfinite(values)]
    if not values.size:
        return
    least, most = float(values.min()), float(values.max())
    more = room * ((most - least) or abs(most) or 1.0)
    ends = max(low, least - more), min(high, most + more)
    set_to(*(10.0**end for end in ends) if logarithmic else ends)


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
            _heat(axes, mark, label if mark.label else "")
        case "contour":
            grid = _floats(mark.z).reshape(len(y), len(x))
            # As many points between two lines everywhere: a narrow valley shows as a plain does.
            levels = np.unique(np.nanquantile(grid, np.linspace(0.02, 0.95, 10)))
            axes.contour(x, y, grid, levels=levels, colors="#BBBBBB", linewidths=0.8, zorder=0)


def _heat(axes: Axes, mark: Mark, label: str) -> None:
    x, y = _floats(mark.x), _floats(mark.y)
    grid = _floats(mark.z).reshape(len(y), len(x))
    low, high = mark.ends or (None, None)
    mesh = axes.pcolormesh(
        x, y, grid, cmap="cividis", shading="nearest", alpha=0.85, zorder=0, vmin=low, vmax=high
    )
    mesh.set_rasterized(True)
    figure = axes.get_figure()
    if figure is not None:
        figure.colorbar(mesh, ax=axes, label=label)


def _floats(values: Sequence[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
