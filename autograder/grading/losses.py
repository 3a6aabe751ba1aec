"""Workers that were lost with a submission: whether it is tried again, and whose fault it was."""

from __future__ import annotations

import signal
from collections import Counter

from autograder.sandbox.meter import OVER

__all__ = ["Losses"]

TRIES = 2
MOST_CUTS = 3  # stages of one submission that were too costly, before it is given up
ENOUGH = 2  # submissions in which the same stage never ends: then it is known for the class


class Losses:
    """Remembers what was lost.

    hopeless: why no submission can be graded any more, or nothing.
    """

    def __init__(self) -> None:
        self.hopeless = ""
        self._tries: Counter[str] = Counter()
        self._cuts: dict[str, tuple[str, ...]] = {}
        self._endless: Counter[str] = Counter()

    def cuts(self, learner: str) -> tuple[str, ...]:
        """Return the stages in which a learner's submission was too costly."""
        return self._cuts.get(learner, ())

    def forget(self, learner: str) -> None:
        """Be done with a learner."""
        self._tries.pop(learner, None)
        self._cuts.pop(learner, None)

    def why_not_again(self, learner: str, exit_code: int | None, stage: str) -> str:
        """Say why a submission whose worker ended is not tried again; nothing if it is.

        A worker that was ended by its own meter was too costly in some stage. That is judged by the
        next one, with the reference in the learner's place: where that ends the same way, the check
        or the picture is at fault. Any other death is tried once more.
        """
        if exit_code not in (OVER, -getattr(signal, "SIGPROF", OVER)):
            self._tries[learner] += 1
            return "" if self._tries[learner] < TRIES else "the grading worker died twice"
        cuts = self.cuts(learner)
        if stage in cuts:
            why = f"{stage} does not end in time, with the reference in the learner's place either"
            self._endless[stage] += 1
            if self._endless[stage] >= ENOUGH:
                self.hopeless = why
            return why
        if not stage or len(cuts) >= MOST_CUTS:
            return "grading it takes longer than it may, and not in one check alone"
        self._cuts[learner] = (*cuts, stage)
        return ""
