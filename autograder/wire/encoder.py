"""Writes values. Runs beside the learner's code too, so it calls none of their methods."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.errors import WireError
from autograder.wire import format as layout
from autograder.wire.format import Budget, key_cost, span
from autograder.wire.protocol import Again, Code, Handle, Name, Opaque, Seed, Tensor

__all__ = ["encode"]

_DEFAULT = Budget()
_type_name = type.__dict__["__name__"].__get__  # a metaclass may hide the attribute


def encode(value: object, budget: Budget = _DEFAULT, *, strict: bool = False) -> bytes:
    """Write a value.

    What cannot cross (an unknown type, too deep, too many, too long for the budget) becomes an
    Opaque in its place, or with ``strict`` raises WireError. WireError too when the whole is
    longer than the budget.
    """
    writer = _Writer(budget, strict)
    writer.value(value, 0)
    return b"".join(writer.pieces)


class _Writer:
    def __init__(self, budget: Budget, strict: bool) -> None:
        self.budget = budget
        self.strict = strict
        self.pieces: list[bytes] = []
        self.room = budget.max_bytes
        self.nodes = budget.max_nodes - 1
        self.costly_keys = layout.MOST_COSTLY_KEYS

    def put(self, piece: bytes) -> None:
        self.room -= len(piece)
        if self.room < 0:
            raise WireError(f"A value is longer than the {self.budget.max_bytes} bytes allowed.")
        self.pieces.append(piece)

    def value(self, value: Any, depth: int) -> None:
        kind = type(value)
        # A metaclass of the learner's may have a __hash__ of its own.
        write = _EXACT.get(kind) if type(kind) is type else None
        (write or _kin(kind))(self, value, depth)

    def text(self, text: str, errors: str = "backslashreplace") -> None:
        # A lone surrogate has no UTF-8: it crosses as the escape that a learner would type, or,
        # where the length is capped, as one character.
        data = str.encode(text, "utf-8", errors)
        self.put(layout.UINT32.pack(len(data)))
        self.put(data)

    def opaque(self, kind: str, why: str = "", text: str = "") -> None:
        label = f"{kind} ({why})" if why else kind
        if self.strict:
            raise WireError(f"A value of type {label} cannot be sent to a program.")
        self.put(bytes((layout.OPAQUE,)))
        self.text(label[: layout.LONGEST_KIND], "replace")
        self.text(text[: layout.LONGEST_TEXT], "replace")

    def fits(self, value: object, length: int) -> bool:
        """Tell whether so many bytes still fit; if not, write an Opaque instead."""
        if length <= self.room - 64 and length < 2**32:
            return True
        self.opaque(_name(value), "too large")
        return False

    def enter(self, value: object, tag: int, count: int, depth: int, each: int = 1) -> bool:
        """Open a container of ``count`` items; if it cannot be, write an Opaque instead."""
        if depth >= self.budget.max_depth:
            self.opaque(_name(value), "too deep")
        elif count * each > min(self.nodes, self.room):
            self.opaque(_name(value), "too long")
        else:
            self.nodes -= count * each
            self.put(bytes((tag,)) + layout.UINT32.pack(count))
            return True
        return False

    def keys_cross(self, keys: list[Any]) -> bool:
        """Tell whether all of these may be keys, and count the costly ones."""
        costs = [key_cost(key) for key in keys]
        cost = sum(costs)
        if any(each < 0 for each in costs) or cost > self.costly_keys:
            return False
        self.costly_keys -= cost
        return True


def _name(value: object) -> str:
    return str.__str__(_type_name(type(value)))[: layout.LONGEST_KIND - 20]


# ---- one function for each type ---------------------------------------------------------------


def _none(w: _Writer, _value: None, _depth: int) -> None:
    w.put(b"N")


def _bool(w: _Writer, value: bool, _depth: int) -> None:
    w.put(b"T" if value else b"F")


def _int(w: _Writer, value: int, _depth: int) -> None:
    value = int.__index__(value)
    if -(2**63) <= value < 2**63:
        w.put(b"i" + layout.INT64.pack(value))
        return
    bits = value.bit_length()
    if bits > w.budget.max_int_bits:
        w.opaque("int", "too large", f"{bits} bits")
        return
    data = value.to_bytes(bits // 8 + 1, "little", signed=True)
    w.put(b"I" + layout.UINT32.pack(len(data)) + data)


def _float(w: _Writer, value: float, _depth: int) -> None:
    w.put(b"f" + layout.FLOAT64.pack(float.__float__(value)))


def _complex(w: _Writer, value: complex, _depth: int) -> None:
    value = complex.__complex__(value)
    w.put(b"c" + layout.TWO_FLOATS.pack(value.real, value.imag))


def _text(w: _Writer, value: str, _depth: int) -> None:
    # Escapes of lone surrogates may double the length; put() then has the last word.
    if w.fits(value, str.__len__(value)):
        w.put(b"s")
        w.text(value)


def _bytes(w: _Writer, value: bytes, _depth: int) -> None:
    length = bytes.__len__(value)
    if w.fits(value, length):
        w.put(b"b" + layout.UINT32.pack(length))
        w.put(bytes.__getitem__(value, slice(None)))


def _list(w: _Writer, value: list[Any], depth: int) -> None:
    items = list.__getitem__(value, slice(None))
    if w.enter(value, layout.LIST, len(items), depth):
        for item in items:
            w.value(item, depth + 1)


def _tuple(w: _Writer, value: tuple[Any, ...], depth: int) -> None:
    items = tuple.__getitem__(value, slice(None))
    if w.enter(value, layout.TUPLE, tuple.__len__(items), depth):
        for item in tuple.__iter__(items):
            w.value(item, depth + 1)


def _dict(w: _Writer, value: dict[Any, Any], depth: int) -> None:
    items = list(dict.items(value))
    if not w.keys_cross([key for key, _ in items]):
        w.opaque(_name(value), "keys that cannot cross")
    elif w.enter(value, layout.DICT, len(items), depth, each=2):
        for key, item in items:
            w.value(key, depth + 1)
            w.value(item, depth + 1)


def _set(w: _Writer, value: set[Any] | frozenset[Any], depth: int) -> None:
    frozen = issubclass(type(value), frozenset)
    items = list(frozenset.__iter__(value) if frozen else set.__iter__(value))  # type: ignore[arg-type]
    if not w.keys_cross(items):
        w.opaque(_name(value), "elements that cannot cross")
    elif w.enter(value, layout.FROZEN_SET if frozen else layout.SET, len(items), depth):
        for item in items:
            w.value(item, depth + 1)


def _array(w: _Writer, value: np.ndarray[Any, Any], _depth: int) -> None:
    plain = np.ndarray.view(value, np.ndarray)  # past whatever a subclass overrides
    code = layout.DTYPE_CODES.get(plain.dtype.str[1:])
    if code is None:
        w.opaque(_name(value), str(plain.dtype)[:100], f"shape {plain.shape}")
        return
    itemsize = layout.DTYPES[code].itemsize
    # A broadcast view claims far more bytes than it holds.
    too_large = span(plain.shape, itemsize) > w.room - 128
    if too_large or plain.ndim > layout.MOST_DIMENSIONS:
        w.opaque(_name(value), "too large", f"shape {plain.shape}")
        return
    w.put(bytes((layout.ARRAY, code, plain.ndim)))
    w.put(struct.pack(f"<{plain.ndim}q", *plain.shape))
    w.put(plain.astype(layout.DTYPES[code], copy=False).tobytes())


def _scalar(w: _Writer, value: np.generic, depth: int) -> None:
    code = layout.DTYPE_CODES.get(value.dtype.str[1:])
    if code is not None:
        wire = np.asarray(value, dtype=layout.DTYPES[code])
        w.put(bytes((layout.SCALAR, code)) + wire.tobytes())
    elif isinstance(value, str):
        _text(w, value, depth)
    elif isinstance(value, bytes):
        _bytes(w, value, depth)
    else:
        w.opaque(_name(value))


def _reference(w: _Writer, value: Name, _depth: int) -> None:
    w.put(bytes((layout.NAME,)))
    w.text(value.name)


def _handle(w: _Writer, value: Handle, _depth: int) -> None:
    w.put(bytes((layout.HANDLE,)) + layout.INT64.pack(value.key))
    w.text(value.kind[: layout.LONGEST_KIND], "replace")


def _seed(w: _Writer, value: Seed, depth: int) -> None:
    w.put(bytes((layout.SEED,)))
    _int(w, value.value, depth)


def _again(w: _Writer, _value: Again, _depth: int) -> None:
    w.put(bytes((layout.AGAIN,)))


def _code(w: _Writer, value: Code, _depth: int) -> None:
    w.put(bytes((layout.CODE,)))
    w.text(value.name)
    w.text(value.source)


def _tensor(w: _Writer, value: Tensor, depth: int) -> None:
    w.put(bytes((layout.TENSOR, layout.LIBRARIES.index(value.library))))
    _array(w, value.array, depth)


def _opaque(w: _Writer, value: Opaque, _depth: int) -> None:
    w.put(bytes((layout.OPAQUE,)))
    w.text(value.kind[: layout.LONGEST_KIND], "replace")
    w.text(value.text[: layout.LONGEST_TEXT], "replace")


def _unknown(w: _Writer, value: object, _depth: int) -> None:
    # Never their repr, which may raise, be endless, or print.
    w.opaque(_name(value))


_Write = Callable[[_Writer, Any, int], None]
_EXACT: dict[type, _Write] = {
    type(None): _none,
    bool: _bool,
    int: _int,
    float: _float,
    complex: _complex,
    str: _text,
    bytes: _bytes,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: _set,
    np.ndarray: _array,
    Name: _reference,
    Handle: _handle,
    Seed: _seed,
    Again: _again,
    Code: _code,
    Tensor: _tensor,
    Opaque: _opaque,
}
# np.float64 is a float, np.str_ a str: NumPy's come first.
_KIN: tuple[tuple[type, _Write], ...] = (
    (np.generic, _scalar),
    (np.ndarray, _array),
    *((kind, _EXACT[kind]) for kind in (int, float, complex, str, bytes)),
    *((kind, _EXACT[kind]) for kind in (list, tuple, dict, set, frozenset)),
)


def _kin(kind: type) -> _Write:
    """Find how to write a subclass; by its real type, since ``__class__`` may lie."""
    return next((write for base, write in _KIN if issubclass(kind, base)), _unknown)
