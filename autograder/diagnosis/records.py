"""Fresh lists of plain values, as tables have them: what belongs together stays together.

The rows of a table trade their places, equal numbers stay equal, what is looked for in a table is
something that stands there, and numbers among which a place is looked for stay sorted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["Listed"]

MANY = 20_000  # more are slow to ask again


class Listed:
    """The lists of a call, and what becomes of each of its values.

    Of the numbers only whole ones change, and not where all are 0 and 1, which say yes and no. They
    keep their order and their signs.
    """

    def __init__(self, given: Sequence[Any], rng: np.random.Generator) -> None:
        self._rng = rng
        # With a number beside it, sorted numbers are such as it is looked for in.
        self._search = any(type(each) is int for each in given)
        columns = [column for each in given for column in self._columns_of(each)]
        self._longest = max(
            (len(each) for each in given if isinstance(each, list | tuple)), default=-1
        )
        self._columns = [column for column in columns if len(column) <= MANY]
        self._new = self._drawn()

    def other(self, value: Any, otherwise: Callable[[Any, np.random.Generator], Any]) -> Any:
        """Return another value for one of the call's; otherwise: what makes one of all else."""
        if _is_table(value):
            rows = [type(row)(self._of(item) for item in row) for row in value]
            places = self._rng.permutation(len(rows))
            by = int((places == np.arange(len(rows))).all())
            return type(value)(rows[at] for at in np.roll(places, by))
        if self._search and _is_sorted(value):
            return type(value)(self._of(item) for item in value)
        if type(value) is int and 0 <= value <= self._longest:  # it may count, or be a place
            return min(otherwise(value, self._rng), self._longest)
        there = (column for column in self._columns if any(_same(value, each) for each in column))
        column = next(there, None) if _is_plain(value) else None
        if column is not None and self._rng.integers(2):  # half of what is looked for stands there
            return self._of(column[self._rng.integers(len(column))])
        return otherwise(value, self._rng)

    def _columns_of(self, value: Any) -> Iterator[list[Any]]:
        if _is_table(value):
            yield from map(list, zip(*value, strict=True))
        elif self._search and _is_sorted(value):
            yield list(value)

    def _of(self, value: Any) -> Any:
        return self._new.get(value, value) if type(value) is int else value

    def _drawn(self) -> dict[int, int]:
        numbers = {each for column in self._columns for each in column if type(each) is int}
        if numbers <= {0, 1}:
            return {}
        new = {0: 0}
        for sign in (1, -1):
            last = at = 0
            for size in sorted(sign * each for each in numbers if sign * each > 0):
                at += int(self._rng.integers(1, 2 * (size - last) + 1)) if size < 2**40 else size
                last, new[sign * size] = size, sign * at
        return new


def _is_table(value: Any) -> bool:
    """Tell a list of at least two rows, all of one length and of plain values."""
    return (
        isinstance(value, list | tuple)
        and len(value) > 1
        and all(type(row) is type(value[0]) for row in value)
        and isinstance(value[0], list | tuple)
        and len({len(row) for row in value}) == 1
        and all(_is_plain(item) for row in value for item in row)
    )


def _is_sorted(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) > 2
        and all(type(item) is int for item in value)
        and value[0] < value[-1]
        and all(one <= other for one, other in itertools.pairwise(value))
    )


def _is_plain(value: Any) -> bool:
    return type(value) in (int, float, str, bool)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
