"""What workers share: on Linux they are forks of one process that has imported what all need.

PyTorch takes seconds to import, TensorFlow more; so they are imported once for all workers. That
process runs nothing: an operation would start threads, and a fork has none of them. It is a child
of this one and ends with its last pool, or with it. Elsewhere, where libraries do not survive a
fork, each worker imports for itself.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.sandbox.opening import EAGER, PRELOAD_IN_CAGE, Kind
from autograder.sandbox.orphan import leave_with
from autograder.sandbox.plain import AS_IN_THE_CAGE

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from autograder.sandbox.launch import Launched
    from autograder.sandbox.orders import Line

__all__ = ["FORKS", "Nursery", "born", "work"]

FORKS = sys.platform == "linux"
APART, OWN = "autograder.grading.own_session", "autograder.grading.worker"
IMPORTS = {
    "torch": ("numpy.random", EAGER, "torch"),
    "tensorflow": ("numpy.random", "autograder.sandbox.quiet_tensorflow", "keras"),
}
# Nothing from the folder that the grader stands in: there a submission may be called typing.py.
SETTINGS = {**AS_IN_THE_CAGE, "PYTHONSAFEPATH": "1"}
_lock = threading.Lock()
_pools = 0
_ours = False  # whether the process was started for us, and may be ended


class Nursery:
    """One pool's share in that process, and the server in the cage that its workers share.

    hidden: what no submission may see.
    """

    def __init__(self, framework: str, sandbox: Kind, hidden: tuple[Path, ...]) -> None:
        global _pools, _ours
        self._open = True
        caged = FORKS and sandbox in ("cage", "namespaces")
        self._server: Launched | None = None
        if caged:
            from autograder.sandbox.launch import launch_for_several

            self._server = launch_for_several(PRELOAD_IN_CAGE[framework], hidden)
        with _lock:
            _pools += 1
            if FORKS and not _running():
                preload = [APART, *IMPORTS.get(framework, ()), OWN]
                multiprocessing.get_context("forkserver").set_forkserver_preload(preload)
                _ours = True

    @property
    def context(self) -> BaseContext:
        """How processes are started."""
        return multiprocessing.get_context("forkserver" if FORKS else "spawn")

    def line(self) -> Line | None:
        """Return a worker's own line to the server; None where it has none or starts its own."""
        return self._server.join() if self._server is not None else None

    @contextmanager
    def imports(self) -> Iterator[None]:
        """Start workers in here: what they import finds the settings that submissions have too.

        So the reference gives the same last digits. And threads of several workers, one for each
        core, would wait for one another by spinning: that took six times what the checks take.
        """
        before = {name: os.environ.get(name) for name in SETTINGS}
        os.environ.update(SETTINGS)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value

    def begin(self) -> None:
        """Start that process; it imports while the caller goes on. OSError where it cannot be."""
        if FORKS:
            with self.imports():
                _server().ensure_running()

    def close(self) -> None:
        """Give the share back; the last one ends the process."""
        global _pools, _ours
        if self._server is not None:
            self._server.stop()
        with _lock:
            if self._open:
                self._open = False
                _pools -= 1
            if FORKS and not _pools and _ours:
                _ours = False
                _end_server()


def born() -> None:
    """Be a fork: with random numbers of its own, and ended by the kernel with its pool's process.

    The one that forks is its parent, and would end too late: it has much to tidy up.
    """
    import fcntl

    from autograder.sandbox.generators import reseed

    reseed()
    leave_with(f"{os.getppid()}:kernel", group=False)
    grader = multiprocessing.parent_process()
    assert grader is not None
    ends = grader.sentinel  # a pipe, whose other end is open while that process is
    fcntl.fcntl(ends, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(ends, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(ends, fcntl.F_SETFL, os.O_ASYNC)
    if wait([ends], 0):  # before that was said
        os._exit(1)


def work(*given: Any) -> None:
    """Be a worker; whoever starts one need not load what it runs."""
    importlib.import_module(OWN).work(*given)


def _end_server() -> None:
    """End the process with its imports, which would take a second or two to clean up by itself."""
    server = _server()
    with suppress(ProcessLookupError, TypeError):
        os.kill(server._forkserver_pid, signal.SIGKILL)
    server._stop()


def _server() -> Any:
    from multiprocessing import forkserver

    return forkserver._forkserver


def _running() -> bool:
    return getattr(_server(), "_forkserver_pid", None) is not None
