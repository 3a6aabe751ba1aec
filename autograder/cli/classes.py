"""A class as reports and exports tell of it: stored results, a roster, deadlines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import typer

from autograder.catalogue import similar
from autograder.cli.places import course_here, results_of
from autograder.errors import GradeFlowError
from autograder.messages import some

if TYPE_CHECKING:
    from autograder.catalogue import Course, Exercise
    from autograder.export.people import Roster
    from autograder.grading.stored import StoredResults
    from autograder.model import ClassTable
    from autograder.report.class_page import Extras
    from autograder.report.gathering import Gathered

__all__ = [
    "class_of",
    "extras_of",
    "gathered_class",
    "learner_meant",
    "read_from",
    "settle",
    "tell_names",
    "with_results",
]

MOST_NAMED = 8


def class_of(exercise: str, results: Path | None) -> tuple[Course, Exercise, StoredResults]:
    """Return the course here, an exercise in any form of its name, and its class's results.

    Raises GradeFlowError when there are none, or one of them is damaged.
    """
    from autograder.export.tables import stored_results

    course = course_here()
    found = course.authored(course.meant(exercise))
    return course, found, stored_results(read_from(course, found.name, results), found.name)


def read_from(course: Course, name: str, given: Path | None = None) -> Path:
    """Return the folder of an exercise's results, to read what lies in it.

    Raises GradeFlowError where nothing does, and nbgrader's commands have graded instead: scores
    that people gave by hand are not among their results, so these are read when they are named.
    """
    folder, other = results_of(course, name, given), results_of(course, name, nbgrader=True)
    if given is None and not folder.is_dir() and other.is_dir():
        raise GradeFlowError(
            f"There are no results in {folder}. Those of nbgrader's commands lie in {other}: name "
            "that folder with --results. Scores by hand stand in the gradebook: `nbgrader export`."
        )
    return folder


def with_results(course: Course, root: Path) -> list[str]:
    """Return the exercises of which there are results below a folder.

    Raises GradeFlowError when there is none.
    """
    from autograder.grading.store import ResultStore

    names = [name for name in course.exercises if ResultStore(root / name).learners()]
    if not names:
        raise GradeFlowError(
            f"There are no results in {root}: run `gradeflow grade` first, or name the folder "
            "around the exercises' results with --results."
        )
    return names


def learner_meant(learner: str, learners: Sequence[str], folder: Path) -> str:
    """Return the learner that is meant: an id, or what is the beginning of only one.

    Raises GradeFlowError, with those who may be meant, when there is none.
    """
    if learner in learners:
        return learner
    begun = [each for each in learners if each.casefold().startswith(learner.casefold())]
    if len(begun) == 1:
        return begun[0]
    near = "" if begun else similar(learner, learners)
    if near:
        raise GradeFlowError(f"{folder} has no result of {learner!r}: did you mean {near}?")
    there = some(begun or learners, MOST_NAMED)
    raise GradeFlowError(f"{folder} has results of {there}, and none of {learner!r}.")


def gathered_class(
    course: Course, exercise: Exercise, folder: Path, roster: Roster | None = None
) -> Gathered:
    """Gather a class from the results in a folder, under the course's deadlines.

    Raises GradeFlowError when there are none, or one of them is damaged.
    """
    import dataclasses

    from autograder.export.tables import stored_results
    from autograder.grading.store import ResultStore
    from autograder.report.gathering import gather

    results = stored_results(folder, exercise.name)
    known, missing = roster.split(ResultStore(folder).learners()) if roster else ({}, ())
    gathered = gather(exercise, results, known, missing)
    return dataclasses.replace(gathered, table=settle(course, gathered.table, folder))


def settle(course: Course, table: ClassTable, folder: Path) -> ClassTable:
    """Apply the course's deadlines to a table, and say what they could not be applied to."""
    from autograder.catalogue.deadlines import deadlines_of
    from autograder.export.late import settled
    from autograder.grading.journal import Journal

    deadline = deadlines_of(course.root, course.exercises).get(table.exercise)
    done = settled(table, deadline, Journal(folder).handed())
    tell_names("without a date, so taken as handed in in time", done.undated)
    tell_names("called late by the platform without a date; nothing taken", done.late_by_unknown)
    tell_names("named in deadlines.toml, and in no result or roster", done.unknown)
    return done.table


def extras_of(folder: Path, learners: Iterable[str], out: Path, pages: Path | None) -> Extras:
    """Return what a report tells beside the results.

    pages: where learners' pages lie; those that are there are linked to, as seen from ``out``.
    """
    from autograder.grading.journal import Journal
    from autograder.report.class_page import Extras
    from autograder.report.history import days_of, history_of

    journal = Journal(folder)
    links = {}
    if pages is not None:
        there = {path.name for path in pages.glob("*.html")} if pages.is_dir() else set()
        try:
            lead = os.path.relpath(str(pages), str(out.parent))
        except ValueError:  # on another drive
            there = set()
        for learner in learners:
            if f"{learner}.html" in there:
                way = Path(lead, f"{learner}.html").as_posix()
                links[learner] = "./" + quote(way)
    return Extras(history_of(journal.gradings()), days_of(journal.handed().values()), links)


def tell_names(what: str, names: Sequence[str]) -> None:
    """Say on standard error what an instructor must not overlook."""
    if names:
        typer.echo(f"{len(names)} {what}: {some(names, MOST_NAMED)}", err=True)
