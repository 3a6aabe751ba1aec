"""Taking results to a spreadsheet, a learning platform or Gradescope."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import class_of, learner_meant, settle, with_results
from autograder.cli.classes import tell_names as _tell
from autograder.cli.places import RESULTS, Language, course_here, language_of, results_of
from autograder.cli.telling import CommandsGroup
from autograder.errors import GradeFlowError
from autograder.messages import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.catalogue import Exercise
    from autograder.export.merge import Target
    from autograder.grading.stored import StoredResults
    from autograder.model import ClassTable, Result

__all__ = ["app"]

STDOUT = Path("-")

app = typer.Typer(
    cls=CommandsGroup,
    help="Take results elsewhere: CSV, JSON, Canvas, Moodle, Gradescope.\n\n"
    "Example: gradeflow export csv 01_neuron",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Visibility(StrEnum):
    """When learners see the hidden checks in Gradescope."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


ExerciseName = Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")]
ExerciseNames = Annotated[
    list[str], typer.Argument(help="One exercise or more, for instance 01_neuron 02_gates.")
]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here by default."),
]
RosterOption = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        help="CSV of who takes the course (a column `learner` or `id`; name, email): adds names, "
        "and who handed in nothing.",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="The file to write; - for standard output.")
]
ScaleOption = Annotated[
    bool, typer.Option("--scale", help="Convert points where the platform's maximum differs.")
]
HiddenOption = Annotated[
    Visibility, typer.Option("--hidden", help="When learners see the results of hidden checks.")
]
LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Language of the messages.")
]


@app.command("csv")
def to_csv(
    exercises: ExerciseNames,
    results: ResultsOption = None,
    roster: RosterOption = None,
    out: OutOption = None,
) -> None:
    """Write a table for a spreadsheet: a row for each learner, a column for each task.

    The column `state` tells apart what a number cannot: graded, crashed, unreadable, withheld,
    not_submitted.

    Example: gradeflow export csv 01_neuron --roster students.csv --out neuron.csv
    """
    from autograder.export.tables import csv_of

    tables = _tables(exercises, results, roster)
    _write(csv_of(tables), out or _named(tables, "csv"), _counted(tables))


@app.command("json")
def to_json(
    exercises: ExerciseNames,
    results: ResultsOption = None,
    roster: RosterOption = None,
    out: OutOption = None,
) -> None:
    """Write the same table for a program, with a state for each task.

    Example: gradeflow export json 01_neuron --out -
    """
    from autograder.export.tables import json_of

    tables = _tables(exercises, results, roster)
    _write(json_of(tables), out or _named(tables, "json"), _counted(tables))


@app.command("totals")
def to_totals(
    results: Annotated[
        Path | None,
        typer.Option("--results", help="The folder around the exercises' results; results here."),
    ] = None,
    roster: RosterOption = None,
    out: OutOption = None,
) -> None:
    """Write the totals of the course: a row for each learner, over all exercises with results.

    Of each exercise there are points and state; `percent` is the mean by the weights of
    course.toml. What was not handed in counts 0, what is excused not at all; whoever has a score
    withheld or not graded yet has no total.

    Example: gradeflow export totals --roster students.csv --out totals.csv
    """
    from autograder.export.sheet import to_csv as written
    from autograder.export.totals import totals_of, totals_sheet

    course = course_here()
    root = results or RESULTS
    names = with_results(course, root)
    tables = [_table(*_graded(name, root / name), root / name, roster) for name in names]
    totals = totals_of(tables, course.weights)
    _tell("without results, so not in the totals", [n for n in course.exercises if n not in names])
    count = ", ".join((number_of(len(totals.rows), "learner"), number_of(len(names), "exercise")))
    _write(written(totals_sheet(totals)), out or Path("totals.csv"), count)


