"""``gradeflow nbgrader autograde``, and what nbgrader's own command does with an exercise of ours.

A class at once, on all cores, with one writer: the workers never wait for the gradebook, which this
process alone writes. Nobody's work is put away before the new is there in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde

from autograder.catalogue import Course, Exercise
from autograder.errors import GradeFlowError
from autograder.grading.entry import Entry
from autograder.grading.journal import graded as graded_line
from autograder.grading.journal import handed, now
from autograder.grading.orders import Graded
from autograder.grading.pool import Pool
from autograder.grading.store import ResultStore
from autograder.model import Result, to_json
from autograder.nbgrader.book import Book
from autograder.nbgrader.folders import is_autograded, replace_autograded
from autograder.nbgrader.grading import cleaned, finish, handed_in
from autograder.nbgrader.place import Place, folders_of
from autograder.nbgrader.results import fingerprint_for, results_folder
from autograder.nbgrader.sanitize import Sanitized
from autograder.nbgrader.submitted import entry_of
from autograder.sandbox.opening import Kind
from autograder.submission import Submission
from autograder.submission.learners import safe_id

__all__ = ["ClassRun", "converter_here"]


@dataclass(frozen=True)
class _Waiting:
    place: Place
    submission: Submission | None
    notebook: Sanitized
    entry: Entry


def converter_here(root: Path) -> Any:
    """Load nbgrader's own configuration for a course; return its converter that autogrades.

    Raises GradeFlowError when the configuration cannot be loaded.
    """
    try:
        app = NbGrader()
        app.log.setLevel("WARNING")
        app.initialize([], root=str(root))
    except SystemExit as error:
        said = error.code if isinstance(error.code, str) else "see above"
        raise GradeFlowError(f"{root}/nbgrader_config.py cannot be loaded: {said}") from None
    return Autograde(coursedir=app.coursedir, parent=app)


class ClassRun:
    """A run over a class: what is to be graded, and what was graded before.

    A context manager: within it nobody else may run the same command for this assignment.

    converter: nbgrader's, with the course's settings, and the learners that are asked for.
    force: grade again what has not changed.

    kept: whose score stays, since nothing has changed.
    left_out: for whom nothing could be done, each with a sentence.
    """

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        pool: Pool,
        converter: Any,
        sandbox: Kind,
        *,
        force: bool = False,
    ) -> None:
        self._course = course
        self._exercise = exercise
        self._pool = pool
        self._sandbox = sandbox
        self._force = force
        self._waiting: dict[str, _Waiting] = {}
        self.kept: tuple[str, ...] = ()
        self.left_out: dict[str, str] = {}
        self._penalties = 0
        self._here: set[str] = set()
        self._run = now()
        self._open = ExitStack()
        self._coursedir = converter.coursedir
        self._book = Book(converter, exercise)
        self._store = ResultStore(results_folder(course.root, exercise.name))

    def __enter__(self) -> ClassRun:
        with ExitStack() as stack:
            stack.enter_context(self._book)
            stack.enter_context(self._store)
            self._plan()
            self._open = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    @property
    def total(self) -> int:
        """How many learners are to be graded."""
        return len(self._waiting)

    def carry_out(self) -> Iterator[Result]:
        """Grade, and yield each result once gradebook and autograded folder hold it."""
        entries = (waiting.entry for waiting in self._waiting.values())
        for graded in self._pool.graded(map(self._store.programs.kept_with, entries)):
            waiting = self._waiting[graded.result.learner]
            self._keep(waiting, graded)
            yield graded.result

    def told(self) -> list[str]:
        """Say who was not graded again, and what has changed for them all the same."""
        said = []
        if self.kept:
            said.append(f"{len(self.kept)} unchanged, kept from before (--force grades them again)")
        if self._penalties:
            said.append(f"late penalties of {self._penalties} of these have changed")
        if others := self._of_other_points():
            said.append(
                f"{others} who were not asked for have scores of another scheme of points, and "
                f"totals that do not fit: run `gradeflow regrade {self._exercise.name} --nbgrader`"
            )
        return said

    def _of_other_points(self) -> int:
        """Count those beside this run who were graded when the exercise gave other points."""
        count = 0
        for learner in set(self._store.learners()) - self._here:
            try:
                result = self._store.result(learner)
            except GradeFlowError:  # damaged, or of another version: graded anew when asked for
                continue
            count += result is not None and result.score.possible != self._exercise.points
        return count

    # ---- what is to be done ----

    def _plan(self) -> None:
        kept = []
        lines = []
        scored = self._book.scored()
        places = self._places()
        self._here = {safe_id(place.student) for place in places}
        for place in places:
            unknown = self._book.refusal(place.student)
            if unknown:
                self.left_out[place.student] = unknown
                continue
            submission = handed_in(place)
            sha256 = submission.sha256 if submission else ""
            if submission is not None:
                named = replace(submission, learner=safe_id(place.student))
                lines.append(handed(named, [place.submitted]))
            known = fingerprint_for(place, sha256, self._sandbox)
            done = place.student in scored and is_autograded(place, self._coursedir)
            if not self._force and done and self._store.fresh(safe_id(place.student), known):
                kept.append(place.student)
                # Due dates, extensions and the penalties' plugin are no part of the fingerprint.
                self._penalties += self._book.settle(place)
                continue
            notebook = cleaned(place, submission)
            entry = entry_of(submission, place, notebook.notes, known)
            self._waiting[place.student] = _Waiting(place, submission, notebook, entry)
        self._store.take(lines)
        self.kept = tuple(kept)

    def _places(self) -> list[Place]:
        coursedir = self._coursedir
        root = Path(coursedir.root)
        folders = folders_of(coursedir, coursedir.submitted_directory, self._exercise.name)
        if not folders:
            where = coursedir.format_path(
                coursedir.submitted_directory, coursedir.student_id, self._exercise.name
            )
            raise GradeFlowError(
                f"Nobody has handed in {self._exercise.name}: {where} was looked for. "
                f"Run `nbgrader collect {self._exercise.name}` first."
            )
        about = (self._exercise.module, root, coursedir.db_url)
        return [
            Place(self._course, self._exercise, student, about[0], folder, *about[1:])
            for student, folder in folders.items()
        ]

    def _keep(self, waiting: _Waiting, graded: Graded) -> None:
        place = waiting.place
        finished = finish(place, waiting.notebook.cells, waiting.submission, graded)
        self._book.write(place, finished)
        metadata = waiting.notebook.metadata
        replace_autograded(place, self._coursedir, finished.cells, metadata)
        # Last: whoever is killed before this grades the learner again.
        self._store.write(safe_id(place.student), to_json(graded.result))
        self._store.note(graded_line(graded.result, self._run))
