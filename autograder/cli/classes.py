"""A class as reports and exports tell of it: stored results, a roster, deadlines."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import typer

if TYPE_CHECKING:
    from autograder.catalogue import Course, Exercise
    from autograder.export.people import Roster
    from autograder.model import ClassTable
    from autograder.report.class_page import Extras
    from autograder.report.gathering import Gathered

__all__ = ["extras_of", "gathered_class", "settle", "tell_names"]

MOST_NAMED = 8


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


def tell_names(what: str, names: list[str] | tuple[str, ...]) -> None:
    """Say on standard error what an instructor must not overlook."""
    if names:
        more = ", …" if len(names) > MOST_NAMED else ""
        typer.echo(f"{len(names)} {what}: {', '.join(names[:MOST_NAMED])}{more}", err=True)
