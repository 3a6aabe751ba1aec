"""What a learner handed in to nbgrader, made ready for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.catalogue import Course, Exercise
from autograder.errors import SubmissionError
from autograder.grading.entry import Entry
from autograder.model import Diagnosis, Evidence
from autograder.nbgrader.place import Place
from autograder.submission import Submission, read_program
from autograder.submission.content import Form, form_of
from autograder.submission.discover import Wanted, handed_in_by

__all__ = ["MOST_CODE", "chosen_file", "entry_of", "is_form"]

MOST_CODE = 2 * 2**20


def chosen_file(folder: Path, course: Course, exercise: Exercise) -> Submission | None:
    """Choose the file to grade in a learner's folder: the notebook or the script they worked in.

    None when there is nothing at all.
    """
    others = frozenset(course.exercises) - {exercise.name}
    found = handed_in_by("", folder, Wanted.of(course, exercise), others)
    empty = found.problem is not None and found.problem.key == "submission.nothing"
    return None if empty else found


def is_form(submission: Submission | None, form: Form) -> bool:
    """Tell whether a file, by what stands in it, is a notebook, or a script."""
    if submission is None or submission.problem is not None:
        return False
    try:
        return form_of(submission.data, submission.name) == form
    except SubmissionError:
        return False


def entry_of(
    submission: Submission | None,
    place: Place,
    notes: Sequence[Diagnosis] = (),
    fingerprint: str = "",
) -> Entry:
    """Make of a learner's file what the engine takes; an unreadable one carries its reason."""
    exercise = place.exercise
    # Both forms are handed out; that the one was taken is worth a remark where the other is there.
    beside = (place.submitted / f"{exercise.module}.ipynb").is_file()
    remarks = ("note.script_graded",) if beside and is_form(submission, "script") else ()
    program, problem = None, None
    try:
        if submission is None:
            raise SubmissionError("submission.nothing")
        program = read_program(submission, exercise.module, exercise.forbidden, exercise.wanted)
        program = replace(program, display=True)
    except SubmissionError as error:
        problem = Evidence(error.key, facts=error.facts)
    return Entry(
        learner=place.student,
        file=submission.name if submission else "",
        program=program,
        problem=problem,
        sha256=submission.sha256 if submission else "",
        fingerprint=fingerprint,
        unseen=True,
        examples=place.course.examples,
        notes=(*notes, *map(Diagnosis, remarks)),
    )
