"""What learners are shown beside verdicts: a picture, fresh examples, what failures look like.

What it takes of a program, or what that dies of, costs no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from autograder.grading.apart import Beforehand
from autograder.grading.entry import Entry
from autograder.grading.examples import Examples
from autograder.grading.foresight import Foresight
from autograder.grading.plotting import Painter, paint_task
from autograder.model import Considered, Diagnosis, Plot
from autograder.plugin.bench import TRAIN
from autograder.plugin.sitting import Sitting
from autograder.sandbox.ahead import Ahead, Foresees
from autograder.sandbox.meter import TooCostly
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Crashed, Stopped

__all__ = ["PICTURE", "Drawn", "Early", "Showing"]

PICTURE = "plot.py"
"""The stage in which a picture is drawn; the others are named after their check."""
SECOND_LOOK = "second look"
"""The stage in which it is found out what failures look like."""
EXAMPLES = "fresh examples"
"""The stage in which checks with secret inputs run again with others."""

QUICK = 0.5
"""Seconds that a program computes in public checks; above, all this waits for the verdicts."""

ENDS = frozenset({"stopped", "crashed", "exited", "forged"})  # kinds of evidence

_SLOW_PICTURE = Diagnosis("note.no_picture", facts={"error": "it took too long"})

Drawn = tuple[Plot | None, tuple[Diagnosis, ...]]
"""A picture, and what is to be said where there is none."""


@dataclass(frozen=True)
class Early:
    """What was found out before any hidden check: the picture, if it was drawn, and answers."""

    drawn: Drawn | None = None
    known: Beforehand = field(default_factory=Beforehand)


@dataclass
class Showing:
    """Finds out of one program after the other what is shown of it.

    paint: draws a program, where the exercise has a picture. stage: hears what begins.
    foresight: what is asked of every program of a class; None for a learner's own check.
    consider: hears, of an entry that is to be explained, why its failures were called so.
    """

    paint: Painter | None = None
    stage: Callable[[str], None] = lambda _stage: None
    foresight: Foresight | None = None
    consider: Callable[[tuple[Considered, ...]], None] | None = None
    examples: Examples = field(default_factory=Examples)

    def before_hidden(self, sitting: Sitting, entry: Entry, hidden: Sequence[pytest.Item]) -> Early:
        """Ask the program's own process what can be asked before the hidden checks.

        What trains is drawn, not to be trained once more for it; in a class every program that is
        quick and has ended no process is, and asked what its failures will make us ask.
        """
        if sitting.bench.exercise.framework in TRAIN:
            return Early(self.drawn(sitting, sitting.session, entry))
        # By what is computed: a program that keeps count would fare otherwise on a busy machine.
        quick = sum(each.computed for each in sitting.judged) < QUICK
        if self.foresight is None or not hidden or not quick or _has_died(sitting):
            return Early()
        drawn, known = self.drawn(sitting, sitting.session, entry), Beforehand()
        with suppress(Exception, TooCostly):  # what cannot be asked now is asked later
            known.ask(sitting.session, self._will_be_asked(sitting, entry, hidden))
        return Early(drawn, known)

    def _will_be_asked(
        self, sitting: Sitting, entry: Entry, hidden: Sequence[pytest.Item]
    ) -> list[Call]:
        calls: list[Call] = []
        if entry.named and SECOND_LOOK not in entry.cuts:
            self.stage(SECOND_LOOK)
            calls += sitting.will_ask()
        if entry.examples and EXAMPLES not in entry.cuts:
            self.stage(EXAMPLES)
            calls += self.examples.will_ask(hidden, sitting)
        return calls

    def drawn(self, sitting: Sitting, shown: Session, entry: Entry) -> Drawn:
        """Draw a submission; a picture that fails costs no points, and says so."""
        paint, task = self.paint, entry.only_task
        if paint is None or not entry.draws:
            return None, ()
        bench = sitting.bench
        self.stage(PICTURE)
        if PICTURE in entry.cuts:
            paint(bench.reference, bench.reference, ())  # one that never ends is known by this
            return None, (_SLOW_PICTURE,)
        asked = shown, bench.reference, sitting.asked
        ahead = self._foreseen(sitting, shown) if not task else Ahead()
        ahead.begin(PICTURE)
        try:
            return (paint_task(paint, bench.exercise, task, *asked) if task else paint(*asked)), ()
        except TooCostly:
            return None, (_SLOW_PICTURE,)
        except Exception as fault:  # a learner's value that plot.py did not foresee
            return None, (Diagnosis("note.no_picture", facts={"error": str(fault)[:200]}),)
        finally:
            ahead.begin("")

    def _foreseen(self, sitting: Sitting, shown: Session) -> Ahead:
        """Let a program have the calls of its picture ahead, where none is known to hang."""
        if not (self.foresight and self.paint and isinstance(shown, Foresees)) or sitting.asked:
            return Ahead()
        ahead = Ahead(self.foresight.of_picture(PICTURE, self.paint, sitting.bench))
        shown.foresee(ahead)
        return ahead

    def find_examples(
        self, items: Sequence[pytest.Item], sitting: Sitting, shown: Session, entry: Entry
    ) -> None:
        """Give failed hidden checks their fresh examples."""
        if entry.examples and EXAMPLES not in entry.cuts:
            self.examples.find(items, sitting, shown, lambda: self.stage(EXAMPLES))

    def settle(self, sitting: Sitting, shown: Session, entry: Entry) -> None:
        """Say what failures look like: last, since it may change what the program answers."""
        self.stage(SECOND_LOOK)
        if not entry.named or SECOND_LOOK in entry.cuts:
            return
        with suppress(TooCostly):
            sitting.settle(shown)
        if entry.explained and self.consider is not None:
            with suppress(Exception):  # what cannot be explained is graded still
                self.consider(sitting.considered())


def _has_died(sitting: Sitting) -> bool:
    """Tell whether a check has ended the program's process: it is asked no more than it must."""
    outcomes = (exchange.outcome for each in sitting.judged for exchange in each.asked)
    told = (each.evidence.kind for each in sitting.results if each.evidence is not None)
    return not ENDS.isdisjoint(told) or any(isinstance(o, Stopped | Crashed) for o in outcomes)
