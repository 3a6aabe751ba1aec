"""Reads values from bytes that an enemy may have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.errors import WireError
from autograder.wire import format as layout
from autograder.wire.format import Budget, key_cost, span
from autograder.wire.protocol import Again, Code, Handle, Name, Opaque, Seed, Tensor
from autograder.wire.text import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["decode"]


def decode(data: bytes | memoryview, budget: Budget, *, references: bool = True) -> Any:
    """Read one value that fills the bytes exactly; arrays are writable and own their memory.

    Without ``references`` Name, Handle, Seed, Again and Code are refused and the text of an Opaque
    is cleaned: so must everything be read that a learner's program sends. Raises WireError, and
    nothing else, for bytes that do not follow the layout or pass the budget.
    """
    reader = _Reader(data, budget, references)
    try:
        value = reader.value(0)
    except (MemoryError, RecursionError) as error:
        raise WireError(f"A value could not be rebuilt: {type(error).__name__}.") from None
    if reader.left():
        raise WireError(f"{reader.left()} bytes follow the value.")
    return value


class _Reader:
    def __init__(self, data: bytes | memoryview, budget: Budget, references: bool) -> None:
        self.data = memoryview(data)
        self.end = len(self.data)
        self.at = 0
        self.budget = budget
        self.nodes = budget.max_nodes - 1
        self.costly_keys = layout.MOST_COSTLY_KEYS
        self.references = references
        if self.end > budget.max_bytes:
            raise WireError(f"A value of {self.end} bytes passes the {budget.max_bytes} allowed.")

    def left(self) -> int:
        return self.end - self.at

    def take(self, length: int) -> memoryview:
        """Take so many bytes; WireError if they are not really there."""
        start = self.at
        if length > self.end - start:
            raise WireError(f"A value states {length} bytes; {self.end - start} are left.")
        self.at = start + length
        return self.data[start : self.at]

    def value(self, depth: int) -> Any:
        (tag,) = self.take(1)
        read = _READ.get(tag)
        if read is None:
            raise WireError(f"Unknown tag {tag} on the wire.")
        return read(self, depth)

    def length(self) -> int:
        length: int = layout.UINT32.unpack(self.take(4))[0]
        return length

    def count(self, depth: int, each: int = 1) -> int:
        """Read a container's count, checked before anything is built: each item has a byte."""
        count = self.length()
        if depth >= self.budget.max_depth:
            raise WireError(f"Values are nested deeper than {self.budget.max_depth}.")
        if count * each > self.left():
            raise WireError(f"A container states {count} items; {self.left()} bytes are left.")
        self.nodes -= count * each
        if self.nodes < 0:
            raise WireError(f"More than {self.budget.max_nodes} values in one message.")
        return count

    def text(self, cap: int | None = None) -> str:
        data = self.take(self.length())
        try:
            text = str(data, "utf-8")
        except UnicodeDecodeError:
            raise WireError("Text on the wire is not UTF-8.") from None
        if cap is not None and len(text) > cap:
            raise WireError(f"A text of {len(text)} characters passes the {cap} allowed.")
        return text

    def key(self, depth: int) -> Any:
        key = self.value(depth)
        cost = key_cost(key)
        self.costly_keys -= cost
        if cost < 0 or self.costly_keys < 0:
            raise WireError(f"A value of type {type(key).__name__} cannot be a key here.")
        return key

    def reference(self) -> None:
        # Invariant: a reference that a learner's program made up must never reach a check. Passed
        # on to the trusted reference solution, Code would run there, and a Name or Handle would
        # stand for the reference's own objects.
        if not self.references:
            raise WireError("A learner's program may answer with data only.")


# ---- one function for each tag ----------------------------------------------------------------


def _int(r: _Reader, _depth: int) -> int:
    value: int = layout.INT64.unpack(r.take(8))[0]
    return value


def _big_int(r: _Reader, _depth: int) -> int:
    length = r.length()
    if length > r.budget.max_int_bits // 8 + 1:
        raise WireError(f"An integer of {length} bytes passes the limit.")
    return int.from_bytes(r.take(length), "little", signed=True)


def _float(r: _Reader, _depth: int) -> float:
    value: float = layout.FLOAT64.unpack(r.take(8))[0]
    return value


def _complex(r: _Reader, _depth: int) -> complex:
    return complex(*layout.TWO_FLOATS.unpack(r.take(16)))


def _list(r: _Reader, depth: int) -> list[Any]:
    return [r.value(depth + 1) for _ in range(r.count(depth))]


