"""Comparing what came with what was wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.checks.evidence import Mismatch, show, show_apart
from autograder.model import Evidence
from autograder.wire.protocol import Opaque

__all__ = ["Container", "DType", "agree", "agrees", "difference"]

DType = Literal["number", "float", "any"]
Container = Literal["alike", "exact"]
NUMERIC = "iuf"
GREATEST = 1e9  # beyond, a number has no places behind the point worth speaking of
MOST_PLACES = 8  # behind the point, to which a program may have rounded
UNTOLD = Evidence("differs")
SINGLE = (np.dtype(np.float32), np.dtype(np.float16))


@dataclass(frozen=True)
class _Rule:
    """When two values agree; see :func:`agree`.

    told: how entries differ is wanted too, and not only that they do.
    """

    rtol: float
    atol: float
    dtype: DType
    container: Container
    told: bool = True


def agree(
    got: Any,
    wanted: Any,
    *,
    rtol: float = 1e-7,
    atol: float = 1e-12,
    dtype: DType = "number",
    container: Container = "alike",
) -> None:
    """Demand that a learner's value is the wanted one.

    Arrays agree when type, shape and every entry do: ``|got - wanted| <= atol + rtol * |wanted|``;
    NaN agrees with NaN, an infinity with the same infinity. Containers agree item by item.
    ``rtol=1e-7`` is some 10⁹ roundings of float64: it forgives any order of summation, and no
    error of a formula.

    dtype: ``number`` takes integers for floats but not booleans; ``float`` demands a floating
    type; ``any`` compares values alone.
    container: ``alike`` takes a list for a tuple and the other way round; ``exact`` does not, at
    any depth, and of a dict it allows no entries beside the wanted ones.

    Raises Mismatch with the first and the greatest difference.
    """
    evidence = difference(got, wanted, rtol=rtol, atol=atol, dtype=dtype, container=container)
    if evidence is not None:
        raise Mismatch(evidence, got, wanted)


def difference(
    got: object,
    wanted: object,
    *,
    rtol: float = 1e-7,
    atol: float = 1e-12,
    dtype: DType = "number",
    container: Container = "alike",
) -> Evidence | None:
    """Return how two values differ, or None when they agree; see :func:`agree`."""
    return _difference(got, wanted, _Rule(rtol, atol, dtype, container))


def agrees(got: object, wanted: object, *, rtol: float, atol: float, dtype: DType) -> bool:
    """Tell whether two values agree; see :func:`agree`. Quicker than to say how they differ."""
    return _difference(got, wanted, _Rule(rtol, atol, dtype, "alike", told=False)) is None


def _difference(got: object, wanted: object, rule: _Rule) -> Evidence | None:
    if type(got) is float and type(wanted) is float and _close(got, wanted, rule):
        return None  # a history has hundreds of them, and NumPy needs a hundred times as long
    if isinstance(wanted, dict):
        return _dict_difference(got, wanted, rule)
    if isinstance(wanted, list | tuple):
        return _sequence_difference(got, wanted, rule)
    if isinstance(wanted, np.ndarray | np.generic | float | complex) or _is_int(wanted):
        return _array_difference(got, wanted, rule)
    same = type(got) is type(wanted) and got == wanted
    if isinstance(wanted, bool) and isinstance(got, np.bool_):
        same = bool(got) is wanted
    return None if same else _unlike("none" if got is None else "differs", got, wanted)


def _close(got: float, wanted: float, rule: _Rule) -> bool:
    """Compare two plain numbers as ``np.isclose`` does, nan being equal to nan."""
    if math.isfinite(got) and math.isfinite(wanted):
        return abs(got - wanted) <= rule.atol + rule.rtol * abs(wanted)
    return got == wanted or (math.isnan(got) and math.isnan(wanted))


def _is_int(value: object) -> bool:
    """Tell whether a value is an integer that an array can hold; greater ones compare exactly."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _unlike(kind: str, got: object, wanted: object, **facts: str | int | float) -> Evidence:
    return Evidence(kind, got=show(got), wanted=show(wanted), facts=facts)


def _type_name(value: object) -> str:
    return value.kind if isinstance(value, Opaque) else type(value).__name__


def _array_difference(got: object, wanted: object, rule: _Rule) -> Evidence | None:
    want = np.asarray(wanted)
    problem = _type_difference(got, wanted)
    if problem is not None:
        return problem
    have = np.asarray(got)
    if have.shape != want.shape:
        return _unlike(
            "shape", got, wanted, got_shape=str(have.shape), wanted_shape=str(want.shape)
        )
    if not _dtype_suits(have.dtype, want.dtype, rule.dtype):
        return _unlike(
            "dtype", got, wanted, got_dtype=str(have.dtype), wanted_dtype=str(want.dtype)
        )
    return _entry_difference(have, want, rule)


def _type_difference(got: object, wanted: object) -> Evidence | None:
    if got is None:
        return _unlike("none", got, wanted)
    numbers = np.ndarray | np.generic | bool | int | float | complex
    # Where the reference returns a plain number, a 0-d array or a NumPy scalar is as good; a number
    # in the place of an array has another shape.
    if isinstance(got, numbers):
        return None
    wanted_type = "numpy.ndarray" if isinstance(wanted, np.ndarray) else type(wanted).__name__
    return _unlike("type", got, wanted, got_type=_type_name(got), wanted_type=wanted_type)


