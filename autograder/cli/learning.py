"""A misconception learnt from a class: tried on it, shown, and written when its author says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import class_of
from autograder.errors import GradeFlowError
from autograder.messages import some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.authoring.learning.lesson import Lesson
    from autograder.authoring.learning.writing import Piece
    from autograder.catalogue import Course, Exercise
    from autograder.grading.stored import StoredResults
    from autograder.insight import Group, Overview

__all__ = ["ExerciseName", "ResultsOption", "free_id", "learn"]

MOST_NAMED = 5
ExerciseName = Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here by default."),
]


def learn(
    exercise: ExerciseName,
    group: Annotated[
        list[str],
        typer.Argument(
            help="A group of `gradeflow groups`: its number, or better its key. Several, where one "
            "misunderstanding shows in several tasks."
        ),
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

    from autograder.authoring.learning.lesson import Lesson
    from autograder.authoring.learning.writing import Piece, as_text, write_down
    from autograder.insight import groups_of

    course, found, stored = class_of(exercise, results)
    overview = groups_of(stored, stored.programs.of, found)
    chosen = [_chosen(overview, each, found) for each in dict.fromkeys(group)]
    for each in chosen:
        _may_be_called(name, each, found)
    console = Console(highlight=False)
    lessons, pieces = list[Lesson](), list[Piece]()
    for each in chosen:
        with console.status(f"trying it on {each.size} programs, for {each.task}"):
            lessons.append(_lesson(course, found, stored, overview, each, name, pieces))
        pieces += lessons[-1].pieces
    code = as_text(name, pieces)
    console.print(Text(f"{found.variants} would get:\n", style="bold"))
    console.print(Syntax(code, "python", theme="ansi_light", word_wrap=True))
    raises = list(dict.fromkeys(sign for lesson in lessons for sign in lesson.raises))
    if raises:
        console.print(
            Text(
                f"It is told by what the exception says: {', '.join(raises)}. So write its hint "
                "for whoever is stopped so, and not for this one program."
            )
        )
    members = {who for lesson in lessons for who in lesson.members}
    whole = "the group" if len(chosen) == 1 else f"{len(chosen)} groups"
    console.print(Text(f"It names all {len(members)} of {whole} and nobody who is right."))
    also = sorted({who for lesson in lessons for who in lesson.also} - members)
    if also:
        told = some(also, MOST_NAMED)
        console.print(Text(f"It also names {len(also)} with another wrong program: {told}"))
    if not all(lesson.seen for lesson in lessons) and not hidden_only:
        raise GradeFlowError(
            "No public check sees this mistake, so an audit would refuse it: add a check to "
            "test_public.py that does, or say why none can with --hidden-only. Nothing was written."
        )
    if not yes and not (sys.stdin.isatty() and typer.confirm("Write it?")):
        console.print("Nothing was written. With --yes it is written without asking.")
        raise typer.Exit(1)
    tasks = " and ".join(dict.fromkeys(each.task for each in chosen))
    about = f"Learnt from {len(members)} programs of a class, for {tasks}."
    for path in write_down(
        found, name, pieces, about=about, hidden_only=hidden_only, raises=raises
    ):
        console.print(f"wrote {path}", markup=False, soft_wrap=True)
    if name not in found.misconceptions:
        tongues = " and ".join(found.languages)
        console.print(
            f"Now write its hint in {found.folder / 'exercise.toml'}, in {tongues}; then: "
            f"gradeflow build {found.name} && gradeflow audit {found.name}",
            markup=False,
            soft_wrap=True,
        )


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
        raise GradeFlowError(f"{name!r} is no id: give one such as {free_id(exercise)}.")
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
    given: Sequence[Piece],
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
        return lesson_of(exercise, group, name, trial, members, asked, given)


def free_id(exercise: Exercise) -> str:
    """Return the id behind the exercise's last one: A1.8 behind A1.7."""
    known = [re.fullmatch(r"(.*\D)(\d+)", name) for name in exercise.misconceptions]
    last = max((each for each in known if each), key=lambda each: int(each[2]), default=None)
    if last is not None:
        return f"{last[1]}{int(last[2]) + 1}"
    number = re.match(r"0*(\d+)", exercise.name)
    return f"A{number[1] if number else 1}.1"
