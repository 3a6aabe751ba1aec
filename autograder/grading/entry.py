"""A submission as it comes to be graded."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model import Diagnosis, Evidence
from autograder.wire.protocol import Program

__all__ = ["Entry"]


@dataclass(frozen=True)
class Entry:
    """A submission as the loop takes it.

    program: None when the file could not be read; ``problem`` then says why.
    seed: varies the checks' random inputs; 0 when grading.
    until_failure: end at the first check that does not pass, for who asks only whether one does.
    only_task: run the checks of one task; all when empty.
    named: take a second look at what failed, for the misunderstanding behind it.
    draws: make the exercise's picture of it too; of one task, the panels that belong to it.
    cuts: the stages, checks or the picture, in which a worker that graded it came to its limits.
    unseen: run each public check that draws inputs and passed once more, with inputs that learners
    do not have. For grading: an audit varies the seed itself.
    examples: find, for checks that failed with such inputs, others that may be shown.
    explained: tell also what became of each misconception that a failure might have been.
    """

    learner: str
    file: str
    program: Program | None
    problem: Evidence | None = None
    sha256: str = ""
    content: str = ""
    fingerprint: str = ""
    notes: tuple[Diagnosis, ...] = ()
    seed: int = 0
    until_failure: bool = False
    only_task: str = ""
    named: bool = True
    draws: bool = False
    cuts: tuple[str, ...] = ()
    unseen: bool = False
    examples: bool = False
    explained: bool = False
