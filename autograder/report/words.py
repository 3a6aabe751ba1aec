"""Words that every renderer needs."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.messages import has, translate
from autograder.model import CheckResult, Result, Verdict

__all__ = [
    "LANGUAGE_TAGS",
    "NAMES",
    "WORST_FIRST",
    "awaits",
    "echoes",
    "foreign",
    "hidden_title",
    "names_of_languages",
    "sentence",
    "standing",
]

WORST_FIRST = (Verdict.FAULT, Verdict.ERROR, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED)

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
"""How a page names a language to a browser, where that is not the language's own code."""
NAMES = {"en": "English", "zh": "中文"}


def names_of_languages(exercise: Exercise) -> dict[str, str]:
    """Name the languages that a page of an exercise is in: those that it is written in."""
    return {language: NAMES.get(language, language) for language in exercise.languages}


def sentence(check: CheckResult, exercise: Exercise, language: str) -> str:
    """Write the title of a check that learners have: its author's, or else its name as a sentence.

    What many checks say of their tasks, such as ``keeps_the_shape``, is the engine's to translate.
    The task's own name stays as it is, and so do a parametrized check's parameters.
    """
    function, bracket, parameters = check.name.partition("[")
    # pytest writes a parameter at once behind the name
    behind = f" [{parameters}".replace("_", " ") if bracket else ""
    claim = function.removeprefix("test_")
    about_task = claim.lower().startswith(f"{check.task.lower()}_")
    if about_task:
        claim = claim[len(check.task) + 1 :]
    own = exercise.checks.get(claim, {}).get(language)
    said = own or (translate(f"check.{claim}", language) if has(f"check.{claim}") else None)
    if said is None:
        claim = claim.replace("_", " ")
        return (f"{check.task} {claim}" if about_task else claim) + behind
    return translate("page.check", language, task=check.task, said=said) + behind


def hidden_title(check: CheckResult, number: int, language: str) -> str:
    """Write the title of a hidden check: its number within the task, and what it tries."""
    return translate("page.hidden", language, number=number, what=_tried(check.kind, language))


def standing(
    checks: Sequence[CheckResult], possible: float, exercise: Exercise, language: str
) -> tuple[str, str]:
    """Say how far a task, or an exercise, has come: on one scale, whoever shows it.

    Checks are counted. Points are always those of the whole; before it is handed in they are what
    they are so far, and a second sentence says how many of them hidden checks decide on. It is
    empty where there are none such, and after grading.

    checks: of the task or the exercise. possible: its points.
    """
    passed = [check for check in checks if check.verdict is Verdict.PASSED]
    facts = {
        "passed": len(passed),
        "all": len(checks),
        "points": f"{sum(check.points for check in passed):g}",
        "possible": f"{possible:g}",
    }
    if not exercise.released:
        return translate("page.total", language, **facts), ""
    said = translate("page.so_far", language, **facts)
    later = possible - sum(check.worth for check in checks)
    if later <= 0:
        return said, ""
    return said, translate("page.later", language, later=f"{later:g}", possible=f"{possible:g}")


def awaits(task: Task, checks: Sequence[CheckResult], exercise: Exercise, language: str) -> str:
    """Tell of a task that is right as far as it can be seen which hidden checks are to come.

    Empty where something is wrong still, where hidden checks have run, and where there are none.
    """
    kinds = exercise.hidden.get(task.name, {})
    right = checks and all(each.verdict is Verdict.PASSED and not each.hidden for each in checks)
    if not kinds or not right:
        return ""
    told = [
        translate("page.counted", language, what=_tried(kind, language), count=count)
        for kind, count in kinds.items()
    ]
    listed = translate("page.and", language).join(told)
    facts = {"have": len(checks), "count": sum(kinds.values()), "kinds": listed}
    return translate("page.ahead", language, **facts)


def foreign(result: Result, exercise: Exercise, language: str) -> str:
    """Ask about a file that ran to its end and holds nothing of what is asked for; else empty."""
    tasks = {check.task for check in result.checks}
    kinds = {check.evidence.kind if check.evidence else "" for check in result.checks}
    if result.load or len(tasks) < 2 or kinds != {"missing"} or tasks != set(exercise.wanted):
        return ""
    listed = translate("page.and", language).join(exercise.wanted)
    return translate("page.foreign", language, names=listed)


def echoes(task: Task, result: Result, exercise: Exercise) -> bool:
    """Tell whether a task says only what is said above of the whole file: a line is enough."""
    own = [check for check in result.checks if check.task == task.name]
    kinds = {check.evidence.kind if check.evidence else "" for check in own}
    above = bool(foreign(result, exercise, "en"))
    return kinds == {"unreached"} or (above and kinds == {"missing"})


def _tried(kind: str, language: str) -> str:
    key = f"hidden.{kind}"  # a result of before may have none
    return translate(key if has(key) else "hidden.others", language)
