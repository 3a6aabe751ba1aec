"""What was graded once, made ready to be graded again: from its kept program, or where it lay."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.catalogue import Course, Exercise
from autograder.grading.classroom import Basis, entry_of
from autograder.grading.entry import Entry
from autograder.grading.store import ResultStore
from autograder.grading.taking import taken_again
from autograder.model import Result
from autograder.submission.discover import Wanted

__all__ = ["Again", "entries_again"]

OF_GRADING = frozenset({"note.by_heart", "note.kept_better", "note.no_picture"})
"""Remarks that a grading makes itself; the others are on what was handed in."""


@dataclass(frozen=True)
class Again:
    """A stored result with its submission: an entry, or a sentence that says why there is none."""

    learner: str
    entry: Entry | None = None
    why: str = ""


def entries_again(
    results: Iterable[Result], store: ResultStore, course: Course, exercise: Exercise, basis: Basis
) -> Iterator[Again]:
    """Make ready what lies behind stored results, each with its own learner, notes and seed.

    The program that is kept beside the results is the very one that was graded. Where none is, as
    in an nbgrader course, the submission is taken from where it lay, if it is still the same.
    """
    lost: dict[str, Result] = {}
    for result in results:
        entry = _of_kept(result, store, exercise, basis)
        if entry is not None:
            yield Again(result.learner, entry)
        else:
            lost[result.learner] = result
    handed = store.journal.handed() if lost else {}
    for learner in sorted(lost.keys() - handed.keys()):
        yield Again(learner, why="its program is not kept, and nobody noted where it lay")
    wanted = Wanted.of(course, exercise)
    others = frozenset(course.exercises) - {exercise.name}
    lines = [handed[learner] for learner in sorted(lost.keys() & handed.keys())]
    for taken in taken_again(lines, wanted, others) if lines else ():
        if taken.submission is None:
            yield Again(taken.learner, why=taken.why)
            continue
        entry = entry_of(taken.submission, exercise, basis)
        yield Again(taken.learner, dataclasses.replace(entry, seed=lost[taken.learner].seed))


def _of_kept(result: Result, store: ResultStore, exercise: Exercise, basis: Basis) -> Entry | None:
    """Return the entry of a program that is kept, or of a file of which none could be read."""
    program = store.programs.of(result)
    unread = result.problem is not None and result.problem.kind != "fault"
    if program is None and not unread:
        return None
    if program is not None:
        # What the exercise asks for and forbids is today's.
        program = dataclasses.replace(
            program,
            module=exercise.module,
            forbidden=exercise.forbidden,
            wanted=exercise.wanted,
        )
    return Entry(
        learner=result.learner,
        file=result.file,
        program=program,
        problem=None if program is not None else result.problem,
        sha256=result.sha256,
        content=basis.graded_by,
        fingerprint=basis.fingerprint(result.sha256),
        notes=tuple(note for note in result.notes if note.name not in OF_GRADING),
        seed=result.seed,
        draws=True,
        unseen=True,
        examples=basis.examples,
    )
