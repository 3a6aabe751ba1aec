"""Words that every renderer needs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from autograder.catalogue import Exercise, load_exercise
from autograder.catalogue.exercise import Task
from autograder.errors import GradeFlowError
from autograder.messages import has, translate
from autograder.model import CheckResult, Result, Verdict

__all__ = [
    "LANGUAGE_TAGS",
    "NAMES",
    "WORST_FIRST",
    "absent_together",
    "awaits",
    "echoes",
    "foreign",
    "hidden_title",
    "load_advice",
    "names_of_languages",
    "possible_of",
    "same_way",
    "standing",
    "unreached",
]

WORST_FIRST = (Verdict.FAULT, Verdict.ERROR, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED)

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
"""How a page names a language to a browser, where that is not the language's own code."""
SEVERAL = 2  # tasks of another exercise that a file must define to look like its work
CUT_SHORT = frozenset({"unreached", "cut_short"})
NAMES = {"en": "English", "zh": "中文"}


def names_of_languages(exercise: Exercise) -> dict[str, str]:
    """Name the languages that a page of an exercise is in: those that it is written in."""
    return {language: NAMES.get(language, language) for language in exercise.languages}


def hidden_title(check: CheckResult, number: int, language: str) -> str:
    """Write the title of a hidden check: its number within the task, and what it tries."""
    return translate("page.hidden", language, number=number, what=_tried(check.kind, language))


def possible_of(checks: Sequence[CheckResult], exercise: Exercise) -> float:
    """Return the points of the tasks that were checked: of one, or of the whole exercise."""
    asked = {check.task for check in checks}
    return sum(task.points for task in exercise.tasks if task.name in asked)


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
    if result.load or len(tasks) < 2 or tasks != set(exercise.wanted) or "missing" not in kinds:
        return ""
    other = _other_exercise(result, exercise)
    if other is not None:
        facts = {"other": other.name, "title": other.title.in_(language), "here": exercise.name}
        return translate("page.foreign_of", language, **facts)
    if kinds != {"missing"}:
        return ""
    listed = translate("page.and", language).join(exercise.wanted)
    return translate("page.foreign", language, names=listed)


def _other_exercise(result: Result, exercise: Exercise) -> Exercise | None:
    """Find the one exercise beside this one of which a file defines more tasks than of this one."""
    stated = (str(c.evidence.facts.get("there", "")) for c in result.checks if c.evidence)
    names = {name for each in stated for name in each.split(", ")}
    others = [(len(names & set(each.wanted)), each) for each in _beside(exercise.folder)]
    others.sort(key=lambda pair: -pair[0])
    here = len(names & set(exercise.wanted))
    (most, best), (second, _) = [*others, (0, exercise), (0, exercise)][:2]
    return best if most >= SEVERAL and most > max(second, here) else None


@lru_cache(maxsize=16)
def _beside(folder: Path) -> tuple[Exercise, ...]:
    """Read the other exercises that lie beside one; what cannot be read is none."""
    found = []
    for place in sorted(folder.parent.glob("*/exercise.toml")):
        with suppress(GradeFlowError, OSError):
            found.append(load_exercise(place.parent))
    return tuple(each for each in found if each.folder != folder)


def echoes(task: Task, result: Result, exercise: Exercise) -> bool:
    """Tell whether a task says only what is said above of the whole file: a line is enough.

    That is where the file broke off, with the misunderstanding that an earlier task has named.
    """
    own = [check for check in result.checks if check.task == task.name]
    kinds = {check.evidence.kind if check.evidence else "" for check in own}
    absent = kinds in ({"missing"}, {"misspelt"}) and foreign(result, exercise, "en")
    if unreached(own) or absent:
        return True
    names = [each.name for each in exercise.tasks]
    earlier = names[: names.index(task.name)]
    told = {_named(check) for check in result.checks if check.task in earlier} - {""}
    return bool(result.load and own) and all(
        check.verdict is not Verdict.PASSED
        and (_named(check) in told or (check.evidence and check.evidence.kind in CUT_SHORT))
        for check in own
    )


def absent_together(task: Task, result: Result, exercise: Exercise) -> tuple[str, ...]:
    """Return the tasks that are missing from a file as this one is, itself among them.

    Of several it is said once, with the first. Empty where it is alone, or not missing.
    """
    kinds: dict[str, set[str]] = {}
    for check in result.checks:
        kinds.setdefault(check.task, set()).add(check.evidence.kind if check.evidence else "")
    absent = tuple(name for name in exercise.wanted if kinds.get(name) == {"missing"})
    return absent if task.name in absent and len(absent) > 1 else ()


def unreached(checks: Sequence[CheckResult]) -> bool:
    """Tell whether a file broke off before anything that these checks ask for was made.

    Of what stands there nothing is known then, so it is not to be called wrong.
    """
    kinds = {check.evidence.kind if check.evidence else "" for check in checks}
    return kinds == {"unreached"}


def load_advice(result: Result, language: str) -> str:
    """Say of a file that broke off whether anything could be checked all the same."""
    key = "load.nothing" if unreached(result.checks) else "load.advice"
    return translate(key, language)


def _named(check: CheckResult) -> str:
    return check.diagnosis.name if check.diagnosis and check.diagnosis.misconception else ""


def same_way(check: CheckResult) -> tuple[object, ...]:
    """Return what checks of a task have in common that fail in the same way: one example is enough.

    That is a named misunderstanding, the line at which the program stops, the author's sentence, or
    the kind of what is wrong.
    """
    evidence = check.example or check.evidence
    if evidence is None or check.verdict is Verdict.PASSED:
        return (check.verdict, check.name)
    if check.diagnosis is not None:
        return (check.verdict, check.diagnosis.name)
    told = [evidence.facts.get(key) for key in ("exception", "says", "cause")]
    return (check.verdict, evidence.kind, *told, evidence.lines[-1:])


def _tried(kind: str, language: str) -> str:
    key = f"hidden.{kind}"  # a result of before may have none
    return translate(key if has(key) else "hidden.others", language)
