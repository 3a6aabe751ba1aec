"""The kinds of values that cross, each with its tag and how it is written and read.

A writer and a reader are those of :mod:`autograder.wire.values`. All that is written is taken by
the methods of the plain type, because a subclass of a learner's may have any of its own.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from autograder.errors import WireError
from autograder.wire import format as layout
from autograder.wire.protocol import Again, Code, Handle, Library, Name, Opaque, Seed, Tensor
from autograder.wire.text import clean, clean_line

__all__ = ["EXACT", "READ", "kin", "name_of", "write_opaque"]

_INT, _FLOAT, _COMPLEX = (struct.Struct(form) for form in ("<q", "<d", "<dd"))
_PAIR = struct.Struct("<BB")
_NDIMS = range(layout.MOST_DIMENSIONS + 1)
_SHAPES = tuple(struct.Struct(f"<{ndim}q") for ndim in _NDIMS)
_HEADS = tuple(struct.Struct(f"<cBB{ndim}q") for ndim in _NDIMS)
_type_name = type.__dict__["__name__"].__get__  # a metaclass may hide the attribute


class _Kind(NamedTuple):
    """write: (writer, value, depth); read: (reader, depth), by tag."""

    type: type
    write: Callable[[Any, Any, int], None]
    read: dict[bytes, Callable[[Any, int], Any]]


class _Field(NamedTuple):
    """A field of a reference, which bears no tag."""

    write: Callable[[Any, Any], None]
    read: Callable[[Any], Any]


def name_of(value: object) -> str:
    """Return the name of a value's type, short enough to be written."""
    return str.__str__(_type_name(type(value)))[: layout.LONGEST_KIND - 20]


# ---- numbers and text -------------------------------------------------------------------------


