"""What comes back from a learner's function is looked at before it is used.

A wrong shape is told as such, with the function's name, and not as an exception three functions
later.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Unfit", "entry_of", "fitting", "pair_of"]


class Unfit(Exception):  # noqa: N818 - reads as what came back
    """A function returned what cannot be gone on with; the facts say which, what and how."""

    def __init__(self, function: str, what: str, got: str, wanted: str) -> None:
        self.facts = {"function": function, "what": what, "got": got, "wanted": wanted}
        super().__init__(function)


def fitting(function: str, what: str, value: object, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return a value as numbers of a shape; raise Unfit where it is none."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise Unfit(function, what, type(value).__name__, str(shape)) from None
    if array.shape != shape:
        raise Unfit(function, what, str(array.shape), str(shape))
    return array


def pair_of(function: str, value: object) -> tuple[Any, Any]:
    """Return the two things that a function is to return; raise Unfit where there are not two."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Unfit(function, "result", type(value).__name__, "(…, …)")
    return value[0], value[1]


def entry_of(function: str, grads: object, name: str) -> object:
    """Return what a dictionary holds under a name; raise Unfit where it is none."""
    if not isinstance(grads, dict) or name not in grads:
        raise Unfit(function, name, type(grads).__name__, f'{{"{name}": …}}')
    return grads[name]
