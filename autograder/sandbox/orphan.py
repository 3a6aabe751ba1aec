"""Leaving with the grader: what a process without a cage does when the grader was killed.

Idle, it sees its channel close. Busy with a learner's endless loop it sees nothing, and would go on
until its CPU limit, which Windows does not even have.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
import time

__all__ = ["leave_with", "parent_argument"]

_SECONDS_BETWEEN_LOOKS = 0.5


def parent_argument() -> str:
    """Say who starts a process, for its :func:`leave_with`."""
    # The kernel means the thread that starts it, not its process: a thread that ends would take
    # a session along that others still use.
    by_kernel = sys.platform == "linux" and threading.current_thread() is threading.main_thread()
    return f"{os.getpid()}:{'kernel' if by_kernel else 'watch'}"


def leave_with(argument: str, *, group: bool = True) -> None:
    """Have this process end when the one ends that wrote ``argument``; at once if it is gone.

    group: end all of its process group too, where it leads one.
    """
    number, _, way = argument.partition(":")
    parent = int(number)
    if way == "kernel":
        # No thread where there need be none: a fork beside one draws a warning.
        from autograder.sandbox import kernel

        with contextlib.suppress(OSError):  # forbidden by whatever is around us
            kernel.die_with_parent()
        if os.getppid() != parent:  # it ended before it could be said
            os._exit(1)
        return
    # Not one of threading's, so that a learner who lists threads sees their own.
    _thread.start_new_thread(_watch, (parent, group))


def _watch(parent: int, group: bool) -> None:
    if sys.platform == "win32":
        import _winapi

        with contextlib.suppress(OSError):  # gone already
            handle = _winapi.OpenProcess(_winapi.SYNCHRONIZE, False, parent)
            _winapi.WaitForSingleObject(handle, _winapi.INFINITE)
        os._exit(1)
    else:
        # A learner's code may put something else in their place.
        parent_now, sleep, kill, leave = os.getppid, time.sleep, os.killpg, os._exit
        while parent_now() == parent:  # whoever has lost its parent is given another
            sleep(_SECONDS_BETWEEN_LOOKS)
        if not group:
            leave(1)
        kill(0, signal.SIGKILL)  # with what it has started
