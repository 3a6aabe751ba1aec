"""What a notebook would show below its cells: what they print, the last value, the figures.

It is for a reader's eyes only: no verdict rests on it, and none of it is worth a failure.
"""

from __future__ import annotations

import io
import sys
import time
from contextlib import suppress
from typing import Any

from autograder.sandbox.output import CappedOutput, captured
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import LARGEST_FIGURE, MOST_FIGURES, Shown

__all__ = ["Display"]

LONGEST_VALUE = 4000
DOTS_PER_INCH = 72


class Display:
    """Collects what the parts of a program show, one after the other.

    Figures are drawn and closed at the end of each part, as a notebook does it.
    """

    def __init__(self, limits: Limits) -> None:
        self.shown: list[Shown] = []
        # Drawing takes time of the learner's own limit: it must not be what passes it.
        self._until = time.monotonic() + limits.wall / 2
        self._value = ""
        self._figures = 0

    def keep_value(self, value: object) -> None:
        """Remember the last expression's value; None is not shown."""
        if value is not None:
            with suppress(Exception):
                self._value = repr(value)[:LONGEST_VALUE]

    def keep_text(self, text: str) -> None:
        """Remember the text that stands for the last expression's value."""
        self._value = text[:LONGEST_VALUE]

    def end_part(self, label: str, printed: str) -> None:
        """Put together what a part has shown."""
        figures: tuple[bytes, ...] = ()
        with suppress(Exception), captured(CappedOutput(LONGEST_VALUE)):
            figures = self._drawn()
        if printed or self._value or figures:
            self.shown.append(Shown(label, printed, self._value, figures))
        self._value = ""

    def _drawn(self) -> tuple[bytes, ...]:
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return ()
        pictures = []
        for number in pyplot.get_fignums():
            if self._figures < MOST_FIGURES and time.monotonic() < self._until:
                stream = io.BytesIO()
                pyplot.figure(number).savefig(stream, format="png", dpi=DOTS_PER_INCH)
                if stream.tell() <= LARGEST_FIGURE:
                    pictures.append(stream.getvalue())
                    self._figures += 1
            pyplot.close(number)
        return tuple(pictures)