def _dtype_suits(have: np.dtype[Any], want: np.dtype[Any], rule: DType) -> bool:
    if rule == "any":
        return have.kind in "biufc"
    if want.kind not in NUMERIC:
        return have.kind == want.kind
    return have.kind == "f" if rule == "float" else have.kind in NUMERIC


def _entry_difference(have: NDArray[Any], want: NDArray[Any], rule: _Rule) -> Evidence | None:
    if (have == want).all():  # as most are; ten times as quick as to look how close
        return None
    with np.errstate(all="ignore"):  # a warning about the learner's numbers is no fault of a check
        close = np.isclose(have, want, rtol=rule.rtol, atol=rule.atol, equal_nan=True)
    if close.all():
        return None
    if not rule.told:
        return UNTOLD
    wrong = np.argwhere(~close)
    index = tuple(int(i) for i in wrong[0])
    not_a_number = np.isnan(have) & ~np.isnan(want)
    if not_a_number.any():
        index = tuple(int(i) for i in np.argwhere(not_a_number)[0])
    with np.errstate(all="ignore"):
        gap = np.abs(have.astype(complex) - want)
    finite = gap[np.isfinite(gap)]
    there = show_apart(have[index].item(), want[index].item())
    whole = there if have.ndim == 0 else (show(have), show(want))
    facts = _of_digits(have, want)
    if have.dtype in SINGLE and want.dtype == np.float64 and finite.size == gap.size:
        near = np.isclose(have, want, rtol=10 * float(np.finfo(have.dtype).eps), atol=1e-12)
        facts = {"single": 1, "got_dtype": str(have.dtype)} if near.all() else facts
    return Evidence(
        "nan" if not_a_number.any() else "differs",
        got=whole[0],
        wanted=whole[1],
        index=index if have.ndim else None,
        got_there=there[0],
        wanted_there=there[1],
        facts=facts,
        # To as many digits as every machine's library of mathematics gives alike.
        difference=float(f"{finite.max():.6g}") if finite.size == gap.size else None,
        wrong=len(wrong),
        size=int(have.size),
    )


def _of_digits(have: NDArray[Any], want: NDArray[Any]) -> dict[str, str | int | float]:
    """Tell numbers that have lost their fractions, or were rounded to a few places."""
    if want.dtype.kind != "f" or not (np.isfinite(have).all() and np.isfinite(want).all()):
        return {}
    if have.dtype.kind in "iu":
        return {} if np.array_equal(want, np.trunc(want)) else {"whole": 1}
    if max(np.abs(want).max(), np.abs(have).max()) > GREATEST:
        return {}
    for places in range(2, MOST_PLACES):
        if np.array_equal(have, np.round(want, places)):
            return {"rounded": places} if np.any(have != np.round(have, places - 1)) else {}
    return {}


def _sequence_difference(
    got: object, wanted: list[Any] | tuple[Any, ...], rule: _Rule
) -> Evidence | None:
    if got is None:
        return _unlike("none", got, wanted)
    exact = rule.container == "exact"
    if not isinstance(got, list | tuple) or (exact and type(got) is not type(wanted)):
        return _unlike(
            "type", got, wanted, got_type=_type_name(got), wanted_type=type(wanted).__name__
        )
    if len(got) != len(wanted):
        return _unlike("length", got, wanted, got_length=len(got), wanted_length=len(wanted))
    for place, (have, want) in enumerate(zip(got, wanted, strict=True)):
        found = _difference(have, want, rule)
        if found is not None:
            inside = _inside(found, str(place))
            return _in_layer(inside, place) if _are_layers(wanted) else inside
    return None


def _are_layers(value: object) -> bool:
    """Tell whether a value is the course's form of parameters: pairs (W, b), a layer each."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value)
        and all(np.ndim(w) == 2 and np.ndim(b) == 1 for w, b in value)
        and all(np.shape(w)[1] == np.shape(b)[0] for w, b in value)
    )


def _in_layer(found: Evidence, place: int) -> Evidence:
    _, _, which = str(found.facts["item"]).partition(", ")
    if which not in ("0", "1"):
        return found
    facts = {**found.facts, "layer": place + 1, "parameter": "Wb"[int(which)]}
    return msgspec.structs.replace(found, facts=facts)


def _dict_difference(got: object, wanted: dict[Any, Any], rule: _Rule) -> Evidence | None:
    if got is None:
        return _unlike("none", got, wanted)
    if not isinstance(got, dict):
        return _unlike("type", got, wanted, got_type=_type_name(got), wanted_type="dict")
    for key, want in wanted.items():
        if key not in got:
            return _unlike("key", got, wanted, key=str(key))
        found = _difference(got[key], want, rule)
        if found is not None:
            return _inside(found, str(key))
    beside = [key for key in got if key not in wanted] if rule.container == "exact" else []
    return _unlike("further_key", got, wanted, key=show(beside[0])) if beside else None


def _inside(found: Evidence, place: str) -> Evidence:
    """Say where in a container the difference lies, outermost first."""
    inner = found.facts.get("item")
    item = place if inner is None else f"{place}, {inner}"
    return msgspec.structs.replace(found, facts={**found.facts, "item": item})
