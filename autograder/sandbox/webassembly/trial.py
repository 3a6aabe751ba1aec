"""What a first guest tries, to prove that no guest can."""

from __future__ import annotations

import json
from collections.abc import Callable

__all__ = ["attempt", "code"]


def code(trial: str) -> str:
    """Write the turn that runs the trial in a guest; ``trial`` is JSON."""
    return (
        "from autograder.sandbox.webassembly.trial import attempt; import _host; "
        f"_ = _host.call(attempt({trial!r}))"
    )


def attempt(trial: str) -> bytes:
    """Attack every layer from inside a guest, and write which of them held."""
    goal = json.loads(trial)
    held = {
        "files": all(_refused(lambda path=path: _read(path)) for path in goal["secrets"]),  # type: ignore[misc]
        "writes": all(_refused(lambda path=path: _write(path)) for path in goal["writable"]),  # type: ignore[misc]
        "network": _refused(lambda: _connect(goal["port"])),
        "fork": _refused(_fork),
        "exec": _refused(_run_another),
        "kill": _refused(_kill),
        "trace": _refused(_look_into_memory),
        "mount": _refused(_mount),
        "memory": _refused(_take_memory),
        "user": _refused(_become_root),
        "processes": _refused(_look_at_processes),
        "scratch": _scratch_is_bounded(),
    }
    return json.dumps(held).encode()


def _refused(action: Callable[[], object]) -> bool:
    """Tell whether something cannot be done: it is forbidden, or there is no such thing."""
    try:
        action()
    except (OSError, ImportError, AttributeError, MemoryError, NotImplementedError, RuntimeError):
        return True
    return False


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - the plainest way in
        return file.read(1)


def _write(path: str) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"x")


def _connect(port: int) -> None:
    import socket

    with socket.socket() as sock:
        sock.settimeout(1)
        sock.connect(("127.0.0.1", port))


def _fork() -> None:
    import os

    if os.fork() == 0:
        os._exit(0)


def _run_another() -> None:
    import subprocess
    import sys

    subprocess.run([sys.executable or "python", "-c", ""], check=False)


def _kill() -> None:
    import os

    os.kill(os.getppid(), 0)


def _look_into_memory() -> None:
    import ctypes

    ctypes.CDLL(None)


def _mount() -> None:
    import os

    os.symlink("/", "/tmp/out")  # noqa: PTH211, S108 - the nearest that there is
    os.listdir("/tmp/out")  # noqa: PTH208, S108


def _take_memory() -> None:
    bytearray(512 * 2**20)


def _become_root() -> None:
    import os

    os.setuid(0)


def _look_at_processes() -> None:
    import os

    os.listdir("/proc")  # noqa: PTH208


def _scratch_is_bounded() -> bool:
    """Tell whether files may be written, and not without end."""
    piece = bytes(2**20)
    _write("/tmp/small")  # noqa: S108
    for number in range(80):
        try:
            with open(f"/tmp/{number}", "wb") as file:  # noqa: PTH123, S108
                file.write(piece)
        except OSError:
            return True
    return False
