"""The feedback page: the learner's notebook with points and messages, and nothing executable."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades
from traitlets import Unicode

from autograder.messages import translate
from autograder.nbgrader.markup import harmless
from autograder.nbgrader.place import Place
from autograder.nbgrader.preprocessors import _Ours
from autograder.nbgrader.sanitize import OURS

__all__ = ["POLICY", "FeedbackExporter", "TellResults"]

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
HEAD = "<head>"
WITHHELD = "Score: nan /"


class TellResults(_Ours):
    """Adds the gradebook's scores and comments; a withheld score is no zero."""

    def _ours(self, nb: Any, resources: Any, place: Place) -> tuple[Any, Any]:
        for cell in nb.cells:
            if cell.cell_type != "code":
                cell.source = harmless(cell.source)
        for kind in (GetGrades, CSSHTMLHeaderPreprocessor):
            nb, resources = kind(parent=self.parent)(nb, resources)
        with Gradebook(place.db_url) as gradebook:
            for cell in nb.cells:
                marks = cell.metadata.get("nbgrader", {})
                if not marks.get("grade"):
                    continue
                named = (place.notebook, place.assignment, place.student)
                grade = gradebook.find_grade(marks["grade_id"], *named)
                if grade.auto_score is None and grade.manual_score is None:
                    marks["score"] = float("nan")
                    resources["nbgrader"]["score"] = float("nan")
        resources[OURS] = {"language": place.language}
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """Writes a page in which a browser runs nothing, wherever it is opened."""

    course = Unicode("", help="The folder with course.toml.").tag(config=True)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Write a notebook's page."""
        page, resources = super().from_notebook_node(nb, resources=resources, **kwargs)
        ours = resources.get(OURS)
        return (page if ours is None else _sealed(page, ours["language"])), resources


def _sealed(page: str, language: str) -> str:
    """Take the template's scripts out, and forbid every other."""
    withheld = f"Score: {translate('nbgrader.withheld', language)} /"
    page = SCRIPT.sub("", page).replace(WITHHELD, withheld)
    before, head, after = page.partition(HEAD)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return f"{before}{head}\n{meta}{after}" if head else f"{HEAD}{meta}</head>{page}"
