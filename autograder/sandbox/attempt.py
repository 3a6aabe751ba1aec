"""What a first inmate tries, to prove that no inmate can."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import mmap
import os
import resource
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from autograder.sandbox import kernel
from autograder.sandbox.orders import Trial
from autograder.sandbox.policy import MIB, Limits

__all__ = ["attempt"]


def attempt(trial: Trial, limits: Limits) -> bytes:
    """Attack every layer from inside, and write which of them held."""
    server = _server()
    held = {
        "files": all(_refused(partial(_read, path)) for path in trial.secrets),
        "writes": all(_refused(partial(_write, path)) for path in trial.writable),
        "network": all(
            _refused(partial(_connect, family, address))
            for family, address in (
                (socket.AF_INET, ("127.0.0.1", trial.port)),
                (socket.AF_UNIX, "\0" + trial.name),
            )
        ),
        "fork": _refused(_fork),
        "exec": _refused(lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"])),  # noqa: S606
        "kill": _refused(lambda: os.kill(server, 0)),
        "trace": _traced_nobody(server),
        "mount": _refused(lambda: kernel.mount_tmpfs("/usr", 4096))
        and _refused(lambda: kernel.unshare(kernel.CLONE_NEWUSER)),
        "memory": _memory_is_bounded(),
        "user": _unprivileged(),
        "processes": os.getpid() == 1,
        "scratch": _scratch_is_bounded(limits),
    }
    return json.dumps(held).encode()


def _server() -> int:
    """Name a process outside: the server, or in a namespace one that is not there."""
    return os.getppid() or 2


def _refused(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return True
    return False


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - the plainest way in
        return file.read(1)


def _write(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)  # noqa: PTH108


def _connect(family: int, address: tuple[str, int] | str) -> None:
    with socket.socket(family) as sock:
        sock.settimeout(1)
        sock.connect(address)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _traced_nobody(server: int) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    target = ctypes.c_char()
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(target), 1)
    seize = 0x4206
    return (
        library.ptrace(seize, server, None, None) == -1
        and library.process_vm_readv(server, vector, 1, vector, 1, 0) == -1
        and _refused(lambda: _read(f"/proc/{server}/mem"))
        and _refused(lambda: _read(f"/proc/{server}/environ"))
        and _refused(lambda: resource.prlimit(server, resource.RLIMIT_CPU))
    )


def _memory_is_bounded() -> bool:
    bound = resource.getrlimit(resource.RLIMIT_DATA)[0]
    if bound == resource.RLIM_INFINITY:
        return False
    with contextlib.suppress(OSError):
        mmap.mmap(-1, bound, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
        return False
    return _refused(lambda: os.close(os.memfd_create("trial")))


def _unprivileged() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    words = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    # With a user of its own, CAP_DAC_READ_SEARCH may stay where Landlock bounds it.
    held = int(words["CapEff"], 16) & ~(1 << 2)
    return not held and words["NoNewPrivs"] == "1" and os.getuid() != 0 and _refused(_become_root)


def _become_root() -> None:
    os.setuid(0)


def _scratch_is_bounded(limits: Limits) -> bool:
    here = os.statvfs(".")
    try:
        _write("trial")
    except OSError as error:
        return error.errno == errno.ENOSPC
    return here.f_blocks * here.f_frsize <= 4 * limits.file_size * MIB
