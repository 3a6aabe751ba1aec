"""What a call did beside returning: arguments changed, warnings given."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping

import numpy as np

from autograder.sandbox.problems import text_of
from autograder.wire.protocol import Again, Code, Handle, Name, Seed, Tensor, TraceLine, Warned

__all__ = ["bases_of", "differs", "warnings_of"]

MOST_WARNINGS = 20


def differs(before: object, now: object) -> bool:
    """Tell whether an argument was modified; bits decide, so that NaN equals itself."""
    if now is before:  # an array, a list, a dict: the program has had a copy
        return False
    if isinstance(before, Tensor):
        before = before.array
    if isinstance(before, np.ndarray):
        return (
            not isinstance(now, np.ndarray)
            or before.shape != now.shape
            or before.dtype != now.dtype
            or before.tobytes() != now.tobytes()
        )
    if isinstance(before, list | tuple):
        return (
            not isinstance(now, list | tuple)
            or len(before) != len(now)
            or any(differs(a, b) for a, b in zip(before, now, strict=True))
        )
    if isinstance(before, dict):
        return (
            not isinstance(now, dict)
            or before.keys() != now.keys()
            or any(differs(before[key], now[key]) for key in before)
        )
    if isinstance(
        before, Name | Seed | Again | Code | Handle
    ):  # what stands for them cannot be compared
        return False
    return type(now) is not type(before) or now != before


def warnings_of(
    caught: list[warnings.WarningMessage], labels: Mapping[str, str]
) -> tuple[Warned, ...]:
    """Return each warning once, as often as it came.

    labels: by file, what the learner calls the parts of their program.
    """
    found = (
        Warned(
            w.category.__name__,
            _words(w.message)[:300],
            bases_of(w.category),
            TraceLine(labels[w.filename], w.lineno, "") if w.filename in labels else None,
        )
        for w in caught
    )
    unique = dict.fromkeys(found)  # a warning in a loop is one fact
    return tuple(itertools.islice(unique, MOST_WARNINGS))


def bases_of(kind: type[BaseException]) -> tuple[str, ...]:
    """Name what a kind of exception, or of warning, is besides: ValueError for one made of it."""
    roots = (kind, Exception, Warning, BaseException, object)
    return tuple(each.__name__ for each in kind.__mro__ if each not in roots)


def _words(message: Warning | str) -> str:
    return message if isinstance(message, str) else text_of(message)
