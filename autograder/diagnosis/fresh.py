"""The same question with other inputs: of the same shapes, types and kind, or with fewer entries.

What two programs answer to one question may agree by chance; what they answer to fresh ones does
not. The inputs are drawn from a seed of the question's own, so that a learner's machine, which has
only frozen answers, asks the same ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.diagnosis.records import Listed
from autograder.wire.protocol import Call, Code, Name, Seed, Tensor

__all__ = ["fresh", "smaller"]

Array = NDArray[Any]
FEW = (2, 3, 5, 8)  # rows and columns that a small example may have; of one class softmax says 1
MANY_ENTRIES = 20_000  # more are slow to ask again, and prove nothing more


def fresh(call: Call, number: int) -> Call | None:
    """Return a call with other numbers, or None where nothing in it can be another number.

    What the numbers mean is kept: zeros stay zeros, signs stay signs, shares stay between 0 and 1
    and add up to 1 where they did; tables of few values hold the same values, in other places;
    counts grow by less than half; a text has its own letters in other places; lists of rows, and
    sorted ones, stay such (``records``). A single word may be one that the function knows,
    ``"mean"``: it is changed only where nothing else can be.
    number: counts the fresh versions of a call.
    """
    if not isinstance(call.target, Name | Code):
        return None
    for other in (_other, _other_or_word):
        rng = np.random.default_rng([zlib.crc32(call.target.name.encode()), number])
        listed = Listed([*call.args, *call.kwargs.values()], rng)
        args = tuple(listed.other(arg, other) for arg in call.args)
        kwargs = {name: listed.other(value, other) for name, value in call.kwargs.items()}
        if _bytes((args, kwargs)) != _bytes((call.args, call.kwargs)):
            return replace(call, args=args, kwargs=kwargs)
    return None


def smaller(call: Call) -> Iterator[Call]:
    """Yield the call with fewer rows and columns, the smallest first.

    Every axis of one length is cut alike, so that what fitted still fits.
    """
    lengths = sorted({n for array in _arrays((call.args, call.kwargs)) for n in array.shape})
    if not isinstance(call.target, Name) or not lengths or lengths[-1] < 2:
        return
    wishes: list[dict[int, int]] = [{n: min(n, most) for n in lengths} for most in FEW]
    rows = next((array.shape[0] for array in _arrays(call.args) if array.ndim), 0)
    if rows > 1:  # one sample, where its number is not that of anything else
        wishes.insert(0, {**wishes[0], rows: 1})
    # Where all axes cannot be cut, perhaps one can: fewer samples for the same network.
    wishes += [{n: most} for n in reversed(lengths) for most in (1, 2)]
    seen = {tuple(lengths)}
    for wish in wishes:
        cut = tuple(wish.get(n, n) for n in lengths)
        if cut not in seen and all(small <= n for small, n in zip(cut, lengths, strict=True)):
            seen.add(cut)
            sizes = dict(zip(lengths, cut, strict=True))
            yield _smaller_by(call, sizes)


def _smaller_by(call: Call, sizes: dict[int, int]) -> Call:
    def cut(array: Array) -> Array:
        return _cut(array, sizes)

    kwargs = {key: _mapped(value, cut) for key, value in call.kwargs.items()}
    return replace(call, args=tuple(_mapped(arg, cut) for arg in call.args), kwargs=kwargs)


def _cut(array: Array, sizes: dict[int, int]) -> Array:
    return array[tuple(slice(sizes[n]) for n in array.shape)].copy()


def _mapped(value: Any, change: Callable[[Array], Array]) -> Any:
    """Return a value with each of its arrays changed."""
    match value:
        case np.ndarray():
            return change(value)
        case Tensor(library, array):
            return Tensor(library, change(array))
        case list() | tuple():
            return type(value)(_mapped(item, change) for item in value)
        case dict():
            return {key: _mapped(item, change) for key, item in value.items()}
    return value


def _arrays(value: Any) -> list[Array]:
    found: list[Array] = []

    def note(array: Array) -> Array:
        found.append(array)
        return array

    _mapped(value, note)
    return found


def _other(value: Any, rng: np.random.Generator) -> Any:
    match value:
        case Seed(number):
            return Seed(number + int(rng.integers(1, 2**20)))
        case int() if not isinstance(value, bool) and 3 <= value <= MANY_ENTRIES:
            return value + int(rng.integers(0, 2 + value // 2))
        case float() if np.isfinite(value) and value not in (0.0, 1.0):
            return float(_other_array(np.array([value]), rng)[0])
        case list() if len(value) > 2 and {type(item) for item in value} in ({int}, {float}):
            return _other_array(np.array(value), rng).tolist()
        case str() if not value.isidentifier():
            return _other_text(value, rng)
        case list() | tuple():
            return type(value)(_other(item, rng) for item in value)
        case dict():
            return {key: _other(item, rng) for key, item in value.items()}
        case np.ndarray() | Tensor():
            return _mapped(value, lambda array: _other_array(array, rng))
    return value


def _other_or_word(value: Any, rng: np.random.Generator) -> Any:
    match value:
        case str():
            return _other_text(value, rng)
        case list() | tuple() if value and all(isinstance(item, str) for item in value):
            words = [_other_text(item, rng) for item in value]
            return type(value)(words[at] for at in rng.permutation(len(words)))
    return _other(value, rng)


def _other_text(text: str, rng: np.random.Generator) -> str:
    """Draw each letter from those that are there, and let the words trade their places."""
    letters = [letter for letter in text if letter.isalnum()]
    if len(set(letters)) < 2 or len(text) > MANY_ENTRIES:
        return text
    drawn = [letters[rng.integers(len(letters))] if c.isalnum() else c for c in text]
    words = "".join(drawn).split(" ")
    return " ".join(words[at] for at in rng.permutation(len(words)))


def _other_array(array: Array, rng: np.random.Generator) -> Array:
    if array.dtype.kind not in "biuf" or not 0 < array.size <= MANY_ENTRIES:
        return array.copy()
    values = np.unique(array)
    table = len(values) == 2 or (array.dtype.kind in "biu" and len(values) > 1)
    if table:
        return _other_table(array, values, rng)
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        return array.copy()
    return _other_numbers(array, rng).astype(array.dtype)


def _other_table(array: Array, values: Array, rng: np.random.Generator) -> Array:
    """Draw each entry from those that are there; a single 1 in each row stays a single one."""
    if array.ndim == 2 and set(values.tolist()) == {0, 1} and (array.sum(axis=1) == 1).all():
        return rng.permuted(array, axis=1)
    drawn = rng.choice(values, size=array.shape)
    drawn.flat[: len(values)] = rng.permutation(values)[: array.size]
    return np.asarray(rng.permuted(drawn.ravel()).reshape(array.shape), dtype=array.dtype)


def _other_numbers(array: Array, rng: np.random.Generator) -> Array:
    ordered = array.ndim == 1 and array.size > 2 and all(a < b for a, b in pairwise(array.flat))
    shares = 0 <= array.min() < array.max() <= 1
    sums = [
        axis
        for axis in range(array.ndim)
        if shares and array.shape[axis] > 1 and np.allclose(array.sum(axis=axis), 1, atol=1e-6)
    ]
    if not ordered and not shares and bool(rng.integers(2)):
        array = rng.permuted(array.ravel()).reshape(array.shape)  # rows trade their places too
    by = rng.uniform(0.7, 1.4, size=array.shape)
    new = array**by if shares and not sums else array * by
    if sums:
        new = new / new.sum(axis=sums[-1], keepdims=True)
    return np.sort(new) if ordered else np.asarray(new)


def _bytes(value: Any) -> list[Any]:
    """Return what can be compared of a value: its arrays' bytes, and all else."""
    match value:
        case np.ndarray():
            return [value.tobytes()]
        case Tensor():
            return [value.array.tobytes()]
        case list() | tuple():
            return [_bytes(item) for item in value]
        case dict():
            return [_bytes(item) for item in value.values()]
    return [value]