@app.command("canvas")
def to_canvas(
    exercise: ExerciseName,
    into: Annotated[
        Path, typer.Option("--into", help="The gradebook (CSV) that you exported from Canvas.")
    ],
    column: Annotated[
        str | None,
        typer.Option("--column", help="The assignment there: its name, its id, or both."),
    ] = None,
    results: ResultsOption = None,
    scale: ScaleOption = False,
    out: OutOption = None,
) -> None:
    """Write scores into a gradebook from Canvas, for its import; nothing else in it changes.

    Who has no score (nothing handed in, withheld) keeps the cell that they had.

    Example: gradeflow export canvas 01_neuron --into Grades.csv --column 4711 --out Import.csv
    """
    from autograder.export.canvas import canvas_target

    found, graded = _graded(exercise, results)
    _fill(canvas_target(into, found, column), _table(found, graded, results), scale, out)


@app.command("moodle")
def to_moodle(
    exercise: ExerciseName,
    into: Annotated[
        Path, typer.Option("--into", help="The assignment's grading worksheet from Moodle (CSV).")
    ],
    column: Annotated[
        str | None,
        typer.Option("--column", help="The column of grades, where it is not called Grade."),
    ] = None,
    results: ResultsOption = None,
    scale: ScaleOption = False,
    out: OutOption = None,
) -> None:
    """Write scores into an assignment's grading worksheet from Moodle, to be uploaded there.

    Example: gradeflow export moodle 01_neuron --into worksheet.csv --out upload.csv
    """
    from autograder.export.moodle import worksheet_target

    found, graded = _graded(exercise, results)
    _fill(worksheet_target(into, column), _table(found, graded, results), scale, out)


@app.command("moodle-gradebook")
def to_moodle_gradebook(
    exercise: ExerciseName,
    roster: Annotated[
        Path, typer.Option("--roster", help="CSV with each learner's id number or e-mail address.")
    ],
    results: ResultsOption = None,
    out: OutOption = None,
) -> None:
    """Write a file for Moodle's Grades, Import, CSV file: only who has a score.

    Example: gradeflow export moodle-gradebook 01_neuron --roster students.csv
    """
    from autograder.export.moodle import gradebook_sheet
    from autograder.export.sheet import to_csv as written

    tables = _tables([exercise], results, roster)
    sheet = gradebook_sheet(tables[0])
    given = out or Path(f"{tables[0].exercise}-moodle.csv")
    _write(written(sheet), given, number_of(len(sheet.rows) - 1, "score"))
    without = [row.learner for row in tables[0].rows if row.points is None and row.id]
    _tell("without a score, so not in the file", without)


@app.command("workflow")
def to_workflow(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(help="Exercises to check; all that are built, where none is named."),
    ] = None,
    language: LanguageOption = None,
    out: OutOption = None,
) -> None:
    """Write a workflow for GitHub Actions that runs the public checks on each push.

    Put it into the repository that learners start from, such as the template of GitHub Classroom.

    Example: gradeflow export workflow 01_neuron --out template/.github/workflows/gradeflow.yml
    """
    from autograder.cli.places import released_exercises
    from autograder.export.workflow import workflow

    course = course_here()
    names = [course.meant(name) for name in exercises or ()]
    found = [course.released(name) for name in names] or released_exercises(course)
    text = workflow(found, language_of(language, found[0]))
    given = out or Path(".github/workflows/gradeflow.yml")
    _write(text.encode(), given, number_of(len(found), "exercise"))


@app.command("gradescope")
def to_gradescope(
    exercise: ExerciseName,
    learner: Annotated[str, typer.Argument(help="Whose result: the name of its file.")],
    results: ResultsOption = None,
    hidden: HiddenOption = Visibility.AFTER_PUBLISHED,
    language: LanguageOption = None,
    out: OutOption = None,
) -> None:
    """Write one submission's results.json for Gradescope.

    Example: gradeflow export gradescope 01_neuron ann --out results.json
    """
    from autograder.export.gradescope import results_for_gradescope
    from autograder.model import to_json

    found, graded = _graded(exercise, results)
    chosen = graded.of(learner_meant(learner, graded.learners, graded.folder))
    written = results_for_gradescope(chosen, found, language_of(language, found), hidden.value)
    _write(to_json(written), out or Path("results.json"), number_of(len(written["tests"]), "test"))


