"""How much memory a value holds, about: for whoever keeps what learners' programs returned."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["weight"]

EACH = 100  # bytes that Python needs for any value beside what it holds
SHAPES: dict[str, tuple[type, ...]] = {
    "array": (np.ndarray,),
    "text": (str, bytes),
    "mapping": (dict,),
    "items": (list, tuple, set, frozenset),
}


def weight(value: object) -> int:
    """Return about how many bytes a value of the wire, a call or an outcome takes.

    An array, or a call, that is held several times counts once.
    """
    total = 0
    seen: set[int] = set()
    waiting: list[Any] = [value]
    while waiting:
        each = waiting.pop()
        total += EACH
        shape, names = _shape_of(type(each))  # type: ignore[arg-type]  # a type can be hashed
        if shape == "atom":
            continue
        if shape in ("array", "record"):
            if id(each) in seen:
                continue
            seen.add(id(each))
        if shape == "array":
            total += each.nbytes
        elif shape == "text":
            total += len(each)
        elif shape == "mapping":
            waiting += each.keys()
            waiting += each.values()
        elif shape == "items":
            waiting += each
        else:
            waiting += [getattr(each, name) for name in names]
    return total


@lru_cache(maxsize=256)
def _shape_of(kind: type[object]) -> tuple[str, tuple[str, ...]]:
    """Tell what values of a type hold, and a dataclass's fields: found out once, not for each."""
    for shape, kinds in SHAPES.items():
        if issubclass(kind, kinds):
            return shape, ()
    if is_dataclass(kind):
        return "record", tuple(each.name for each in fields(kind))
    return "atom", ()
