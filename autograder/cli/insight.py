"""What a class has done: groups of equal behaviour, misconceptions learnt, similar programs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import class_of
from autograder.cli.places import Language, language_of
from autograder.errors import GradeFlowError
from autograder.messages import some

if TYPE_CHECKING:
    from autograder.authoring.learning.lesson import Lesson
    from autograder.catalogue import Course, Exercise
    from autograder.grading.stored import StoredResults
    from autograder.insight import Group, Likeness, Overview
    from autograder.wire.protocol import Program

__all__ = ["groups", "handed_out", "insight_into", "learn", "similar"]

MOST_NAMED = 5
ExerciseName = Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here by default."),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Language of what is told.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def groups(
    exercise: ExerciseName,
    results: ResultsOption = None,
    most: Annotated[
        int, typer.Option("--most", min=1, help="How many groups are shown, the largest first.")
    ] = 10,
    json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Group the wrong programs of a class by what their functions did, task by task.

    Each group has its size, the misconception if it has a name, its shortest program, and a call
    that fails. Reads what `grade` wrote; nothing runs. Not for learners.

    Example: gradeflow groups 01_neuron
    """
    from rich.console import Console

    from autograder.insight import groups_of
    from autograder.report.groups import groups_json, groups_shown

    _, found, stored = class_of(exercise, results)
    overview = groups_of(stored, stored.programs.of, found)
    if json:
        sys.stdout.write(groups_json(overview).decode())
        return
    tongue = language_of(language, found)
    shown = groups_shown(overview, found, tongue, most, _free_id(found))
    Console(highlight=False).print(shown)


