"""The layout of values on the wire: the dtypes allowed, and the budget both sides keep to.

A value is one tag byte and its payload, little-endian throughout. A container states how many
values follow; text and bytes state their length; an array states dtype, shape and nothing else,
because the two determine its length.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autograder.wire.protocol import Library

__all__ = ["Budget", "key_cost"]

MIB = 1024 * 1024

LIBRARIES: tuple[Library, ...] = ("torch", "tensorflow")

UINT32 = struct.Struct("<I")

# By index on the wire. Neither objects nor structures, which hold pointers and padding; no
# longdouble, whose bits differ from host to host.
DTYPES = tuple(
    np.dtype(f"<{name}")
    for name in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()  # noqa: SIM905
)
DTYPE_CODES = {dtype.str[1:]: code for code, dtype in enumerate(DTYPES)}
NATIVE = tuple(dtype.newbyteorder("=") for dtype in DTYPES)
BOOL_CODE = DTYPE_CODES["b1"]

MOST_DIMENSIONS = 8
MOST_COSTLY_KEYS = 2000
LONGEST_KIND = 200
LONGEST_TEXT = 4096


@dataclass(frozen=True)
class Budget:
    """What one message may use.

    max_bytes: its length. max_depth: containers inside containers. max_nodes: values altogether.
    max_int_bits: length of an integer, below where Python refuses to print it.
    """

    max_bytes: int = 64 * MIB
    max_depth: int = 32
    max_nodes: int = 200_000
    max_int_bits: int = 4096

    @classmethod
    def for_frame(cls, max_frame: int) -> Budget:
        """Return the budget of a message in a frame of so many bytes; its nonce takes 8."""
        return cls(max_bytes=max_frame - 8)


def span(shape: tuple[int, ...], itemsize: int) -> int:
    """Bytes that a shape would take with its empty axes left out.

    An empty array costs nothing, whatever its other axes claim, so they are bounded by this.
    """
    size = math.prod(shape)
    return (size or math.prod(length for length in shape if length)) * itemsize


def key_cost(value: object, levels: int = 4) -> int:
    """Tell whether a value may be a dict's key or a set's element.

    Returns -1 if not, 1 if it counts against the few keys whose hash a sender can choose, else 0.
    """
    # Invariant: hashes of tuples and complex numbers can be made equal at will, and a thousand
    # equal hashes cost a million comparisons. Text and bytes have a secret seed; of int64 and
    # floats only a few dozen share a hash.
    kind = type(value)
    if value is None or issubclass(kind, str | bytes | float):
        return 0
    if issubclass(kind, int):
        return 0 if -(2**63) <= int.__index__(value) < 2**63 else -1  # type: ignore[arg-type]
    if issubclass(kind, complex):
        return 1
    if issubclass(kind, np.generic):
        dtype = value.dtype  # type: ignore[attr-defined]
        return int(dtype.kind == "c") if dtype.str[1:] in DTYPE_CODES else -1
    if issubclass(kind, tuple) and levels:
        items: Any = tuple.__iter__(value)  # type: ignore[arg-type]
        return -1 if any(key_cost(item, levels - 1) < 0 for item in items) else 1
    return -1