def _write_int(w: Any, value: int, _depth: int) -> None:
    value = int.__index__(value)
    if -(2**63) <= value < 2**63:
        w.put(b"i" + _INT.pack(value))
        return
    bits = value.bit_length()
    if bits > w.budget.max_int_bits:
        w.opaque(value, "too large", f"{bits} bits")
        return
    w.put(b"I")
    w.sized(value.to_bytes(bits // 8 + 1, "little", signed=True))


def _read_int(r: Any, _depth: int) -> int:
    value: int = r.whole(_INT)[0]
    return value


def _read_large_int(r: Any, _depth: int) -> int:
    return int.from_bytes(r.sized(r.budget.max_int_bits // 8 + 1), "little", signed=True)


_INTS = {b"i": _read_int, b"I": _read_large_int}


def _write_float(w: Any, value: float, _depth: int) -> None:
    w.put(b"f" + _FLOAT.pack(float.__float__(value)))


def _read_float(r: Any, _depth: int) -> float:
    value: float = r.whole(_FLOAT)[0]
    return value


def _write_complex(w: Any, value: complex, _depth: int) -> None:
    value = complex.__complex__(value)
    w.put(b"c" + _COMPLEX.pack(value.real, value.imag))


def _put_text(w: Any, text: str, errors: str = "backslashreplace") -> None:
    # A lone surrogate has no UTF-8: it crosses as the escape that a learner would type, or,
    # where the length is capped, as one character.
    w.sized(str.encode(text, "utf-8", errors))


def _text(r: Any, _depth: int = 0) -> str:
    try:
        return str(r.sized(), "utf-8")
    except UnicodeDecodeError:
        raise WireError("Text on the wire is not UTF-8.") from None


def _write_text(w: Any, value: str, _depth: int) -> None:
    # Escapes of lone surrogates may double the length; put() then has the last word.
    if w.fits(value, str.__len__(value)):
        w.put(b"s")
        _put_text(w, value)


def _write_bytes(w: Any, value: bytes, _depth: int) -> None:
    if w.fits(value, bytes.__len__(value)):
        w.put(b"b")
        w.sized(bytes.__getitem__(value, slice(None)))


# ---- containers -------------------------------------------------------------------------------


def _sequence(kind: Any, tag: bytes, *, keyed: bool = False) -> _Kind:
    """Make the kind of a container; ``keyed``: its elements must be fit for a hash table."""

    def write(w: Any, value: Any, depth: int) -> None:
        items = list(kind.__iter__(value))
        if keyed and not w.keys_cross(items):
            w.opaque(value, "elements that cannot cross")
        elif w.enter(value, tag, len(items), depth):
            for item in items:
                w.value(item, depth + 1)

    def read(r: Any, depth: int) -> Any:
        one = r.key if keyed else r.value
        items = [one(depth + 1) for _ in range(r.count(depth))]
        return items if kind is list else kind(items)

    return _Kind(kind, write, {tag: read})


def _write_dict(w: Any, value: dict[Any, Any], depth: int) -> None:
    items = list(dict.items(value))
    if items and not w.keys_cross([key for key, _ in items]):
        w.opaque(value, "keys that cannot cross")
    elif w.enter(value, b"d", len(items), depth, each=2):
        for key, item in items:
            w.value(key, depth + 1)
            w.value(item, depth + 1)


def _read_dict(r: Any, depth: int) -> dict[Any, Any]:
    count = r.count(depth, each=2)
    return {r.key(depth + 1): r.value(depth + 1) for _ in range(count)}


# ---- NumPy ------------------------------------------------------------------------------------


def _write_array(w: Any, value: np.ndarray[Any, Any], _depth: int) -> None:
    plain = np.ndarray.view(value, np.ndarray)  # past whatever a subclass overrides
    code = layout.DTYPE_CODES.get(plain.dtype.str[1:])
    if code is None:
        w.opaque(value, str(plain.dtype)[:100], f"shape {plain.shape}")
        return
    shape, ndim = plain.shape, plain.ndim
    # A broadcast view claims far more bytes than it holds.
    size = layout.span(shape, plain.itemsize)
    if size > w.room - 128 or ndim > layout.MOST_DIMENSIONS:
        w.opaque(value, "too large", f"shape {shape}")
        return
    w.put(_HEADS[ndim].pack(b"a", code, ndim, *shape))
    w.put(plain.astype(layout.DTYPES[code], copy=False).tobytes())


def _read_array(r: Any, _depth: int) -> np.ndarray[Any, Any]:
    code, ndim = r.whole(_PAIR)
    if ndim > layout.MOST_DIMENSIONS:
        raise WireError(f"An array of {ndim} dimensions passes the limit.")
    shape = r.whole(_SHAPES[ndim])
    if shape and min(shape) < 0:
        raise WireError(f"An array states the shape {shape}.")
    return _elements(r, code, shape)


def _elements(r: Any, code: int, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    if code >= len(layout.DTYPES):
        raise WireError(f"Unknown dtype {code} on the wire.")
    dtype = layout.DTYPES[code]
    # Python's integers cannot overflow; NumPy only ever sees a product that fits the budget.
    size = layout.span(shape, dtype.itemsize)
    if size > r.budget.max_bytes:
        raise WireError(f"An array states the shape {shape}, more than a message may hold.")
    data = r.take(0 if 0 in shape else size)
    # A bool that is neither 0 nor 1 is true in some of NumPy's loops and false in others.
    if code == layout.BOOL_CODE and len(data) and np.asarray(data).max() > 1:
        raise WireError("A bool on the wire is neither true nor false.")
    plain: np.ndarray[Any, Any] = np.ndarray(shape, dtype, data)
    return plain.astype(layout.NATIVE[code])


def _write_scalar(w: Any, value: np.generic, depth: int) -> None:
    code = layout.DTYPE_CODES.get(value.dtype.str[1:])
    if code is not None:
        w.put(b"n" + bytes((code,)) + np.asarray(value, dtype=layout.DTYPES[code]).tobytes())
    elif isinstance(value, str):
        _write_text(w, value, depth)
    elif isinstance(value, bytes):
        _write_bytes(w, value, depth)
    else:
        w.opaque(value)


# ---- references -------------------------------------------------------------------------------


def _told(cap: int, cleaned: Callable[[str], str]) -> _Field:
    """Make a field of text that is cut, and cleaned where a learner's program sends it."""

    def read(r: Any) -> str:
        text = _named(r, cap)
        return text if r.references else cleaned(text)

    return _Field(lambda w, text: _put_text(w, text[:cap], "replace"), read)


def _named(r: Any, cap: int = layout.LONGEST_KIND) -> str:
    text = _text(r)
    if len(text) > cap:
        raise WireError(f"A text of {len(text)} characters passes the {cap} allowed.")
    return text


def _tagged(taken: Mapping[bytes, Callable[[Any, int], Any]], what: str, write: Any) -> _Field:
    """Make a field that holds a value of one kind."""

    def read(r: Any) -> Any:
        found = taken.get(bytes(r.take(1)))
        if found is None:
            raise WireError(f"{what} on the wire is something else.")
        return found(r, 0)

    return _Field(lambda w, value: write(w, value, 0), read)


def _library(r: Any) -> Library:
    (code,) = r.take(1)
    if code >= len(layout.LIBRARIES):
        raise WireError("A tensor is for no known library.")
    library: Library = layout.LIBRARIES[code]
    return library


_NAME = _Field(_put_text, _named)
_SOURCE = _Field(_put_text, _text)
_KIND, _LONG = _told(layout.LONGEST_KIND, clean_line), _told(layout.LONGEST_TEXT, clean)
_WHOLE = _tagged(_INTS, "An integer", _write_int)
_ARRAY = _tagged({b"a": _read_array}, "An array", _write_array)
_LIBRARY = _Field(lambda w, name: w.put(bytes((layout.LIBRARIES.index(name),))), _library)


def _reference(kind: Any, tag: bytes, *parts: _Field, data: bool = False) -> _Kind:
    """Make the kind of a dataclass; ``data``: a learner's program may send it."""
    taken = [(each.name, part.write) for each, part in zip(fields(kind), parts, strict=True)]

    def write(w: Any, value: Any, _depth: int) -> None:
        w.put(tag)
        for name, put in taken:
            put(w, getattr(value, name))

    def read(r: Any, _depth: int) -> Any:
        # Invariant: a reference that a learner's program made up must never reach a check. Passed
        # on to the trusted reference solution, Code would run there, and a Name or Handle would
        # stand for the reference's own objects.
        if not (data or r.references):
            raise WireError("A learner's program may answer with data only.")
        return kind(*[part.read(r) for part in parts])

    return _Kind(kind, write, {tag: read})


_OPAQUE = _reference(Opaque, b"?", _KIND, _LONG, data=True)


def write_opaque(w: Any, kind: str, text: str) -> None:
    """Write an Opaque in the place of what cannot cross."""
    _OPAQUE.write(w, Opaque(kind, text), 0)


# ---- all of them ------------------------------------------------------------------------------

# np.float64 is a float, np.str_ a str: NumPy's come first, for who looks for a subclass's base.
_PLAIN = (
    _Kind(np.generic, _write_scalar, {b"n": lambda r, _: _elements(r, r.take(1)[0], ())[()]}),
    _Kind(np.ndarray, _write_array, {b"a": _read_array}),
    _Kind(int, _write_int, dict(_INTS)),
    _Kind(float, _write_float, {b"f": _read_float}),
    _Kind(complex, _write_complex, {b"c": lambda r, _: complex(*r.whole(_COMPLEX))}),
    _Kind(str, _write_text, {b"s": _text}),
    _Kind(bytes, _write_bytes, {b"b": lambda r, _: bytes(r.sized())}),
    _sequence(list, b"l"),
    _sequence(tuple, b"t"),
    _Kind(dict, _write_dict, {b"d": _read_dict}),
    _sequence(set, b"e", keyed=True),
    _sequence(frozenset, b"E", keyed=True),
)
_ALL = (
    *_PLAIN,
    _Kind(type(None), lambda w, _, __: w.put(b"N"), {b"N": lambda *_: None}),
    _Kind(
        bool,
        lambda w, value, _: w.put(b"T" if value else b"F"),
        {b"T": lambda *_: True, b"F": lambda *_: False},
    ),
    _reference(Name, b"@", _NAME),
    _reference(Handle, b"h", _WHOLE, _KIND),
    _reference(Seed, b"#", _WHOLE),
    _reference(Again, b"&"),
    _reference(Code, b"p", _NAME, _SOURCE),
    _reference(Tensor, b"~", _LIBRARY, _ARRAY),
    _OPAQUE,
)
EXACT = {kind.type: kind.write for kind in _ALL}
READ = {tag[0]: read for kind in _ALL for tag, read in kind.read.items()}


def kin(kind: type) -> Callable[[Any, Any, int], None]:
    """Find how to write a subclass; by its real type, since ``__class__`` may lie."""
    found = (each.write for each in _PLAIN if issubclass(kind, each.type))
    return next(found, lambda w, value, _: w.opaque(value))
