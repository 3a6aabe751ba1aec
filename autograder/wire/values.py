"""Values as bytes and back: plain data, arrays, and the protocol's few references.

What crosses: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, NumPy
arrays and scalars of the numeric dtypes, and Name, Handle, Seed, Again, Code, Tensor, Opaque. There
is no way to name a class or a function to be called, and nothing is allocated on a sender's claim.
"""

from __future__ import annotations

import struct
from typing import Any

from autograder.errors import WireError
from autograder.wire.format import MOST_COSTLY_KEYS, UINT32, Budget, key_cost
from autograder.wire.kinds import EXACT, READ, kin, name_of, write_opaque

__all__ = ["Budget", "decode", "decode_row", "encode", "encode_row"]

_DEFAULT = Budget()


def encode(value: object, budget: Budget = _DEFAULT, *, strict: bool = False) -> bytes:
    """Write a value.

    What cannot cross (an unknown type, too deep, too many, too long for the budget) becomes an
    Opaque in its place, or with ``strict`` raises WireError. WireError too when the whole is
    longer than the budget.
    """
    return encode_row((value,), budget, strict)


def encode_row(values: tuple[object, ...], budget: Budget, strict: bool) -> bytes:
    """Write values one behind the other; how many is not written. Else as :func:`encode`."""
    writer = _Writer(budget, strict)
    for value in values:
        writer.value(value, 0)
    return b"".join(writer.pieces)


def decode(data: bytes | memoryview, budget: Budget, *, references: bool = True) -> Any:
    """Read one value that fills the bytes exactly; arrays are writable and own their memory.

    Without ``references`` Name, Handle, Seed, Again, Code and Tensor are refused and the text of an
    Opaque is cleaned: so must everything be read that a learner's program sends. Raises WireError,
    and nothing else, for bytes that do not follow the layout or pass the budget.
    """
    return decode_row(data, 1, budget, references)[0]


def decode_row(data: bytes | memoryview, count: int, budget: Budget, references: bool) -> list[Any]:
    """Read so many values that fill the bytes exactly. Else as :func:`decode`."""
    reader = _Reader(data, budget, references)
    try:
        values = [reader.value(0) for _ in range(count)]
    except (MemoryError, RecursionError) as error:
        raise WireError(f"A value could not be rebuilt: {type(error).__name__}.") from None
    except (IndexError, struct.error):  # of data, which ends at its end
        raise WireError("The bytes end within a value.") from None
    if reader.left():
        raise WireError(f"{reader.left()} bytes follow the value.")
    return values


class _Writer:
    """Runs beside the learner's code too, so it calls none of their methods."""

    def __init__(self, budget: Budget, strict: bool) -> None:
        self.budget = budget
        self.strict = strict
        self.pieces: list[bytes] = []
        self.room = budget.max_bytes
        self.nodes = budget.max_nodes - 1
        self.costly_keys = MOST_COSTLY_KEYS

    def put(self, piece: bytes) -> None:
        self.room -= len(piece)
        if self.room < 0:
            raise WireError(f"A value is longer than the {self.budget.max_bytes} bytes allowed.")
        self.pieces.append(piece)

    def value(self, value: Any, depth: int) -> None:
        kind = type(value)
        # A metaclass of the learner's may have a __hash__ of its own.
        write = EXACT.get(kind) if type(kind) is type else None
        (write or kin(kind))(self, value, depth)

    def sized(self, data: bytes) -> None:
        self.put(UINT32.pack(len(data)) + data)

    def opaque(self, value: object, why: str = "", text: str = "") -> None:
        """Say that a value cannot cross: never by its repr, which may raise, print, or not end."""
        kind = f"{name_of(value)} ({why})" if why else name_of(value)
        if self.strict:
            raise WireError(f"A value of type {kind} cannot be sent to a program.")
        write_opaque(self, kind, text)

    def fits(self, value: object, length: int) -> bool:
        """Tell whether so many bytes still fit; if not, write an Opaque instead."""
        if length <= self.room - 64 and length < 2**32:
            return True
        self.opaque(value, "too large")
        return False

    def enter(self, value: object, tag: bytes, count: int, depth: int, each: int = 1) -> bool:
        """Open a container of ``count`` items; if it cannot be, write an Opaque instead."""
        if depth >= self.budget.max_depth:
            self.opaque(value, "too deep")
        elif count * each > min(self.nodes, self.room):
            self.opaque(value, "too long")
        else:
            self.nodes -= count * each
            self.put(tag + UINT32.pack(count))
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


class _Reader:
    """Reads what an enemy may have written."""

    def __init__(self, data: bytes | memoryview, budget: Budget, references: bool) -> None:
        self.data = memoryview(data)
        self.end = len(self.data)
        self.at = 0
        self.budget = budget
        self.nodes = budget.max_nodes - 1
        self.costly_keys = MOST_COSTLY_KEYS
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

    def whole(self, form: struct.Struct) -> tuple[Any, ...]:
        """Take numbers of a fixed form; struct.error where the bytes end before."""
        start = self.at
        self.at = start + form.size
        return form.unpack_from(self.data, start)

    def value(self, depth: int) -> Any:
        tag = self.data[self.at]
        self.at += 1
        read = READ.get(tag)
        if read is None:
            raise WireError(f"Unknown tag {tag} on the wire.")
        return read(self, depth)

    def sized(self, most: int | None = None) -> memoryview:
        (length,) = self.whole(UINT32)
        if most is not None and length > most:
            raise WireError(f"A value of {length} bytes passes the {most} allowed.")
        return self.take(length)

    def count(self, depth: int, each: int = 1) -> int:
        """Read a container's count, checked before anything is built: each item has a byte."""
        (count,) = self.whole(UINT32)
        if depth >= self.budget.max_depth:
            raise WireError(f"Values are nested deeper than {self.budget.max_depth}.")
        amount: int = count * each
        if amount > self.end - self.at:
            raise WireError(f"A container states {count} items; {self.left()} bytes are left.")
        self.nodes -= amount
        if self.nodes < 0:
            raise WireError(f"More than {self.budget.max_nodes} values in one message.")
        return int(count)

    def key(self, depth: int) -> Any:
        key = self.value(depth)
        cost = key_cost(key)
        self.costly_keys -= cost
        if cost < 0 or self.costly_keys < 0:
            raise WireError(f"A value of type {type(key).__name__} cannot be a key here.")
        return key
