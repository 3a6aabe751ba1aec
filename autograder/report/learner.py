"""A learner's feedback: one page, in both languages, with only what a learner may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Written
from autograder.catalogue.speaking import own_texts
from autograder.messages import Explanation, explain_evidence, has, translate
from autograder.model import Evidence, Result, for_learner
from autograder.report.pages import render, svg_address
from autograder.report.tasks import TaskView, points_of, task_view
from autograder.report.words import foreign, load_advice, names_of_languages, possible_of, standing

__all__ = ["learner_page"]


@dataclass(frozen=True)
class _Fold:
    """Tasks of which the same is to be said: it is said once."""

    said: Explanation | None
    remark: str
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True)
class _Part:
    """The page's content in one language."""

    language: str
    title: str
    points: str
    later: str
    why: str
    handed_in: str
    problem: Explanation | None
    load: tuple[Explanation, ...]
    load_advice: str
    foreign: str
    remarks: tuple[str, ...]
    tasks: tuple[TaskView, ...]
    folds: tuple[_Fold, ...]
    done: bool
    praise: str
    texts: dict[str, str]


def learner_page(
    result: Result,
    exercise: Exercise,
    language: str,
    *,
    pictures: Mapping[str, str] | None = None,
    agreeing: Mapping[str, str] | None = None,
) -> str:
    """Write a learner's feedback as one self-contained HTML page.

    result: as graded; what a learner may not see is taken out here, whoever calls.
    language: which is shown first; the page holds all that the exercise is written in.
    pictures: by language, drawings of the learner's work as SVG; they must show nothing hidden.
    agreeing: the same of what is right, which stands small, and below what is wrong.
    """
    shown = for_learner(result)
    return render(
        "learner.html.j2",
        exercise=exercise.name,
        learner=shown.learner,
        language=language if language in exercise.languages else exercise.languages[0],
        languages=list(names_of_languages(exercise).items()),
        parts=[_part(shown, exercise, each) for each in exercise.languages],
        withheld=shown.score.withheld,
        plots={each: svg_address(drawing) for each, drawing in (pictures or {}).items()},
        agreeing={each: svg_address(drawing) for each, drawing in (agreeing or {}).items()},
    )


def _part(result: Result, exercise: Exercise, language: str) -> _Part:
    own = own_texts(exercise, language)
    withheld = result.score.withheld
    problem = result.problem
    ours = problem is not None and problem.kind == "fault"
    tasks = (
        () if problem else tuple(task_view(t, result, exercise, language) for t in exercise.tasks)
    )
    folds = _folds(tasks, result, exercise, language)
    keys = (
        *("label.looks_like", "page.advice", "page.hints", "page.next_hint", "load.heading"),
        *("page.title", "page.plot", "page.remarks", "page.passes"),
    )
    points, later = _points(result, exercise, language)
    return _Part(
        language=language,
        title=exercise.title.in_(language),
        points=points,
        later=later,
        why=translate("page.withheld_why", language) if withheld else "",
        handed_in=translate(
            "page.checked" if exercise.released else "page.handed_in", language, file=result.file
        ),
        problem=explain_evidence(problem, language, own) if problem and not ours else None,
        load=tuple(explain_evidence(evidence, language, own) for evidence in result.load),
        load_advice=load_advice(result, language),
        foreign=foreign(result, exercise, language),
        remarks=tuple(
            translate(note.name, language, **note.facts) for note in result.notes if has(note.name)
        )
        + tuple(_by_hand(question, language) for question in exercise.written),
        tasks=tuple(task for task in tasks if not any(task in fold.tasks for fold in folds)),
        folds=folds,
        done=bool(tasks) and not withheld and all(task.full for task in tasks),
        praise=translate(
            "terminal.done" if exercise.released else "page.passed_all",
            language,
            all=len(result.checks),
        ),
        texts={key.partition(".")[2]: translate(key, language) for key in keys},
    )


def _points(result: Result, exercise: Exercise, language: str) -> tuple[str, str]:
    """Say what the whole has come to, and, before it is handed in, what is not decided yet."""
    if result.score.withheld:
        return translate("page.withheld", language), ""
    if exercise.released and result.checks:
        possible = possible_of(result.checks, exercise)
        return standing(result.checks, possible, exercise, language)
    return points_of(result.score.points or 0.0, result.score.possible, language), ""


def _folds(
    tasks: Sequence[TaskView], result: Result, exercise: Exercise, language: str
) -> tuple[_Fold, ...]:
    """Put together the tasks that are missing, those that are not begun, and the echoes."""
    own = own_texts(exercise, language)
    folds = []
    for kind in ("missing", "todo"):
        checks = {
            check.task: check.evidence
            for check in result.checks
            if check.evidence and check.evidence.kind == kind
        }
        alike = [task for task in tasks if task.alike and task.name in checks and not task.echo]
        if len(alike) > 1:
            facts = {**checks[alike[0].name].facts, "name": ", ".join(t.name for t in alike)}
            said = explain_evidence(Evidence(f"{kind}_all", facts=facts), language, own)
            folds.append(_Fold(said, "", tuple(alike)))
    echoing = tuple(task for task in tasks if task.echo)
    if echoing:
        folds.append(_Fold(None, translate("page.echo", language), echoing))
    return tuple(folds)


def _by_hand(question: Written, language: str) -> str:
    facts = {"title": question.title.in_(language), "points": f"{question.points:g}"}
    return translate("page.by_hand", language, **facts)
