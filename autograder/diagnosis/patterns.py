"""Patterns that a wrong value shows by itself, without a variant that any author listed.

A pattern is a claim about a learner's program, so chance must be impossible: it needs several
distinct values that are clearly other than the wanted ones, and :func:`fits` asks for it again on
other answers of the same program. Where that is not to be had nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.compare import difference
from autograder.model import Diagnosis, Evidence

__all__ = ["PLAIN", "arrangement", "fits", "pattern"]

PLAIN = frozenset(
    {"returned_none", "none_on_a_path", "modified", "nan", "boolean"}
    | {"list_for_array", "tuple_for_array", "parts", "repeated", "text"}
)
"""What is seen, not guessed: one look is enough."""

FACTORS = {
    "ln 10": math.log(10),
    "1 / ln 10": 1 / math.log(10),
    "ln 2": math.log(2),
    "1 / ln 2": 1 / math.log(2),
}
LONGEST_AXIS_NAMED = 3
DISTINCT = 3  # values, at least, in what a pattern is read from
MOST_PARTS = 6  # of a container that are tried in another order
CLEARLY = 1e-3  # of the greatest value: by so much at least something moved


def pattern(evidence: Evidence, got: object, wanted: object) -> Diagnosis | None:
    """Find the pattern in a mismatch: transposed, a constant factor, another axis."""
    if evidence.kind == "none":
        return Diagnosis("returned_none")
    if evidence.kind == "modified":
        return Diagnosis("modified")
    if evidence.kind == "nan":
        return Diagnosis("nan")
    have, want = _numbers(got), _numbers(wanted)
    if want is not None and _is_text(got):
        return Diagnosis("text")
    if have is None or want is None:
        return None
    if evidence.kind == "type" and isinstance(got, list | tuple) and isinstance(wanted, np.ndarray):
        return Diagnosis(f"{type(got).__name__}_for_array")
    if have.dtype.kind == "b" and want.dtype.kind != "b":
        return Diagnosis("boolean")
    if _one_axis_more(have, want):
        return Diagnosis("reshaped")
    if not _telling(want) or (not _telling(have) and have.size > 1):
        return None
    return next(_patterns(have, want), None)


def arrangement(got: object, wanted: object) -> Diagnosis | None:
    """Find a container with the wanted parts in another order, or with the last one everywhere.

    ``return b, W`` for ``W, b``; one dict that was put into a list again and again, and changed.
    Parts that are single numbers say nothing: they may be wrong and look right. Nor does a tuple of
    two equal parts: nobody fills a tuple in a loop.
    """
    if isinstance(got, list | tuple) and isinstance(wanted, list | tuple):
        differing = (
            pair
            for pair in zip(got, wanted, strict=False)
            if len(got) == len(wanted) and difference(*pair) is not None
        )
        first = next(differing, None)  # the one that a message speaks of
        if first is None or all(isinstance(each, int | float | np.number) for each in wanted):
            return None
        if len(wanted) <= MOST_PARTS and _are_the_same_parts(list(got), list(wanted)):
            return Diagnosis("parts")
        if isinstance(got, list) and isinstance(wanted, list) and _is_all_the_last(got, wanted):
            return Diagnosis("repeated")
        return arrangement(*first)
    return None


def _are_the_same_parts(got: list[object], wanted: list[object]) -> bool:
    for want in wanted:
        at = next((i for i, have in enumerate(got) if difference(have, want) is None), None)
        if at is None:
            return False
        del got[at]
    return True


def _is_all_the_last(got: Sequence[object], wanted: Sequence[object]) -> bool:
    """Tell whether each part is the wanted last one, and that one is right: it holds an array."""
    last = got[-1]
    holds = list(last.values()) if isinstance(last, dict) else last
    arrays = holds if isinstance(holds, list | tuple) else [holds]
    return any(isinstance(each, np.ndarray) for each in arrays) and not any(
        difference(each, wanted[-1]) for each in got
    )


def fits(found: Diagnosis, got: object, wanted: object) -> bool | None:
    """Tell whether another answer shows a pattern too; None where it could not be seen there."""
    have, want = _numbers(got), _numbers(wanted)
    if have is None or want is None or _close(have, want):
        return None
    if found.name == "reshaped" and _one_axis_more(have, want):
        return True
    again = {each.name: each for each in _patterns(have, want)}
    if found.name not in again:
        return False if _telling(want) or found.name == "reshaped" else None
    factors = (found.facts.get("factor"), again[found.name].facts.get("factor"))
    if factors[0] != factors[1]:
        return False
    return True if _telling(want) else None


def _numbers(value: object) -> NDArray[Any] | None:
    if isinstance(value, str | bytes | dict):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "biuf" and array.size else None


def _is_text(value: object) -> bool:
    items = value if isinstance(value, list | tuple) else [value]
    return bool(items) and all(isinstance(each, str) for each in items)


def _close(have: NDArray[Any], want: NDArray[Any]) -> bool:
    return have.shape == want.shape and bool(np.allclose(have, want, rtol=1e-6, atol=1e-12))


def _one_axis_more(have: NDArray[Any], want: NDArray[Any]) -> bool:
    """Tell the right entries in their order, with an axis of length 1 too many or too few."""
    return have.shape != want.shape and _close(have.squeeze(), want.squeeze()) and want.ndim > 0


def _telling(values: NDArray[Any]) -> bool:
    """Tell whether there are enough distinct values to read a pattern from: no table of 0 and 1."""
    with np.errstate(all="ignore"):  # the greatest floats overflow while they are rounded
        distinct = np.unique(np.round(values[np.isfinite(values)].astype(float), 9))
    return int((distinct != 0).sum()) >= DISTINCT


def _patterns(have: NDArray[Any], want: NDArray[Any]) -> Iterator[Diagnosis]:
    """Yield each pattern that an answer shows, the plainest first."""
    have, want = _subtractable(have), _subtractable(want)
    with np.errstate(all="ignore"):
        if have.shape != want.shape:
            yield from _of_shape(have, want)
        elif not _close(have, want) and _moved(have, want):
            yield from _of_values(have, want)


def _subtractable(values: NDArray[Any]) -> NDArray[Any]:
    """Booleans do not subtract, and small or unsigned integers do so with a wrong result."""
    kind = values.dtype.kind
    return (
        values.astype(np.int64) if kind == "i" else values.astype(float) if kind in "bu" else values
    )


def _moved(have: NDArray[Any], want: NDArray[Any]) -> bool:
    """Tell whether values are clearly others: a formula's error of 1e-4 is no other order."""
    gap = np.abs(have.astype(float) - want)
    return bool(np.nanmax(gap) > CLEARLY * np.nanmax(np.abs(want)))


