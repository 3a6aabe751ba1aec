"""What there is to choose on the page, and a small picture of each data set."""

from __future__ import annotations

from functools import cache
from typing import Any

from autograder.play import setting as known
from autograder.play.frames import plain
from autograder.play.points import REACH, points
from autograder.play.setting import Setting

__all__ = ["options"]

MOST_IN_PICTURE = 90


@cache
def options() -> dict[str, Any]:
    """Return every choice, the usual set-up, and of each data set some points."""
    return {
        "data": known.DATA,
        "numbers": known.NUMBERS,
        "activations": known.ACTIVATIONS,
        "losses": known.LOSSES,
        "rates": known.RATES,
        "strengths": known.STRENGTHS,
        "batches": known.BATCHES,
        "most_layers": known.MOST_LAYERS,
        "most_units": known.MOST_UNITS,
        "usual": Setting().as_data(),
        "samples": {name: _sample(name) for name in known.DATA},
    }


def _sample(name: str) -> dict[str, Any]:
    setting = Setting(data=name, noise=0)
    drawn = points(setting)
    targets = drawn.targets[:MOST_IN_PICTURE, 0]
    values = 2 * targets - 1 if setting.kind == "classes" else targets
    places = drawn.places[:MOST_IN_PICTURE]
    return {"places": plain(places), "values": plain(values), "reach": REACH}