def learn(
    exercise: ExerciseName,
    group: Annotated[
        str, typer.Argument(help="A group of `gradeflow groups`: its number, or better its key.")
    ],
    name: Annotated[
        str,
        typer.Option("--as", help="The misconception's id, such as A6.9: a new one, or a known."),
    ],
    results: ResultsOption = None,
    hidden_only: Annotated[
        str,
        typer.Option(
            "--hidden-only", help="Why no public check can see it, where that is how it must be."
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
) -> None:
    """Write a group of the class into the exercise, as a misconception with a hint to be written.

    The variant is made from the shortest program, rewritten by machine: without its names, comments
    and texts. It is tried on the whole group first, and shown before it is written.

    Example: gradeflow learn 01_neuron sigmoid-643cd1ad --as A1.8
    """
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.text import Text

    from autograder.authoring.learning.writing import as_text, write_down
    from autograder.insight import groups_of

    course, found, stored = class_of(exercise, results)
    overview = groups_of(stored, stored.programs.of, found)
    chosen = _chosen(overview, group, found)
    _may_be_called(name, chosen, found)
    console = Console(highlight=False)
    with console.status(f"trying it on {chosen.size} programs"):
        lesson = _lesson(course, found, stored, overview, chosen, name)
    code = as_text(name, lesson.pieces)
    console.print(Text(f"{found.variants} would get:\n", style="bold"))
    console.print(Syntax(code, "python", theme="ansi_light", word_wrap=True))
    console.print(Text(f"It names all {len(lesson.members)} of the group and nobody who is right."))
    if lesson.also:
        told = some(lesson.also, MOST_NAMED)
        console.print(Text(f"It also names {len(lesson.also)} with another wrong program: {told}"))
    if not lesson.seen and not hidden_only:
        raise GradeFlowError(
            "No public check sees this mistake, so an audit would refuse it: add a check to "
            "test_public.py that does, or say why none can with --hidden-only. Nothing was written."
        )
    if not yes and not (sys.stdin.isatty() and typer.confirm("Write it?")):
        console.print("Nothing was written. With --yes it is written without asking.")
        raise typer.Exit(1)
    about = f"Learnt from {chosen.size} programs of a class, for {chosen.task}."
    for path in write_down(found, name, lesson.pieces, about=about, hidden_only=hidden_only):
        console.print(f"wrote {path}", markup=False, soft_wrap=True)
    if name not in found.misconceptions:
        tongues = " and ".join(found.languages)
        console.print(
            f"Now write its hint in {found.folder / 'exercise.toml'}, in {tongues}; then: "
            f"gradeflow build {found.name} && gradeflow audit {found.name}",
            markup=False,
            soft_wrap=True,
        )


def similar(
    exercise: ExerciseName,
    results: ResultsOption = None,
    most: Annotated[
        int,
        typer.Option("--most", min=1, help="How many groups are shown, the clearest first."),
    ] = 10,
    lines: Annotated[
        int, typer.Option("--lines", min=0, help="How many lines of each pair are shown.")
    ] = 16,
    json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Show whose programs are nearly the same, side by side, and how rare that is in the class.

    What the exercise gives and what most of the class writes is taken out; a learner's own names
    count as alike. It is no verdict, and nothing leaves this machine.

    Example: gradeflow similar 01_neuron
    """
    from rich.console import Console

    from autograder.insight import similar_of
    from autograder.model import to_json
    from autograder.report.similar import similar_shown

    course, found, stored = class_of(exercise, results)
    likeness = similar_of(stored, stored.programs.of, handed_out(course, found))
    if json:
        sys.stdout.write(to_json(likeness).decode())
        return
    shown = similar_shown(likeness, found.name, language_of(language, found), most, lines)
    Console(highlight=False).print(shown)


def insight_into(
    course: Course, exercise: Exercise, folder: Path
) -> tuple[Overview | None, Likeness | None]:
    """Return groups and similar programs of stored results; None where these tell nothing of it."""
    from autograder.grading.store import ResultStore
    from autograder.grading.stored import StoredResults
    from autograder.insight import groups_of, similar_of

    stored = StoredResults(folder, exercise.name, ResultStore(folder).learners())
    groups: Overview | None = None
    likeness: Likeness | None = None
    try:
        groups = groups_of(stored, stored.programs.of, exercise)
        likeness = similar_of(stored, stored.programs.of, handed_out(course, exercise))
    except GradeFlowError as error:  # results of before: the rest of a report is as good without
        typer.echo(f"gradeflow: {error}", err=True)
    return groups, likeness


def handed_out(course: Course, exercise: Exercise) -> list[Program]:
    """Return what learners were given: the stub in every language, and what lies built."""
    from autograder.authoring.stub import stub_of
    from autograder.submission import read_file
    from autograder.wire.protocol import Part, Program

    stubs = [stub_of(exercise, language) for language in exercise.languages]
    given = [Program(exercise.module, (Part(exercise.source.name, text),)) for text in stubs]
    folder = course.assignments / exercise.name
    built = (folder / f"{exercise.module}{suffix}" for suffix in (".py", ".ipynb"))
    return given + [read_file(path, exercise.module) for path in built if path.is_file()]


def _chosen(overview: Overview, wanted: str, exercise: Exercise) -> Group:
    for group in overview.groups:
        if wanted in (str(group.number), group.key):
            return group
    raise GradeFlowError(
        f"There is no group {wanted!r} of {exercise.name}: `gradeflow groups {exercise.name}` "
        "shows them, each with its number and its key."
    )


def _may_be_called(name: str, group: Group, exercise: Exercise) -> None:
    if not re.fullmatch(r"[A-Za-z][\w.-]{0,20}", name):
        raise GradeFlowError(f"{name!r} is no id: give one such as {_free_id(exercise)}.")
    if group.named and group.named != name:
        raise GradeFlowError(
            f"This group is told {group.named} already. Mend that hint, or learn it as "
            f"--as {group.named} to add to it."
        )


def _lesson(
    course: Course,
    exercise: Exercise,
    stored: StoredResults,
    overview: Overview,
    group: Group,
    name: str,
) -> Lesson:
    from autograder.authoring.learning.lesson import lesson_of
    from autograder.authoring.learning.trying import Trial

    tasks = {group.task, *(task for task, _ in group.followers)}
    others = {
        who
        for other in overview.groups
        for who in other.members
        if other.task in tasks and who not in group.members
    }
    results = {each.learner: each for each in stored if each.learner in {*group.members, *others}}
    programs = {who: stored.programs.of(result) for who, result in results.items()}
    members = {who: program for who in group.members if (program := programs[who]) is not None}
    if len(members) < group.size:
        raise GradeFlowError(
            f"The programs of this class are not kept in {stored.programs}: run `gradeflow grade "
            f"{exercise.name} …` again, which keeps them."
        )
    asked = {who: each for who in sorted(others) if (each := programs[who]) is not None}
    kind = next(iter(results.values())).sandbox
    with Trial(
        exercise, course.salt, "plain" if kind == "plain" else "cage", [course.root]
    ) as trial:
        return lesson_of(exercise, group, name, trial, members, asked)


def _free_id(exercise: Exercise) -> str:
    """Return the id behind the exercise's last one: A1.8 behind A1.7."""
    known = [re.fullmatch(r"(.*\D)(\d+)", name) for name in exercise.misconceptions]
    last = max((each for each in known if each), key=lambda each: int(each[2]), default=None)
    if last is not None:
        return f"{last[1]}{int(last[2]) + 1}"
    number = re.match(r"0*(\d+)", exercise.name)
    return f"A{number[1] if number else 1}.1"
