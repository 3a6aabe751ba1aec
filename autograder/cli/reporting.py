"""The command report: what a class, or a whole course, has understood and what not."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import extras_of, gathered_class, read_from, with_results
from autograder.cli.insight import insight_into
from autograder.cli.places import RESULTS, Language, course_here, language_of
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from autograder.catalogue import Course
    from autograder.export.people import Roster

__all__ = ["OVERVIEW", "report", "write_report"]

OVERVIEW = "overview.html"
NAMELESS = "overview-anonymous.html"


def report(
    exercise: Annotated[
        str | None, typer.Argument(help="The exercise, for instance 01_neuron.")
    ] = None,
    course: Annotated[
        bool, typer.Option("--course", help="Of all exercises that have results, on one page.")
    ] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results",
            help="What `grade --out` wrote; results/EXERCISE here by default. With --course the "
            "folder around these.",
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help="CSV of who takes the course: names, and who is missing."),
    ] = None,
    feedback: Annotated[
        Path | None,
        typer.Option("--feedback", help="Where `grade --feedback` wrote pages, to link to them."),
    ] = None,
    anonymous: Annotated[
        bool,
        typer.Option("--anonymous", help="Without names, to be shown in the lecture."),
    ] = False,
    language: Annotated[
        Language | None, typer.Option("--language", help="Language of the report.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The page to write; overview.html beside the results."),
    ] = None,
) -> None:
    """Report on a class in one HTML page: points, tasks, checks, misunderstandings, changes.

    It holds all results that are stored, whenever they were graded; nothing runs again.

    Example: gradeflow report 01_neuron --anonymous --out lecture.html
    """
    from autograder.export.people import read_roster

    here = course_here()
    people = read_roster(roster) if roster is not None else None
    if course == (exercise is not None):
        raise GradeFlowError("Give either an exercise, or --course for all of them.")
    if exercise is None:
        path = _course_report(here, results or RESULTS, people, out, language, anonymous=anonymous)
    else:
        name = here.meant(exercise)
        folder = read_from(here, name, results)
        path = write_report(
            here, name, folder, people, out, feedback, language, anonymous=anonymous
        )
    typer.echo(f"wrote {path}" + ("" if anonymous else ", which is not for learners"))


def write_report(
    course: Course,
    name: str,
    folder: Path,
    roster: Roster | None = None,
    out: Path | None = None,
    feedback: Path | None = None,
    language: Language | None = None,
    *,
    anonymous: bool = False,
) -> Path:
    """Write the report on an exercise from all results in a folder; return where it is.

    Raises GradeFlowError when there are none, or one of them is damaged.
    """
    from autograder.report.class_page import class_page
    from autograder.report.pages import write_page

    exercise = course.authored(name)
    gathered = gathered_class(course, exercise, folder, roster)
    path = out or folder / (NAMELESS if anonymous else OVERVIEW)
    learners = [row.learner for row in gathered.table.rows]
    extras = extras_of(folder, learners, path, None if anonymous else feedback)
    groups, likeness = insight_into(course, exercise, folder)
    extras = dataclasses.replace(extras, groups=groups, likeness=likeness)
    tongue = language_of(language, exercise)
    write_page(path, class_page(gathered, exercise, tongue, extras, anonymous=anonymous))
    return path


def _course_report(
    course: Course,
    root: Path,
    roster: Roster | None,
    out: Path | None,
    language: Language | None,
    *,
    anonymous: bool,
) -> Path:
    from autograder.cli.totals import standings
    from autograder.export.totals import totals_of
    from autograder.report.course_page import Part, course_page
    from autograder.report.pages import write_page

    names = with_results(course, root)
    found = [course.authored(name) for name in names]
    parts = [Part(each, gathered_class(course, each, root / each.name, roster)) for each in found]
    without = [name for name in course.exercises if name not in names]
    totals = totals_of([part.gathered.table for part in parts], course.weights)
    path = out or root / ("course-anonymous.html" if anonymous else "course.html")
    tongue = language_of(language)
    lines = standings(totals, tongue)
    page = course_page(course.title.in_(tongue), parts, lines, without, tongue, anonymous=anonymous)
    write_page(path, page)
    return path
