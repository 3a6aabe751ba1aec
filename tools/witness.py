"""Watching over a class being graded: what was touched, who rang, who was left behind."""

from __future__ import annotations

import ctypes
import hashlib
import os
import socket
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

__all__ = ["Doorbell", "adopt_orphans", "changes", "left_behind", "snapshot"]

PORTS = range(47650, 47670)
PR_SET_CHILD_SUBREAPER = 36
LEFT_OUT = {"__pycache__"}


def snapshot(paths: Iterable[Path]) -> dict[str, str]:
    """Return the state of everything below these paths: content, mode, time of change."""
    found = {}
    for root in paths:
        for path in [root, *sorted(root.rglob("*"))]:
            if LEFT_OUT & set(path.parts):
                continue
            state = path.lstat()
            changed = 0 if path.is_dir() else state.st_mtime_ns
            content = path.read_bytes() if path.is_file() else b""
            text = f"{state.st_mode} {changed} {hashlib.sha256(content).hexdigest()}"
            found[str(path)] = text
    return found


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Name the paths that appeared, disappeared or changed between two snapshots."""
    return sorted({path for path, _ in before.items() ^ after.items()})


class Doorbell:
    """Somebody who listens on a port of this machine, and counts who comes. A context manager.

    Raises OSError when no port is free.
    """

    def __init__(self) -> None:
        self.rings = 0
        self._socket = _listen()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port's number: the same on each run, unless somebody else has it."""
        number: int = self._socket.getsockname()[1]
        return number

    def __enter__(self) -> Doorbell:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def _answer(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.rings += 1
            line.close()


def _listen() -> socket.socket:
    for port in PORTS:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise OSError(f"no port from {PORTS.start} to {PORTS.stop - 1} is free on this machine")


def adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left_behind() -> list[str]:
    """Name the processes that descend from this one and still run; bury those that ended.

    Only with :func:`adopt_orphans`, and when no child is supposed to run.
    """
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if ended == 0:
            break
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            head, _, tail = (folder / "stat").read_text().rpartition(")")
            parents[int(folder.name)] = int(tail.split()[1])
            names[int(folder.name)] = f"{folder.name} {head.partition('(')[2]}"
        except (OSError, ValueError, IndexError):
            continue
    return [names[pid] for pid in parents if _descends(pid, os.getpid(), parents)]


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False
