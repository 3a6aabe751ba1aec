"""The totals of a course as a report shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.messages import translate

if TYPE_CHECKING:
    from autograder.export.totals import CourseTotals, Total
    from autograder.report.course_page import Standing

__all__ = ["standings"]


def standings(totals: CourseTotals, language: str) -> list[Standing]:
    """Return a line for each learner; where there is no number, the state stands in words."""
    from autograder.report.course_page import Standing

    return [
        Standing(
            row.learner,
            row.name,
            tuple((entry.state.value, _told(entry, language)) for entry in row.entries),
            "–" if row.percent is None else f"{row.percent:.1f} %",
        )
        for row in totals.rows
    ]


def _told(entry: Total, language: str) -> str:
    if entry.points is not None:
        return f"{entry.points:g}"
    return translate(f"report.state_{entry.state.value}", language)
