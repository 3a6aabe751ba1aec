"""The warnings that NumPy gives elsewhere: WebAssembly has no flags for what a computation met.

Everywhere else the processor notes that a result overflowed, and NumPy asks it after each
operation. Here the results themselves are asked: what is infinite of finite numbers overflowed, or
was divided by zero; what is no number of numbers was invalid. ``np.errstate`` holds as ever.
"""

from __future__ import annotations

import cmath
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["TYPES", "watch"]

SCALARS: tuple[type, ...] = (np.float64, np.float32, np.float16)
TYPES: tuple[type, ...] = (np.ufunc, *SCALARS)
"""What must be open to change while ``watch`` puts itself into it."""

# Where a function of finite numbers is infinite by itself, and not by being too large.
POLES: dict[str, Callable[..., Any]] = {
    "divide": lambda _, below: below == 0,
    "floor_divide": lambda _, below: below == 0,
    "power": lambda base, _: base == 0,
    "float_power": lambda base, _: base == 0,
    "reciprocal": lambda x: x == 0,
    "log": lambda x: x == 0,
    "log2": lambda x: x == 0,
    "log10": lambda x: x == 0,
    "log1p": lambda x: x == -1,
    "arctanh": lambda x: abs(x) == 1,
}
WHOLE_DIVISIONS = ("floor_divide", "remainder", "divmod", "fmod")
SCALAR_OPERATIONS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "pow": "power",
}
TEXTS = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}
FLAGS = {"divide": 1, "over": 2, "invalid": 8}
_plainly = np.ufunc.__call__
_finite, _nan = np.isfinite, np.isnan


def watch() -> None:
    """Have every operation of NumPy warn as it does elsewhere, from now on."""
    np.ufunc.__call__ = _called  # type: ignore[method-assign]
    for kind in SCALARS:
        for name, said in SCALAR_OPERATIONS.items():
            for reflected in (False, True):
                method = f"__{'r' * reflected}{name}__"
                setattr(kind, method, _scalar(getattr(kind, method), f"scalar {said}", reflected))


def _called(function: np.ufunc, *args: Any, **named: Any) -> Any:
    """Call a function of NumPy's, and say what became of its numbers."""
    given = args[: function.nin]
    out = args[function.nin :] or named.get("out")
    if out is not None and out is not Ellipsis:
        outs = out if type(out) is tuple else (out,)
        # What is written over must be known as it was.
        given = tuple(each.copy() if any(each is o for o in outs) else each for each in given)
    if function.__name__ in WHOLE_DIVISIONS:
        with np.errstate(divide="ignore"):  # of whole numbers NumPy itself warns, in our name
            result = _plainly(function, *args, **named)
    else:
        result = _plainly(function, *args, **named)
    for each in result if type(result) is tuple else (result,):
        if _is_sound(each, function.__name__, given):
            continue
        with np.errstate(all="ignore"):
            found = _found(function, given, np.asarray(each), named.get("where", True))
        _tell(found, function.__name__)
    return result


def _is_sound(value: Any, name: str, given: tuple[Any, ...]) -> bool:
    """Tell at a glance whether there is nothing to tell, which is nearly always so."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fc":
            return bool(_plainly(_finite, value).all())
    elif isinstance(value, np.inexact):
        return cmath.isfinite(value)
    return name not in WHOLE_DIVISIONS or bool(np.all(given[-1]))


def _scalar(plainly: Callable[..., Any], said: str, reflected: bool) -> Callable[..., Any]:
    name = said.partition(" ")[2]

    def method(one: Any, other: Any, *more: Any) -> Any:
        result = plainly(one, other, *more)
        if isinstance(result, np.inexact) and not cmath.isfinite(result):
            given = (other, one) if reflected else (one, other)
            with np.errstate(all="ignore"):
                found = _found(getattr(np, name), given, np.asarray(result), True)
            _tell(found, said)
        return result

    method.__name__ = method.__qualname__ = plainly.__name__
    return method


def _found(function: np.ufunc, given: tuple[Any, ...], value: Any, where: Any) -> dict[str, bool]:
    """Tell which of the three befell a result."""
    numbers = [np.asarray(each) for each in given]
    if any(each.dtype.kind not in "biufc" for each in numbers):
        return {}
    if value.dtype.kind not in "fc":
        return {"divide": bool(np.any(numbers[-1] == 0))}
    finite, known = _plainly(_finite, value), ~_plainly(_nan, value)
    all_finite: Any = True
    all_known: Any = True
    for each in numbers:
        # A product of matrices has no number of its own that a result is of.
        whole = function.signature is not None
        each_finite, each_known = _plainly(_finite, each), ~_plainly(_nan, each)
        all_finite = all_finite & (each_finite.all() if whole else each_finite)
        all_known = all_known & (each_known.all() if whole else each_known)
    infinite = ~finite & known & all_finite & where
    pole = np.asarray(POLES[function.__name__](*numbers) if function.__name__ in POLES else False)
    return {
        "divide": bool(np.any(infinite & pole)),
        "over": bool(np.any(infinite & ~pole)),
        "invalid": bool(np.any(~known & all_known & where)),
    }


def _tell(found: dict[str, bool], name: str) -> None:
    """Warn, or raise, as NumPy's settings have it."""
    settings: Any = np.geterr()
    for kind, befell in found.items():
        if not befell:
            continue
        text, mode = f"{TEXTS[kind]} encountered in {name}", settings[kind]
        if mode == "warn":
            warnings.warn(text, RuntimeWarning, stacklevel=3)
        elif mode == "raise":
            raise FloatingPointError(text)
        elif mode == "print":
            print(f"Warning: {text}")
        elif mode == "call":
            np.geterrcall()(TEXTS[kind], FLAGS[kind])  # type: ignore[operator, misc]
        elif mode == "log":
            np.geterrcall().write(f"Warning: {text}\n")  # type: ignore[union-attr]
