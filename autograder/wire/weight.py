"""How much memory a value holds, about: for whoever keeps what learners' programs returned."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

__all__ = ["weight"]

EACH = 100  # bytes that Python needs for any value beside what it holds


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
        if isinstance(each, np.ndarray) or is_dataclass(each):
            if id(each) in seen:
                continue
            seen.add(id(each))
        if isinstance(each, np.ndarray):
            total += each.nbytes
        elif isinstance(each, str | bytes):
            total += len(each)
        elif isinstance(each, dict):
            waiting += each.keys()
            waiting += each.values()
        elif isinstance(each, list | tuple | set | frozenset):
            waiting += each
        elif is_dataclass(each):
            waiting += [getattr(each, field.name) for field in fields(each)]
    return total
