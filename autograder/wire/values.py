"""Values as bytes and back: plain data, arrays, and the protocol's few references.

What crosses: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, NumPy
arrays and scalars of the numeric dtypes, and Name, Handle, Seed, Again, Code, Tensor, Opaque. There
is no way to name a class or a function to be called, and nothing is allocated on a sender's claim.
"""

from __future__ import annotations

from autograder.wire.decoder import decode
from autograder.wire.encoder import encode
from autograder.wire.format import Budget

__all__ = ["Budget", "decode", "encode"]
