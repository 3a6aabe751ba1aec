"""What a learner handed in to nbgrader, made ready for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.catalogue import Course, Exercise
from autograder.errors import SubmissionError
from autograder.grading.loop import Entry
from autograder.model import Diagnosis, Evidence
from autograder.submission import Submission, read_program
from autograder.submission.discover import Wanted, handed_in_by

__all__ = ["MOST_CODE", "chosen_file", "entry_of"]

MOST_CODE = 2 * 2**20


def chosen_file(folder: Path, course: Course, exercise: Exercise) -> Submission | None:
    """Choose the file to grade in a learner's folder: the notebook or the script they worked in.

    None when there is nothing at all.
    """
    others = frozenset(course.exercises) - {exercise.name}
    found = handed_in_by("", folder, Wanted.of(course, exercise), others)
    empty = found.problem is not None and found.problem.key == "submission.nothing"
    return None if empty else found


def entry_of(
    submission: Submission | None,
    student: str,
    exercise: Exercise,
    notes: Sequence[Diagnosis] = (),
    fingerprint: str = "",
) -> Entry:
    """Make of a learner's file what the engine takes; an unreadable one carries its reason."""
    # The stubs of both forms are handed in always; only another choice is worth a remark.
    is_script = submission is not None and submission.name.endswith(".py")
    remarks = ("note.script_graded",) if is_script else ()
    program, problem = None, None
    try:
        if submission is None:
            raise SubmissionError("submission.nothing")
        program = read_program(submission, exercise.module, exercise.forbidden, exercise.wanted)
        program = replace(program, display=True)
    except SubmissionError as error:
        problem = Evidence(error.key, facts=error.facts)
    return Entry(
        learner=student,
        file=submission.name if submission else "",
        program=program,
        problem=problem,
        sha256=submission.sha256 if submission else "",
        fingerprint=fingerprint,
        notes=(*notes, *map(Diagnosis, remarks)),
    )
