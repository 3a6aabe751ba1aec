"""Patterns that a wrong value shows by itself, without a variant that any author listed."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.model import Diagnosis, Evidence

__all__ = ["pattern"]

FACTORS = {
    "ln 10": math.log(10),
    "1 / ln 10": 1 / math.log(10),
    "ln 2": math.log(2),
    "1 / ln 2": 1 / math.log(2),
}
LONGEST_AXIS_NAMED = 3


def pattern(evidence: Evidence, got: object, wanted: object) -> Diagnosis | None:
    """Find the pattern in a mismatch: transposed, a constant factor, another axis.

    Needs at least three entries that differ from zero before it speaks of a factor, so that a
    single wrong number is not read as one.
    """
    by_kind = {
        "none": Diagnosis("returned_none"),
        "modified": Diagnosis("modified"),
    }
    if evidence.kind in by_kind:
        return by_kind[evidence.kind]
    have, want = _numbers(got), _numbers(wanted)
    if have is None or want is None:
        return None
    if evidence.kind == "nan":
        return Diagnosis("nan", facts={"count": int(np.isnan(have).sum()), "size": have.size})
    if evidence.kind == "type" and isinstance(got, list | tuple) and isinstance(wanted, np.ndarray):
        return Diagnosis("list_for_array")
    if have.dtype.kind == "b" and want.dtype.kind != "b":
        return Diagnosis("boolean")
    if have.shape != want.shape:
        return _of_shape(have, want)
    if _close(have, want):  # the values are right: it is something else, of which evidence speaks
        return None
    return _of_values(have, want)


def _numbers(value: object) -> NDArray[Any] | None:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biuf" and array.size else None


def _close(have: NDArray[Any], want: NDArray[Any]) -> bool:
    return have.shape == want.shape and bool(np.allclose(have, want, rtol=1e-6, atol=1e-12))


def _of_shape(have: NDArray[Any], want: NDArray[Any]) -> Diagnosis | None:
    if _close(have.T, want):
        return Diagnosis("transposed")
    shapes = {"got_shape": str(have.shape), "wanted_shape": str(want.shape)}
    if have.size == want.size and _close(have.reshape(want.shape), want):
        return Diagnosis("reshaped", facts=dict(shapes))
    if want.ndim and have.shape == want.shape[::-1]:
        return Diagnosis("transposed_shape", facts=dict(shapes))
    if have.ndim == 2 and want.ndim == 1 and have.shape == (want.size, want.size):
        return Diagnosis("broadcast", facts=dict(shapes))
    if have.size == 1 and want.size > 1:
        return Diagnosis("single_number", facts=dict(shapes))
    if have.ndim < want.ndim:
        return Diagnosis("axis_lost", facts=dict(shapes))
    return None


def _of_values(have: NDArray[Any], want: NDArray[Any]) -> Diagnosis | None:
    with np.errstate(all="ignore"):
        if have.ndim == 2 and have.shape[0] == have.shape[1] and _close(have.T, want):
            return Diagnosis("transposed")
        if _close(-have.astype(float), want.astype(float)):
            return Diagnosis("sign")
        if have.dtype.kind in "iu" and want.dtype.kind == "f" and _close(have, np.trunc(want)):
            return Diagnosis("truncated")
        factor = _factor(have.astype(float), want.astype(float))
        if factor is not None:
            return factor
        offset = have.astype(float) - want
        first = offset.flat[0]
        if have.size >= 3 and np.isfinite(first) and _close(offset, np.full(have.shape, first)):
            return Diagnosis("offset", facts={"offset": float(f"{first:.4g}")})
        if _rows_moved(have, want):
            return Diagnosis("order")
        return _of_axis(have, want)


def _factor(have: NDArray[Any], want: NDArray[Any]) -> Diagnosis | None:
    counts = (want != 0) & np.isfinite(want) & np.isfinite(have)
    if counts.sum() < min(3, want.size) or (want.size < 3 and want.size != counts.sum()):
        return None
    if want.size < 2:  # any two numbers have a ratio
        return None
    ratios = have[counts] / want[counts]
    ratio = float(np.median(ratios))
    if ratio == 0 or not np.isfinite(ratio) or not _close(have, want * ratio):
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
    if have.ndim == 0 or len(have) < 2:
        return False
    flat = (have.reshape(len(have), -1), want.reshape(len(want), -1))
    one, other = (rows[np.lexsort(rows.T[::-1])] for rows in flat)
    return _close(one, other)


def _of_axis(have: NDArray[Any], want: NDArray[Any]) -> Diagnosis | None:
    """Tell a normalisation or order along another axis: a permutation of axes gives the wanted."""
    for one, other in combinations(range(min(have.ndim, LONGEST_AXIS_NAMED)), 2):
        swapped = np.swapaxes(have, one, other)
        if _close(swapped, want):
            return Diagnosis("axis", facts={"one": one, "other": other})
    # An axis of length 1 has only one sum, and equal entries have equal sums along any axis.
    if have.ndim == 2 and min(have.shape) > 1 and np.ptp(have) > 0:
        for axis, wrong in ((1, 0), (0, 1)):
            meant = want.sum(axis=axis)[0]
            if all(
                np.allclose(total, meant, rtol=1e-6, atol=1e-9)
                for total in (want.sum(axis=axis), have.sum(axis=wrong))
            ):
                return Diagnosis("axis", facts={"one": axis, "other": wrong})
    return None