def _dict(r: _Reader, depth: int) -> dict[Any, Any]:
    count = r.count(depth, each=2)
    return {r.key(depth + 1): r.value(depth + 1) for _ in range(count)}


def _set(r: _Reader, depth: int) -> set[Any]:
    return {r.key(depth + 1) for _ in range(r.count(depth))}


def _dtype(r: _Reader) -> int:
    (code,) = r.take(1)
    if code >= len(layout.DTYPES):
        raise WireError(f"Unknown dtype {code} on the wire.")
    return code


def _sound(data: memoryview, code: int) -> None:
    # A bool that is neither 0 nor 1 is true in some of NumPy's loops and false in others.
    if code == layout.BOOL_CODE and len(data) and np.asarray(data).max() > 1:
        raise WireError("A bool on the wire is neither true nor false.")


def _array(r: _Reader, _depth: int) -> np.ndarray[Any, Any]:
    code = _dtype(r)
    (ndim,) = r.take(1)
    if ndim > layout.MOST_DIMENSIONS:
        raise WireError(f"An array of {ndim} dimensions passes the limit.")
    shape = tuple(layout.INT64.unpack(r.take(8))[0] for _ in range(ndim))
    if any(length < 0 for length in shape):
        raise WireError(f"An array states the shape {shape}.")
    dtype = layout.DTYPES[code]
    # Python's integers cannot overflow; NumPy only ever sees a product that fits the budget.
    size = span(shape, dtype.itemsize)
    if size > r.budget.max_bytes:
        raise WireError(f"An array states the shape {shape}, more than a message may hold.")
    data = r.take(0 if 0 in shape else size)
    _sound(data, code)
    plain: np.ndarray[Any, Any] = np.ndarray(shape, dtype, buffer=data)
    return plain.astype(layout.NATIVE[code])


def _scalar(r: _Reader, _depth: int) -> Any:
    code = _dtype(r)
    data = r.take(layout.DTYPES[code].itemsize)
    _sound(data, code)
    return np.ndarray((), layout.DTYPES[code], buffer=data).astype(layout.NATIVE[code])[()]


def _name(r: _Reader, _depth: int) -> Name:
    r.reference()
    return Name(r.text(layout.LONGEST_KIND))


def _handle(r: _Reader, depth: int) -> Handle:
    r.reference()
    return Handle(_int(r, depth), r.text(layout.LONGEST_KIND))


def _seed(r: _Reader, depth: int) -> Seed:
    r.reference()
    (tag,) = r.take(1)
    if tag not in (layout.INT, layout.BIG_INT):
        raise WireError("A seed is an integer.")
    return Seed(_READ[tag](r, depth))


def _again(r: _Reader, _depth: int) -> Again:
    r.reference()
    return Again()


def _code(r: _Reader, _depth: int) -> Code:
    r.reference()
    return Code(r.text(layout.LONGEST_KIND), r.text())


def _tensor(r: _Reader, depth: int) -> Tensor:
    r.reference()
    library, tag = r.take(2)
    if library >= len(layout.LIBRARIES) or tag != layout.ARRAY:
        raise WireError("A tensor is an array for a known library.")
    return Tensor(layout.LIBRARIES[library], _array(r, depth))


def _opaque(r: _Reader, _depth: int) -> Opaque:
    kind, text = r.text(layout.LONGEST_KIND), r.text(layout.LONGEST_TEXT)
    return Opaque(kind, text) if r.references else Opaque(clean_line(kind), clean(text))


_READ: dict[int, Callable[[_Reader, int], Any]] = {
    layout.NONE: lambda _r, _depth: None,
    layout.TRUE: lambda _r, _depth: True,
    layout.FALSE: lambda _r, _depth: False,
    layout.INT: _int,
    layout.BIG_INT: _big_int,
    layout.FLOAT: _float,
    layout.COMPLEX: _complex,
    layout.TEXT: lambda r, _depth: r.text(),
    layout.BYTES: lambda r, _depth: bytes(r.take(r.length())),
    layout.LIST: _list,
    layout.TUPLE: lambda r, depth: tuple(_list(r, depth)),
    layout.DICT: _dict,
    layout.SET: _set,
    layout.FROZEN_SET: lambda r, depth: frozenset(_set(r, depth)),
    layout.ARRAY: _array,
    layout.SCALAR: _scalar,
    layout.NAME: _name,
    layout.HANDLE: _handle,
    layout.SEED: _seed,
    layout.AGAIN: _again,
    layout.CODE: _code,
    layout.TENSOR: _tensor,
    layout.OPAQUE: _opaque,
}
