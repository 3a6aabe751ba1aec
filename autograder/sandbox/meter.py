"""What one submission may cost the process that grades it: its checks, evidence and picture.

A learner's values meet trusted code there, NumPy's and ours, which no exception of Python's gets
out of: a pattern that looks back, a sort of millions. So the kernel ends the whole process when its
processor time is used up, and whoever started it replaces it. Memory is refused where it is asked
for, which a check meets as any other exception.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.policy import MIB, Limits

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["OVER", "Meter", "aside", "release"]

OVER = 74
"""Exit code of a process that waited too long; one that computed too long dies of SIGPROF."""
LEAST_MEMORY = 1024  # MiB; a reference in TensorFlow runs here too
SHARE_ASIDE = 4  # the exercise's own programs may take so many times what a submission may
PATIENCE = 60.0  # seconds of wall time beyond what is computed; only what hangs takes that long
_LOOK = 0.5  # seconds between two looks at the clock

_aside_left = 0.0


class Meter:
    """Bounds this process from ``start`` to ``stop``, by the limits of an exercise.

    Processor time: ``limits.total`` seconds, as the program itself has. Memory: ``limits.memory``
    MiB beyond what is in use at the start. Where the system has no such limits (macOS for memory,
    Windows for both) what hangs is ended by the clock alone.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.total
        self._memory = max(limits.memory, LEAST_MEMORY) * MIB
        self._wall = (2 + SHARE_ASIDE) * limits.total + PATIENCE
        self._deadline = 0.0
        threading.Thread(target=self._watch, name="meter", daemon=True).start()

    def start(self) -> None:
        """Begin with a submission."""
        global _aside_left
        _aside_left = SHARE_ASIDE * self._seconds
        self._deadline = time.monotonic() + self._wall
        data = _data_in_use()
        if data is not None:
            _limit_data(data + self._memory)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def stop(self) -> None:
        """Be done with it."""
        self._deadline = 0.0
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK)
            if 0 < self._deadline < time.monotonic():
                os._exit(OVER)


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Let a program of the exercise's own run, at first at no cost to the submission.

    The first of a class to make a mistake would otherwise pay for the training of every variant.
    """
    global _aside_left
    left = signal.getitimer(signal.ITIMER_PROF)[0] if hasattr(signal, "getitimer") else 0.0
    if not left:
        yield
        return
    granted = _aside_left
    signal.setitimer(signal.ITIMER_PROF, left + granted)
    try:
        yield
    finally:
        used = max(0.0, left + granted - signal.getitimer(signal.ITIMER_PROF)[0])
        _aside_left = max(0.0, granted - used)
        # Nought would switch the timer off.
        signal.setitimer(signal.ITIMER_PROF, max(0.001, left - max(0.0, used - granted)))


def release() -> None:
    """Take the limit of memory off: for a process that one under a meter has started."""
    if resource is not None:
        _limit_data(resource.RLIM_INFINITY)


def _limit_data(amount: int) -> None:
    assert resource is not None
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = amount if hard == resource.RLIM_INFINITY else hard
    if hard != resource.RLIM_INFINITY and amount != resource.RLIM_INFINITY:
        soft = min(amount, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_in_use() -> int | None:
    """Return the bytes that RLIMIT_DATA counts; None where the kernel does not say."""
    if resource is None:
        return None
    try:
        text = Path("/proc/self/status").read_bytes()
    except OSError:
        return None
    for line in text.splitlines():
        if line.startswith(b"VmData:"):
            return int(line.split()[1]) * 1024
    return None
