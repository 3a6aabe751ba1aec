"""The feedback page: the learner's notebook with points and messages, and nothing executable."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

from autograder.messages import said_language, translate
from autograder.nbgrader.markup import page_of
from autograder.nbgrader.place import course_at
from autograder.nbgrader.sanitize import OURS

__all__ = ["POLICY", "FeedbackExporter", "TellResults"]

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
TEMPLATES = str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates")
HEAD = "<head>"
WITHHELD = "Score: nan /"


class TellResults(NbGraderPreprocessor):  # type: ignore[misc]
    """Adds the gradebook's scores and comments; a withheld score is no zero."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Add them to an autograded notebook of an exercise of ours."""
        named = resources["nbgrader"]
        for cell in nb.cells:
            # A learner's own prose is HTML already; ours has formulas, which no script will draw.
            if cell.cell_type != "code" and not cell.metadata.get(OURS, {}).get("html"):
                cell.source = page_of(cell.source, cell.get("attachments")).html
        for kind in (GetGrades, CSSHTMLHeaderPreprocessor):
            nb, resources = kind(parent=self.parent)(nb, resources)
        with Gradebook(named["db_url"]) as gradebook:
            for cell in nb.cells:
                marks = cell.metadata.get("nbgrader", {})
                if not marks.get("grade"):
                    continue
                where = (named["notebook"], named["assignment"], named["student"])
                grade = gradebook.find_grade(marks["grade_id"], *where)
                if grade.auto_score is None and grade.manual_score is None:
                    marks["score"] = float("nan")
                    named["score"] = float("nan")
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """Writes a page in which a browser runs nothing, wherever it is opened."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        # nbgrader's own page, whatever the course has for its other assignments.
        self.template_name = "feedback"
        self.extra_template_basedirs = [TEMPLATES]

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Write a notebook's page."""
        page, resources = super().from_notebook_node(nb, resources=resources, **kwargs)
        course = course_at(Path(self.config.GradeFlow.course))
        return _sealed(page, said_language() or course.language), resources


def _sealed(page: str, language: str) -> str:
    """Take the template's scripts out, and forbid every other."""
    withheld = f"Score: {translate('nbgrader.withheld', language)} /"
    top, body, rest = page.partition("<body")
    before, head, after = SCRIPT.sub("", top).partition(HEAD)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return f"{before}{head}\n{meta}{after}{body}{rest.replace(WITHHELD, withheld)}"
