"""``nbgrader export`` with a column for each task and real states."""

from __future__ import annotations

from pathlib import Path

import msgspec
from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.catalogue import find_course
from autograder.errors import GradeFlowError
from autograder.export.book import table_of_book
from autograder.export.tables import csv_of, json_of
from autograder.grading.store import ResultStore
from autograder.model import ClassTable, Result
from autograder.nbgrader.gradebook import NbgraderBook
from autograder.nbgrader.results import results_folder
from autograder.submission.learners import safe_id

__all__ = ["GradeFlowExporter"]


class GradeFlowExporter(ExportPlugin):  # type: ignore[misc]
    """Writes the table of a class from nbgrader's gradebook, as CSV or, by its name, as JSON.

    ``nbgrader export --exporter=autograder.nbgrader.exporter.GradeFlowExporter --to grades.csv``

    nbgrader's own exporter gives 0.0 to who handed in nothing, to what was never graded and to what
    crashed; here a row's state tells these apart, and without a score the cell is empty.
    """

    results = Unicode(
        "",
        help="Folder with what GradeFlow stored: a folder for each assignment in it, and there a "
        "file for each learner. States such as crashed and withheld come from it. By default where "
        "grading in nbgrader or `gradeflow grade` has put them.",
    ).tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Export the assignments and students that were asked for, all by default."""
        to = Path(self.to or "grades.csv")
        try:
            tables = self._tables(NbgraderBook(gradebook, self._stored))
            write = json_of if to.suffix.lower() == ".json" else csv_of
            to.write_bytes(write(tables))
        except (GradeFlowError, OSError) as error:
            self.log.error("%s", error)
            raise SystemExit(1) from None
        rows = sum(len(table.rows) for table in tables)
        self.log.info("Exported %d rows of %d assignments to %s", rows, len(tables), to)

    def _tables(self, book: NbgraderBook) -> list[ClassTable]:
        wanted = [str(name) for name in self.assignment] or list(book.assignments())
        unknown = sorted(set(wanted) - set(book.assignments()))
        if unknown:
            known = ", ".join(book.assignments()) or "none"
            raise GradeFlowError(f"There is no assignment {unknown[0]!r}. There are: {known}.")
        students = {str(student) for student in self.student}
        tables = [table_of_book(book, name) for name in wanted]
        if not students:
            return tables
        return [
            msgspec.structs.replace(
                table, rows=tuple(row for row in table.rows if row.learner in students)
            )
            for table in tables
        ]

    def _stored(self, assignment: str, learner: str) -> Result | None:
        for folder in self._folders(assignment):
            found = ResultStore(folder).result(safe_id(learner))
            if found is not None:
                return found
        return None

    def _folders(self, assignment: str) -> list[Path]:
        """Return where results may lie: as told, where autograde puts them, where grade does."""
        if self.results:
            return [Path(self.results) / assignment]
        root = Path(self.parent.coursedir.root) if self.parent is not None else Path.cwd()
        course = find_course(root)
        places = [] if course is None else [results_folder(course.root, assignment)]
        return [*places, root / "results" / assignment]
