"""The command explain: why one learner lost points, and why it is called what it is called."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.catalogue import similar
from autograder.cli.classes import learner_meant
from autograder.cli.options import Cage, CageOption
from autograder.cli.places import Language, course_here, language_of, results_of
from autograder.cli.streams import print_json
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from autograder.catalogue import Course, Exercise
    from autograder.report.why import Explained
    from autograder.sandbox.opening import Kind

__all__ = ["explain"]


def explain(
    exercise: Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")],
    learner: Annotated[str, typer.Argument(help="Whose result: the name of its file.")],
    task: Annotated[str | None, typer.Argument(help="One task alone.")] = None,
    results: Annotated[
        Path | None,
        typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here."),
    ] = None,
    nbgrader: Annotated[
        bool, typer.Option("--nbgrader", help="The results are those of an nbgrader course.")
    ] = False,
    cage: CageOption = Cage.auto,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run it WITHOUT a cage: code you trust.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option("--language", help="Language of what is told.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Explain a learner's lost points to the instructor: it shows hidden inputs.

    The submission is graded once more, with the same seed, in the cage; no result changes. For each
    check that fails: the call, what came and what was wanted, their lines, what it looks like, and
    on which call it is not the other misunderstandings.

    Example: gradeflow explain 01_neuron ann sigmoid
    """
    from rich.console import Console

    from autograder.report.why import explained

    course = course_here()
    found = course.authored(course.meant(exercise))
    if task is not None and found.task(task) is None:
        near = similar(task, found.wanted)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(found.wanted)}."
        raise GradeFlowError(f"{found.name} has no task {task!r}: {hint}")
    folder = results_of(course, found.name, results, nbgrader=nbgrader)
    kind: Kind = "plain" if no_sandbox else cage.kind
    it = _graded_again(course, found, folder, learner, kind)
    if json:
        told = {"stored": it.stored, "now": it.now, "considered": it.considered}
        print_json(told)
        return
    tongue = language_of(language, found)
    Console(highlight=False).print(explained(it, found, tongue, task or ""))


def _graded_again(
    course: Course, exercise: Exercise, folder: Path, learner: str, kind: Kind
) -> Explained:
    from autograder.export.tables import learners_in
    from autograder.grading.again import entries_again
    from autograder.grading.classroom import basis_of
    from autograder.grading.orders import Setup
    from autograder.grading.pool import Pool
    from autograder.grading.store import ResultStore
    from autograder.grading.stored import StoredResults
    from autograder.report.why import Explained

    store = ResultStore(folder)
    who = learner_meant(learner, learners_in(folder, exercise.name), folder)
    stored = StoredResults(folder, exercise.name, [who]).of(who)
    setup = Setup(exercise.folder, course.salt, kind, (course.root, folder))
    basis = basis_of(exercise, setup)
    again = next(iter(entries_again([stored], store, course, exercise, basis)))
    if again.entry is None:
        raise GradeFlowError(f"{stored.learner} cannot be graded again: {again.why}.")
    entry = dataclasses.replace(again.entry, explained=True, draws=False)
    with Pool(setup, 1) as pool:
        graded = next(iter(pool.graded([entry])))
    kept = store.programs.has(stored.sha256)
    line = store.journal.handed().get(stored.learner)
    origin = line.origin if line is not None and (not kept or line.sha256 == stored.sha256) else ""
    return Explained(stored, graded.result, graded.considered, entry.program, origin)