@app.command("gradescope-bundle")
def to_gradescope_bundle(
    exercise: ExerciseName,
    hidden: HiddenOption = Visibility.AFTER_PUBLISHED,
    language: LanguageOption = None,
    allow_uncaged: Annotated[
        bool,
        typer.Option(
            "--allow-uncaged",
            help="Where the container allows no cage, run submissions WITHOUT one: their code can "
            "then read the hidden checks and forge its score. Only for code you trust; otherwise "
            "no score is given there.",
        ),
    ] = False,
    out: OutOption = None,
) -> None:
    """Make an autograder (zip) for Gradescope: the engine, the exercise, two scripts.

    Upload it there under Configure Autograder. It holds the hidden checks, the reference and the
    course's salt: give it to nobody else.

    Example: gradeflow export gradescope-bundle 01_neuron --out neuron-gradescope.zip
    """
    from autograder.export.bundle import gradescope_bundle

    course = course_here()
    found = course.authored(course.meant(exercise))
    tongue = language_of(language, found)
    data = gradescope_bundle(course, found, tongue, hidden.value, allow_uncaged=allow_uncaged)
    size = f"{len(data) / 1024:.0f} KiB; it holds the hidden checks, so give it to no learner"
    _write(data, out or Path(f"{found.name}-gradescope.zip"), size)


def _graded(exercise: str, results: Path | None) -> tuple[Exercise, StoredResults]:
    _, found, graded = class_of(exercise, results)
    return found, graded


def _table(
    exercise: Exercise,
    graded: Iterable[Result],
    results: Path | None,
    roster: Path | None = None,
) -> ClassTable:
    from autograder.export.people import read_roster
    from autograder.export.tables import table_of_results

    known = read_roster(roster) if roster is not None else None
    table = table_of_results(exercise, graded, known)
    if roster is not None:
        unknown = [row.learner for row in table.rows if not row.id]
        _tell(f"not matched with anybody in {roster}", unknown)
    course = course_here()
    return settle(course, table, results_of(course, exercise.name, results))


def _tables(
    exercises: list[str], results: Path | None, roster: Path | None
) -> tuple[ClassTable, ...]:
    if results is not None and len(exercises) > 1:
        raise GradeFlowError(
            "--results names the folder of one exercise: leave it out for several, whose results "
            "are looked for in results/EXERCISE."
        )
    graded = (_graded(exercise, results) for exercise in exercises)
    return tuple(_table(*each, results, roster) for each in graded)


def _named(tables: tuple[ClassTable, ...], suffix: str) -> Path:
    return Path(f"{'-'.join(table.exercise for table in tables)}.{suffix}")


def _counted(tables: tuple[ClassTable, ...]) -> str:
    return number_of(sum(len(table.rows) for table in tables), "row")


def _fill(target: Target, table: ClassTable, scale: bool, out: Path | None) -> None:
    from autograder.export.merge import fill
    from autograder.export.sheet import to_csv as written

    filled = fill(target, table, scale=scale)
    given = out or target.path.with_name(f"{target.path.stem}-graded.csv")
    header = target.sheet.header[target.column]
    count = number_of(filled.written, "score")
    _write(written(filled.sheet), given, f"{count} in the column {header!r}")
    without = [f"{row.learner} ({row.state})" for row in filled.without]
    _tell("without a score, their cells left as they were", without)
    _tell("excused, not assigned or locked there, so left alone", filled.closed)
    _tell(f"not found in {target.path}, so not exported", filled.unknown)


def _write(data: bytes, out: Path, what: str) -> None:
    if out == STDOUT:
        sys.stdout.buffer.write(data)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    typer.echo(f"wrote {out} ({what})")
