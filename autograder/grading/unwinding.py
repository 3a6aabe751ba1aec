"""Ending a process in the middle of its work, so that all that it has started ends too."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

__all__ = ["until_told"]


def until_told(run: Callable[[], None]) -> None:
    """Run something until it ends or SIGTERM comes, which unwinds it, and say nothing either way.

    The signal may come at any step, also while an exception is being handled, when all is over or
    once more. It unwinds once; from then on it means nothing.
    """
    going = True

    def told(_number: int, _frame: FrameType | None) -> None:
        nonlocal going
        if going:
            going = False
            raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGTERM, told)
        run()
        going = False
    except BaseException:
        if going:
            raise
        # Told to end: what passes here is the interrupt, or what others made of it on its way.
    going = False
