"""An alarm that goes by the CPU seconds of this process, which a busy machine does not lengthen."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["Alarm"]

LEAST = 0.001  # nought would switch a timer off


class Alarm:
    """Calls ``ring`` once this process has computed for too long; never where it cannot.

    Only the main thread hears it, between two steps of Python. What waits, what computes in one
    long step, and a program that takes the alarm away, meet their keeper's own clock later.
    Windows has no such timer, nor has any thread but the main one.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        in_main = threading.current_thread() is threading.main_thread()
        self._usable = in_main and hasattr(signal, "setitimer")
        if self._usable:

            def heard(_number: int, _frame: FrameType | None) -> None:
                ring()

            signal.signal(signal.SIGPROF, heard)

    def after(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Ring when the block has computed for so many seconds."""
        return _Block(self._set, seconds)

    @contextlib.contextmanager
    def put_off(self, seconds: float = 0.0) -> Iterator[None]:
        """Let the block have ``seconds`` of its own, or all that it takes."""
        left = self._left()
        self._set(seconds)
        try:
            yield
        finally:
            if left:
                self._set(max(LEAST, left))

    def _left(self) -> float:
        return signal.getitimer(signal.ITIMER_PROF)[0] if self._usable else 0.0

    def _set(self, seconds: float) -> None:
        if self._usable:
            signal.setitimer(signal.ITIMER_PROF, seconds)


class _Block:
    """A block for which a timer is set."""

    def __init__(self, set_timer: Callable[[float], None], seconds: float) -> None:
        self._set_timer = set_timer
        self._seconds = seconds

    def __enter__(self) -> None:
        self._set_timer(self._seconds)

    def __exit__(self, *_error: object) -> None:
        self._set_timer(0.0)
