"""Figures as a person has seen them: taken when they are shown, cleared or closed.

On a screen ``plt.show()`` ends a figure: what is plotted next stands in another one. Without a
screen it would go on in the same one, and ``plt.clf()`` or ``plt.close()`` would take away what was
seen. So a figure that ends is kept aside, for whoever reads what a program has drawn.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from functools import wraps
from typing import Any

__all__ = ["TAKEN", "opened", "take_open", "watch"]

MOST = 60
TAKEN: list[Any] = []
"""Figures that have ended, in the order of their ends; of very many the first go."""
_watched: set[int] = set()
_clearing = False


def watch() -> None:
    """Watch matplotlib's figures from now on, where the program has imported it."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or id(pyplot) in _watched or not hasattr(pyplot, "show"):
        return  # not there, or still being imported
    _watched.add(id(pyplot))
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    shown = pyplot.show

    @wraps(shown)
    def show(*args: Any, **kwargs: Any) -> Any:
        value = shown(*args, **kwargs)
        take_open()
        return value

    pyplot.show = show
    for name in ("destroy", "destroy_fig", "destroy_all"):
        setattr(Gcf, name, staticmethod(_taking_before(getattr(Gcf, name))))
    kinds: tuple[Any, ...] = (Figure, Axes)
    for kind in kinds:
        # pyplot's clf and cla, and whoever calls a figure's or an axes' own method, come here.
        kind.clear = _copying_before(kind.clear)


def opened() -> list[Any]:
    """Return the figures that pyplot has open, in the order of their numbers."""
    helpers: Any = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return []
    managers = sorted(helpers.Gcf.figs.items())
    return [manager.canvas.figure for _, manager in managers]


def take_open() -> None:
    """Take every figure that is open: somebody has seen it."""
    helpers: Any = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return
    for figure in opened():
        _take(figure)
    helpers.Gcf.figs.clear()


def _take(figure: Any) -> None:
    if _drawn_in(figure) and not any(figure is each for each in TAKEN):
        TAKEN.append(figure)
        del TAKEN[:-MOST]


def _drawn_in(figure: Any) -> bool:
    return any(axes.has_data() for axes in figure.get_axes())


def _taking_before(closing: Any) -> Any:
    @wraps(closing)
    def close(*args: Any, **kwargs: Any) -> Any:
        before = opened()
        value = closing(*args, **kwargs)
        left = opened()
        for figure in before:
            if not any(figure is each for each in left):
                _take(figure)
        return value

    return close


def _copying_before(clearing: Any) -> Any:
    @wraps(clearing)
    def clear(self: Any, *args: Any, **kwargs: Any) -> Any:
        # A figure clears its axes one by one; it is the whole that was seen. And matplotlib clears
        # while it makes axes, too: then there is nothing to see yet.
        global _clearing
        if _clearing:
            return clearing(self, *args, **kwargs)
        with suppress(Exception):
            figure = self if hasattr(self, "savefig") else self.figure
            axes = [self] if figure is not self else figure.get_axes()
            managed = any(figure is each for each in opened())
            if managed and any(each.has_data() for each in axes):
                TAKEN.append(_copy(figure))
                del TAKEN[:-MOST]
        _clearing = True
        try:
            return clearing(self, *args, **kwargs)
        finally:
            _clearing = False

    return clear


def _copy(figure: Any) -> Any:
    """Copy a figure, without a place of its own among those that are open."""
    from matplotlib._pylab_helpers import Gcf

    before = dict(Gcf.figs)
    try:
        return pickle.loads(pickle.dumps(figure))  # noqa: S301 - just made of this process's own
    finally:
        Gcf.figs.clear()
        Gcf.figs.update(before)
