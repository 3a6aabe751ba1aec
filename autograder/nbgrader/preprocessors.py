"""What takes the place of nbgrader's own preprocessors, through its lists of them.

For assignments that are no exercises of ours nbgrader's own preprocessors run, or those that the
course had configured before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor
from traitlets import Enum, List, Unicode

from autograder.errors import GradeFlowError
from autograder.grading.loop import Entry
from autograder.model import Diagnosis
from autograder.nbgrader.engine import WORKERS, grade_one, setup_for
from autograder.nbgrader.grading import cleaned, finish, handed_in
from autograder.nbgrader.locks import patiently
from autograder.nbgrader.place import Place, course_at, place_of, places_behind
from autograder.nbgrader.results import fingerprint_for, remember
from autograder.nbgrader.sanitize import OURS
from autograder.nbgrader.scores import write_scores
from autograder.nbgrader.submitted import entry_of
from autograder.submission import Submission

_nbformat: Any = nbformat  # typed in part only

__all__ = ["GradeCaged", "KeepStubs", "PutInOrder", "SubmissionExporter"]


class _Ours(NbGraderPreprocessor):  # type: ignore[misc]
    """A preprocessor that does its own for exercises of ours, and nbgrader's for the others."""

    course = Unicode("", help="The folder with course.toml.").tag(config=True)
    otherwise: Any = List([], help="What runs for assignments of another making.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        named = resources["nbgrader"]
        place = place_of(
            self.course,
            self.parent.parent.coursedir,
            named["assignment"],
            named["student"],
            named["notebook"],
        )
        if place is not None:
            return self._ours(nb, resources, place)
        for kind in self.otherwise:
            loaded = _loaded(kind)
            step = loaded(parent=self.parent) if isinstance(loaded, type) else loaded
            nb, resources = step(nb, resources)
        return nb, resources

    def _ours(self, nb: Any, resources: Any, place: Place) -> tuple[Any, Any]:
        raise NotImplementedError


def _loaded(kind: Any) -> Any:
    if isinstance(kind, str):
        from traitlets.utils.importstring import import_item

        return import_item(kind)
    return kind


class PutInOrder(_Ours):
    """Puts a handed-in notebook back into the form that was released."""

    def _ours(self, nb: Any, resources: Any, place: Place) -> tuple[Any, Any]:
        del nb  # read by nbformat, at best; the file itself is read again, and leniently
        made = cleaned(place)
        for note in made.notes:
            self.log.warning("%s: %s %s", place.student, note.name, dict(note.facts))
        made.metadata[OURS]["notes"] = [[note.name, dict(note.facts)] for note in made.notes]
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": made.metadata}
        return _nbformat.from_dict(notebook | {"cells": made.cells}), resources


class GradeCaged(_Ours):
    """Grades a notebook in the cage, and writes its scores into the gradebook."""

    sandbox: Any = Enum(
        ["cage", "plain"],
        "cage",
        help="plain runs submissions WITHOUT a cage: they can then read and change what you can.",
    ).tag(config=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._ahead: dict[Path, Entry | None] = {}

    def _ours(self, nb: Any, resources: Any, place: Place) -> tuple[Any, Any]:
        submission = handed_in(place)
        # Left there by PutInOrder, and no part of the record.
        found = nb.metadata.get(OURS, {}).pop("notes", [])
        notes = [Diagnosis(name, facts=dict(facts)) for name, facts in found]
        hidden = (place.course.root, place.root)
        setup = setup_for(place.exercise.folder, place.course.salt, self.sandbox, hidden)
        entry = self._entry(place, submission, notes)
        graded = grade_one(entry, setup, self._coming(place))
        finished = finish(place, nb.cells, submission, graded)
        if graded.result.score.withheld:
            self.log.error("%s: the score is withheld, which is our fault", place.student)

        def write() -> None:
            with Gradebook(place.db_url) as gradebook:
                named = (place.notebook, place.assignment, place.student)
                write_scores(gradebook.find_submission_notebook(*named), finished.scores)
                gradebook.db.commit()

        patiently(write)
        try:
            remember(place, graded.result)
        except GradeFlowError as error:  # the gradebook has what counts
            self.log.warning("%s", error)
        nb.cells = [_nbformat.from_dict(cell) for cell in finished.cells]
        return nb, resources

    def _entry(
        self, place: Place, submission: Submission | None, notes: Sequence[Diagnosis]
    ) -> Entry:
        known = fingerprint_for(place, submission.sha256 if submission else "", self.sandbox)
        return entry_of(submission, place.student, place.exercise, notes, known)

    def _coming(self, place: Place) -> list[Entry]:
        """Make ready what nbgrader will hand over next, to be graded meanwhile.

        Each is read again when its turn has come: what has changed by then is graded anew.
        """
        coming = places_behind(place, self.parent.parent, WORKERS)
        self._ahead = {
            each.submitted: self._ahead.get(each.submitted) or self._prepared(each)
            for each in coming
        }
        return [entry for entry in self._ahead.values() if entry is not None]

    def _prepared(self, place: Place) -> Entry | None:
        try:
            notes = [Diagnosis(each.name, facts=dict(each.facts)) for each in cleaned(place).notes]
            return self._entry(place, handed_in(place), notes)
        except (GradeFlowError, OSError):
            return None  # told when its turn has come


class KeepStubs(ClearSolutions):  # type: ignore[misc]
    """Clears solutions, but those of our own notebooks, which never had any."""

    course = Unicode("", help="The folder with course.toml.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Leave a notebook of ours as `gradeflow build` made it."""
        if resources["nbgrader"]["assignment"] in course_at(Path(self.course)).exercises:
            return nb, resources
        return cast("tuple[Any, Any]", super().preprocess(nb, resources))


class SubmissionExporter(NotebookExporter):
    """Reads a handed-in notebook without nbformat, which a damaged one would make give up."""

    course = Unicode("", help="The folder with course.toml.").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """Read one; what was handed in for an exercise of ours is read by PutInOrder."""
        named = (resources or {}).get("nbgrader", {})
        converter: Any = self.parent
        given = (named.get("assignment", ""), named.get("student", ""), named.get("notebook", ""))
        place = place_of(self.course, converter.coursedir, *given)
        if place is not None and Path(filename).parent == place.submitted:
            node: Any = self.from_notebook_node
            return node(_nbformat.v4.new_notebook(), resources=resources, **kwargs)
        return super().from_filename(filename, resources=resources, **kwargs)