def _of_shape(have: NDArray[Any], want: NDArray[Any]) -> Iterator[Diagnosis]:
    if _close(have.T, want):
        yield Diagnosis("transposed")
    if have.size == want.size and _close(have.reshape(want.shape), want):
        yield Diagnosis("reshaped")
    if want.ndim > 1 and have.shape == want.shape[::-1]:
        yield Diagnosis("transposed_shape")
    if have.ndim == 2 and want.ndim == 1 and _is_table_of(have, want):
        yield Diagnosis("broadcast")
    if have.size == 1 and have.ndim == 0 and _reduced(have, want, None):
        yield Diagnosis("single_number")
    if 0 < have.ndim < want.ndim and any(_reduced(have, want, n) for n in range(want.ndim)):
        yield Diagnosis("axis_lost")


def _is_table_of(have: NDArray[Any], want: NDArray[Any]) -> bool:
    """Tell a column that met a row: the right values on the diagonal, and others beside it.

    A diagonal matrix with the right values is a table of derivatives, and no broadcast.
    """
    n = want.size
    if have.shape != (n, n) or n < DISTINCT or not _close(np.diagonal(have), want):
        return False
    return bool(np.count_nonzero(have) > 2 * n)


def _reduced(have: NDArray[Any], want: NDArray[Any], axis: int | None) -> bool:
    """Tell whether an answer is the right one summed, averaged or picked from along an axis."""
    kinds = [want.sum(axis=axis), want.mean(axis=axis), want.max(axis=axis), want.min(axis=axis)]
    if axis is not None:
        kinds += [want.take(0, axis=axis), want.take(-1, axis=axis)]
    return any(_close(have, np.asarray(kind)) for kind in kinds)


