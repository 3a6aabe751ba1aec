"""``gradeflow nbgrader autograde``: a class at once, on all cores, with one writer.

What nbgrader's own command does learner by learner is done here: the same cells, the same scores,
the same files. Only the order differs, and who waits for whom: the workers never wait for the
gradebook, which this process alone writes.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader

from autograder.catalogue import Course, Exercise
from autograder.errors import GradeFlowError
from autograder.grading.loop import Entry
from autograder.grading.pool import Graded, Pool
from autograder.grading.store import ResultStore
from autograder.model import Result, to_json
from autograder.nbgrader.book import Book
from autograder.nbgrader.folders import is_autograded, replace_autograded
from autograder.nbgrader.grading import cleaned, finish, handed_in
from autograder.nbgrader.place import Place
from autograder.nbgrader.results import fingerprint_for, results_folder
from autograder.nbgrader.sanitize import Sanitized
from autograder.nbgrader.submitted import entry_of
from autograder.sandbox.opening import Kind
from autograder.submission import Submission
from autograder.submission.learners import safe_id

__all__ = ["ClassRun", "nbgrader_here"]


@dataclass(frozen=True)
class _Waiting:
    place: Place
    submission: Submission | None
    notebook: Sanitized
    entry: Entry


def nbgrader_here(root: Path) -> Any:
    """Load nbgrader's own configuration for a course; return its application object.

    Raises GradeFlowError when the configuration cannot be loaded.
    """
    try:
        app = NbGrader()
        app.log.setLevel("WARNING")
        app.initialize([], root=str(root))
    except SystemExit as error:
        said = error.code if isinstance(error.code, str) else "see above"
        raise GradeFlowError(f"{root}/nbgrader_config.py cannot be loaded: {said}") from None
    return app


class ClassRun:
    """A run over a class: what is to be graded, and what was graded before.

    A context manager: within it nobody else may run the same command for this assignment.

    students: a pattern of learners' ids. force: grade again what has not changed.
    """

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        pool: Pool,
        sandbox: Kind,
        students: str = "*",
        force: bool = False,
    ) -> None:
        self._course = course
        self._exercise = exercise
        self._pool = pool
        self._sandbox = sandbox
        self._students = students
        self._force = force
        self._waiting: dict[str, _Waiting] = {}
        self.kept: tuple[str, ...] = ()
        self._open = ExitStack()
        self._app = nbgrader_here(course.root)
        self._book = Book(self._app, exercise)
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
        entries = [waiting.entry for waiting in self._waiting.values()]
        for graded in self._pool.graded(entries):
            waiting = self._waiting[graded.result.learner]
            self._keep(waiting, graded)
            yield graded.result

    # ---- what is to be done ----

    def _plan(self) -> None:
        kept = []
        scored = self._book.scored()
        for place in self._places():
            submission = handed_in(place)
            sha256 = submission.sha256 if submission else ""
            known = fingerprint_for(place, sha256, self._sandbox)
            done = place.student in scored and is_autograded(place, self._app.coursedir)
            if not self._force and done and self._store.fresh(safe_id(place.student), known):
                kept.append(place.student)
                continue
            notebook = cleaned(place)
            entry = entry_of(submission, place.student, place.exercise, notebook.notes, known)
            self._waiting[place.student] = _Waiting(place, submission, notebook, entry)
        self.kept = tuple(kept)

    def _places(self) -> Sequence[Place]:
        coursedir = self._app.coursedir
        excluded = set(filter(None, coursedir.student_id_exclude.split(",")))
        root = Path(coursedir.format_path(coursedir.submitted_directory, "*", self._exercise.name))
        places = []
        for folder in sorted(Path(root.anchor).glob(str(root.relative_to(root.anchor)))):
            student = _student_of(folder, coursedir, self._exercise.name)
            if student in excluded or not fnmatch.fnmatchcase(student, self._students):
                continue
            places.append(
                Place(
                    self._course,
                    self._exercise,
                    student,
                    self._exercise.module,
                    folder,
                    Path(coursedir.root),
                    coursedir.db_url,
                )
            )
        if not places:
            raise GradeFlowError(
                f"Nobody has handed in {self._exercise.name}: {root} was looked for. "
                f"Run `nbgrader collect {self._exercise.name}` first."
            )
        return places

    def _keep(self, waiting: _Waiting, graded: Graded) -> None:
        place = waiting.place
        finished = finish(place, waiting.notebook.cells, waiting.submission, graded)
        self._book.write(place, finished.scores)
        metadata = waiting.notebook.metadata
        replace_autograded(place, self._app.coursedir, finished.cells, metadata)
        # Last: whoever is killed before this grades the learner again.
        self._store.write(safe_id(place.student), to_json(graded.result))


def _student_of(folder: Path, coursedir: Any, assignment: str) -> str:
    """Read a learner's id out of the path that nbgrader has made with it."""
    step = coursedir.submitted_directory
    pattern = coursedir.format_path(step, "(?P<student>.*)", assignment, escape=True)
    found = re.fullmatch(pattern, str(folder))
    return found["student"] if found else folder.parent.name
