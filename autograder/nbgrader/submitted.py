"""What a learner handed in to nbgrader, made ready for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from autograder.catalogue import Course, Exercise
from autograder.errors import GradeFlowError, SubmissionError
from autograder.grading.loop import Entry
from autograder.model import Diagnosis, Evidence
from autograder.submission import Submission, code_digest, read_program
from autograder.submission.discover import discover

__all__ = ["MOST_CODE", "chosen_file", "entry_of", "given_to_learners", "is_script"]

MOST_CODE = 2 * 2**20
SUFFIXES = (".py", ".ipynb")


def given_to_learners(course: Course, exercise: Exercise) -> frozenset[str]:
    """Return the hashes of the stubs: what is only opened and saved again is nobody's work."""
    folder = course.assignments / exercise.name
    paths = [folder / f"{exercise.module}{suffix}" for suffix in SUFFIXES]
    return frozenset(code_digest(p.read_bytes(), p.name) for p in paths if p.is_file())


def chosen_file(folder: Path, course: Course, exercise: Exercise) -> Submission | None:
    """Choose the file to grade in a learner's folder: the notebook or the script they worked in.

    None when there is neither.
    """
    stubs = given_to_learners(course, exercise)
    others = frozenset(course.exercises) - {exercise.name}
    try:
        found = discover([folder], exercise.name, exercise.module, stubs, others).submissions
    except GradeFlowError:
        return None
    worked_in = [each for each in found if code_digest(each.data, each.name) not in stubs]
    return (worked_in or list(found))[0]


def is_script(submission: Submission) -> bool:
    """Tell whether a file is a script, and no notebook."""
    return PurePath(submission.name).suffix.lower() == ".py"


def entry_of(
    submission: Submission | None,
    student: str,
    exercise: Exercise,
    notes: Sequence[Diagnosis] = (),
    fingerprint: str = "",
) -> Entry:
    """Make of a learner's file what the engine takes; an unreadable one carries its reason."""
    # The stubs of both forms are handed in always; only another choice is worth a remark.
    of_script = submission is not None and is_script(submission)
    remarks = ("note.script_graded",) if of_script else ()
    program, problem = None, None
    try:
        if submission is None:
            raise SubmissionError("submission.nothing")
        program = read_program(submission, exercise.module, exercise.forbidden)
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
