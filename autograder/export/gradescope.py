"""Gradescope's ``results.json`` of one submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts, plain_text, sentence
from autograder.errors import GradeFlowError
from autograder.messages import explain, explain_evidence, translate
from autograder.messages.explain import clean
from autograder.model import CheckResult, Result, Verdict, for_learner
from autograder.report.words import hidden_title, load_advice

__all__ = ["Visibility", "results_for_gradescope"]

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]


def results_for_gradescope(
    result: Result,
    exercise: Exercise,
    language: str,
    hidden: Visibility = "after_published",
    remarks: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what Gradescope reads: a test for each check, with points, text and visibility.

    hidden: when learners see the hidden checks; while one is not shown, Gradescope does not show
    the total either. Their text tells no input and no expected value even then.
    remarks: for the instructor alone.

    Raises GradeFlowError when the score is withheld: without results.json Gradescope says that the
    autograder failed and gives no score, which is what a fault of ours means.
    """
    if result.score.points is None:
        raise GradeFlowError(
            f"The score of {result.learner} is withheld, which is our fault: grade it again."
        )
    shown = for_learner(result)
    output = _whole(shown, exercise, language)
    return {
        "score": result.score.points,
        "execution_time": round(result.seconds, 3),
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "exercise": result.exercise,
            "file": clean(result.file),
            "sha256": result.sha256,
            "sandbox": result.sandbox,
            "layers": list(result.layers),
            "versions": result.versions,
            "misconceptions": list(result.diagnoses),
            "remarks": list(remarks),
        },
        "tests": _tests(shown, exercise, language, hidden),
    }


def _whole(result: Result, exercise: Exercise, language: str) -> str:
    own = own_texts(exercise, language)
    if result.problem is not None:
        return plain_text(explain_evidence(result.problem, language, own))
    if not result.load:
        return exercise.title.in_(language)
    words = [plain_text(explain_evidence(each, language, own)) for each in result.load]
    return "\n".join((translate("load.heading", language), *words, load_advice(result, language)))


def _tests(
    result: Result, exercise: Exercise, language: str, hidden: Visibility
) -> list[dict[str, Any]]:
    tests = []
    for place, task in enumerate(exercise.tasks, 1):
        checks = [check for check in result.checks if check.task == task.name]
        unseen = 0
        for count, check in enumerate(checks, 1):
            unseen += check.hidden
            passed = check.verdict is Verdict.PASSED
            tests.append(
                {
                    "name": _name(check, unseen, exercise, language),
                    "number": f"{place}.{count}",
                    "score": check.points if passed else 0.0,
                    "max_score": check.worth,
                    "status": "passed" if passed else "failed",
                    "output": _output(check, exercise, language),
                    "tags": [task.name],
                    "visibility": hidden if check.hidden else "visible",
                }
            )
    return tests


def _name(check: CheckResult, unseen: int, exercise: Exercise, language: str) -> str:
    if not check.hidden:
        return sentence(check, exercise, language)
    return f"{check.task}: {hidden_title(check, unseen, language)}"


def _output(check: CheckResult, exercise: Exercise, language: str) -> str:
    if check.verdict is Verdict.PASSED:
        return translate("verdict.passed", language)
    return plain_text(explain(check, language, own_texts(exercise, language)))
