"""Reading a learner's figures: not their pixels, but the curves that were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.evidence import Mismatch
from autograder.model import Evidence
from autograder.sandbox.proxy import Student, probe

__all__ = ["Axes", "Figure", "Line", "figures"]


@dataclass(frozen=True)
class Line:
    """A curve: x and y have shape (points,); ``label`` is empty where none was given."""

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True)
class Axes:
    """One coordinate system of a figure; ``legend`` holds the texts that are shown."""

    title: str
    xlabel: str
    ylabel: str
    lines: tuple[Line, ...]
    legend: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A figure with its coordinate systems, in the order in which they were made.

    legend: the texts of legends that stand in the figure itself.
    """

    axes: tuple[Axes, ...]
    legend: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All curves of the figure."""
        return tuple(line for axes in self.axes for line in axes.lines)


def figures(
    student: Student, function: str = "", *args: Any, shows: str = ""
) -> tuple[Figure, ...]:
    """Return the figures that a program has open, or those that one of its functions makes.

    function: is called with the arguments first. What it returns counts when it is a figure, axes,
    or a list of them; else the figures that it has opened.
    shows: key of the exercise's message that a learner reads in place of the call.

    A figure counts as it was when it was shown, cleared or closed, if it was, and else as it is.
    Curves come back as float64; one whose data are no numbers comes back empty.

    Raises CallFailed as a call of the function does, Mismatch when what came back is no figure.
    """
    told = probe(student, figures_drawn, shows=shows)(function, list(args))
    try:
        return tuple(_figure(*figure) for figure in told)
    except (TypeError, ValueError):
        # The probe runs beside the learner's code, which may have bent what it uses.
        raise Mismatch(Evidence("unusable"), told) from None


def _figure(axes: Any, legend: Any) -> Figure:
    if not all(isinstance(text, str) for text in legend):
        raise TypeError("a text of a figure is no text")
    return Figure(tuple(_axes(*fields) for fields in axes), tuple(legend))


def _axes(title: Any, xlabel: Any, ylabel: Any, lines: Any, legend: Any) -> Axes:
    texts = (title, xlabel, ylabel, *legend)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text of a figure is no text")
    return Axes(title, xlabel, ylabel, tuple(_line(*line) for line in lines), tuple(legend))


def _line(label: Any, x: Any, y: Any) -> Line:
    x, y = (np.asarray(values, dtype=np.float64) for values in (x, y))
    if not isinstance(label, str) or x.ndim != 1 or x.shape != y.shape:
        raise TypeError("a curve is not two columns of numbers")
    return Line(label, x, y)


def figures_drawn(module: Any, function: str, args: list[Any]) -> list[Any]:
    """Probe: the texts and curves of each figure."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np

    from autograder.sandbox.figures import TAKEN, opened

    def column(values: Any) -> Any:
        try:
            # Ticks that are words or dates have become numbers; masked points are NaN.
            return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
        except (TypeError, ValueError):
            return np.zeros(0)

    def told(axes: Any) -> list[Any]:
        lines = []
        for line in axes.get_lines():
            label = str(line.get_label())
            x, y = column(line.get_xdata()), column(line.get_ydata())
            usable = x.ndim == 1 and x.shape == y.shape
            shown = "" if label.startswith("_") else label
            lines.append([shown, x if usable else np.zeros(0), y if usable else np.zeros(0)])
        legend = axes.get_legend()
        texts = [text.get_text() for text in legend.get_texts()] if legend else []
        return [axes.get_title(), axes.get_xlabel(), axes.get_ylabel(), lines, texts]

    def found(value: Any) -> list[Any]:
        if hasattr(value, "get_axes") and hasattr(value, "savefig"):
            return [value]
        if hasattr(value, "get_lines") and hasattr(value, "figure"):
            return [value.figure]
        if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
            items = value.ravel() if hasattr(value, "ravel") else value
            return [figure for item in items for figure in found(item)]
        return []

    if not function:
        chosen = [*TAKEN, *opened()]
    else:
        before, known = opened(), list(TAKEN)
        try:
            # How many figures stand open is not this function's doing, and no warning of it.
            with mpl.rc_context({"figure.max_open_warning": 0}):
                # As at the start of a cell: plt.plot alone must not draw into what is open.
                plt.figure()
                value = getattr(module, function)(*args)
        finally:
            made = [*TAKEN, *opened()]
            made = [each for each in made if not any(each is old for old in (*before, *known))]
            for figure in made:
                plt.close(figure)
            TAKEN[:] = known
        # After plt.show() the current figure is a new one, and empty: it is not what was shown.
        returned = [figure for figure in found(value) if figure.get_axes()]
        chosen = returned or [figure for figure in made if figure.get_axes()] or found(value)
    unique = list(dict.fromkeys(chosen))
    return [
        [
            [told(axes) for axes in figure.get_axes()],
            [text.get_text() for legend in figure.legends for text in legend.get_texts()],
        ]
        for figure in unique
    ]