def _of_values(have: NDArray[Any], want: NDArray[Any]) -> Iterator[Diagnosis]:
    if have.ndim == 2 and have.shape[0] == have.shape[1] and _close(have.T, want):
        yield Diagnosis("transposed")
    if _close(-have.astype(float), want.astype(float)):
        yield Diagnosis("sign")
    if have.dtype.kind in "iu" and want.dtype.kind == "f" and _close(have, np.trunc(want)):
        yield Diagnosis("truncated")
    factor = _factor(have.astype(float), want.astype(float))
    if factor is not None:
        yield factor
    offset = have.astype(float) - want
    if np.isfinite(offset.flat[0]) and _close(offset, np.full(have.shape, offset.flat[0])):
        yield Diagnosis("offset")
    if _rows_moved(have, want):
        yield Diagnosis("order")
    yield from _of_axis(have, want)


def _factor(have: NDArray[Any], want: NDArray[Any]) -> Diagnosis | None:
    counts = (want != 0) & np.isfinite(want) & np.isfinite(have)
    if not counts.any():
        return None
    ratio = float(np.median(have[counts] / want[counts]))
    # Minus one is the wrong sign, which says more.
    if ratio in (0, -1) or not np.isfinite(ratio) or not _close(have, want * ratio):
        return None
    return Diagnosis("factor", facts={"factor": _name_factor(ratio, want.shape)})


def _name_factor(ratio: float, shape: tuple[int, ...]) -> str:
    """Write a factor as what it may come from: 2, 1/2, n of an axis, ln 10."""
    for name, value in FACTORS.items():
        if math.isclose(ratio, value, rel_tol=1e-6):
            return name
    for numerator in range(1, 11):
        for denominator in (*range(1, 11), *shape):
            if math.isclose(ratio, numerator / max(denominator, 1), rel_tol=1e-6):
                return str(numerator) if denominator == 1 else f"{numerator}/{denominator}"
    whole = round(ratio)
    return str(whole) if math.isclose(ratio, whole, rel_tol=1e-6) else f"{ratio:.6g}"


def _rows_moved(have: NDArray[Any], want: NDArray[Any]) -> bool:
    """Tell whether the same entries stand in another order along the first axis."""
    if have.ndim == 0 or len(have) < DISTINCT:
        return False
    flat = (have.reshape(len(have), -1), want.reshape(len(want), -1))
    one, other = (rows[np.lexsort(rows.T[::-1])] for rows in flat)
    return _close(one, other)


def _of_axis(have: NDArray[Any], want: NDArray[Any]) -> Iterator[Diagnosis]:
    """Tell a normalisation or order along another axis: a permutation of axes gives the wanted."""
    for one, other in combinations(range(min(have.ndim, LONGEST_AXIS_NAMED)), 2):
        if _close(np.swapaxes(have, one, other), want):
            yield Diagnosis("axis", facts={"one": one, "other": other})
    # An axis of length 1 has only one sum, and equal entries have equal sums along any axis.
    if have.ndim == 2 and min(have.shape) > 1 and np.ptp(have) > 0:
        for axis, wrong in ((1, 0), (0, 1)):
            meant = want.sum(axis=axis)[0]
            if (
                _all(want.sum(axis=axis), meant)
                and _all(have.sum(axis=wrong), meant)
                and not _all(have.sum(axis=axis), meant)
            ):
                yield Diagnosis("axis", facts={"one": axis, "other": wrong})


def _all(totals: NDArray[Any], meant: float) -> bool:
    return bool(np.allclose(totals, meant, rtol=1e-6, atol=1e-9))
