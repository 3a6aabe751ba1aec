"""Reads the calls and outcomes of ``answers.json``, which anybody may have changed since."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, cast, get_args

import numpy as np

from autograder.wire.format import (
    DTYPE_CODES,
    LIBRARIES,
    MOST_COSTLY_KEYS,
    MOST_DIMENSIONS,
    Budget,
    key_cost,
)
from autograder.wire.protocol import (
    Again,
    Call,
    Code,
    Limit,
    Name,
    Opaque,
    Outcome,
    Raised,
    Returned,
    Seed,
    Stopped,
    Tensor,
    Warned,
)

__all__ = ["thawed_call", "thawed_outcome"]

BUDGET = Budget()  # what is frozen has crossed the wire, or could


def thawed_call(data: dict[str, Any]) -> Call:
    """Make a call of what JSON has of it.

    ValueError, or what a wrong type raises, where it is none.
    """
    target = _in(data["target"], 0)
    if not isinstance(target, Name | Code):
        raise TypeError("a call of something else than a function")
    kwargs = {key: _in(value, 0) for key, value in data.get("kwargs", {}).items()}
    return Call(target, tuple(_in(arg, 0) for arg in data["args"]), kwargs)


def thawed_outcome(data: dict[str, Any]) -> Outcome:
    """Make an outcome of what JSON has of it; raises as :func:`thawed_call` does."""
    if "raised" in data:
        return Raised(_text(data["raised"]), _text(data["message"]))
    if "stopped" in data:
        limit, amount = data["stopped"], data["amount"]
        if limit not in get_args(Limit):
            raise ValueError("no such limit")
        return Stopped(cast("Limit", limit), float(amount))
    changed = {int(k): _in(value, 0) for k, value in data.get("changed", {}).items()}
    warned = tuple(Warned(_text(category), "") for category in data.get("warnings", []))
    return Returned(_in(data["value"], 0), changed, warned)


def _in(value: Any, depth: int) -> Any:
    depth += 1
    if depth > BUDGET.max_depth:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_in(item, depth) for item in value]
    if not isinstance(value, dict):
        return _small(value)
    match value:
        case {"$array": items, "shape": shape, "dtype": dtype}:
            return _array(_numbers(items), shape, dtype)
        case {"$scalar": item, "dtype": dtype}:
            return _array(_numbers([item]), [], dtype)[()]
        case {"$tuple": items}:
            return tuple(_in(item, depth) for item in items)
        case {"$dict": pairs}:
            read = [(_in(key, depth), _in(item, depth)) for key, item in pairs]
            _hashable(key for key, _ in read)
            return dict(read)
        case {"$tensor": library, "array": array} if library in LIBRARIES:
            held = _in(array, depth)
            if not isinstance(held, np.ndarray):
                raise TypeError("a tensor of something else than numbers")
            return Tensor(library, held)
        case {"$set": items}:
            return set(_hashable(_in(item, depth) for item in items))
        case {"$frozenset": items}:
            return frozenset(_hashable(_in(item, depth) for item in items))
    return _single(value)


def _single(value: dict[str, Any]) -> Any:
    match value:
        case {"$float": text}:
            return float(_text(text))
        case {"$complex": [real, imag]}:
            return complex(*_numbers([real, imag]))
        case {"$name": name}:
            return Name(_text(name))
        case {"$seed": int(number)}:
            return Seed(number)
        case {"$again": 1}:
            return Again()
        case {"$code": name, "source": source}:
            return Code(_text(name), _text(source))
        case {"$opaque": kind, "text": text}:
            return Opaque(_text(kind), _text(text))
        case {"$bytes": text}:
            return bytes.fromhex(_text(text))
    raise ValueError("unknown kind of value")


def _numbers(items: Iterable[Any]) -> list[Any]:
    read = [_single(item) if isinstance(item, dict) else _small(item) for item in items]
    if not all(isinstance(item, bool | int | float | complex) for item in read):
        raise TypeError("an array of something else than numbers")
    return read


def _array(items: list[Any], shape: list[int], dtype: str) -> Any:
    # Objects, text and structures are no numbers, and take what room they say.
    if dtype not in DTYPE_CODES or len(shape) > MOST_DIMENSIONS:
        raise ValueError("no array of numbers")
    if math.prod(max(1, length) for length in shape) > BUDGET.max_bytes:
        raise ValueError("an empty array with axes that nobody has")
    with np.errstate(all="ignore"):
        return np.array(items, dtype).reshape(shape)


def _small(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > BUDGET.max_int_bits:
        raise ValueError("an integer that is too long")
    return value


def _hashable(items: Iterable[Any]) -> list[Any]:
    """Return what may be keys: of those whose hashes can be made equal, no more than a few."""
    read = list(items)
    costs = [key_cost(item) for item in read]
    if min(costs, default=0) < 0 or sum(costs) > MOST_COSTLY_KEYS:
        raise TypeError("keys that cannot be told apart in time")
    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text that is none")
    return value
