"""A check's result as Markdown: the summary of a run of GitHub Actions, or any other place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts, sentence
from autograder.messages import Explanation, explain, explain_evidence, translate
from autograder.messages.explain import clean
from autograder.model import CheckResult, Result, Verdict, for_learner
from autograder.report.words import echoes, possible_of, standing

__all__ = ["summary_of"]

# What Markdown, and the HTML in it, would read as more than text.
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
MOST_TASKS = 6  # that are told in full


def summary_of(result: Result, exercise: Exercise, language: str) -> str:
    """Write what a learner may see of a result; whatever a program says stays text."""
    shown = for_learner(result)
    said, later = standing(shown.checks, possible_of(shown.checks, exercise), exercise, language)
    lines = [f"## {_plain(exercise.name)} · {_plain(exercise.title.in_(language))}", ""]
    lines += [_plain(translate("terminal.total", language, said=said)), ""]
    lines += [_plain(later), ""] if later else []
    if shown.problem is not None:
        own = own_texts(exercise, language)
        return "\n".join([*lines, *_words(explain_evidence(shown.problem, language, own)), ""])
    of_task = {task: [c for c in shown.checks if c.task == task.name] for task in exercise.tasks}
    lines += ["| | | |", "|---|---|---|"]
    lines += [_row(task, checks, language) for task, checks in of_task.items() if checks]
    own = own_texts(exercise, language)
    for evidence in shown.load:
        lines += ["", *_words(explain_evidence(evidence, language, own))]
    wrong = [task for task, checks in of_task.items() if _is_wrong(checks)]
    for task in [task for task in wrong if not echoes(task, shown, exercise)][:MOST_TASKS]:
        lines += ["", f"### {_code(task.name)} {_plain(task.title.in_(language))}", ""]
        lines += _task(of_task[task], exercise, language)
    return "\n".join([*lines, ""])


def _is_wrong(checks: Sequence[CheckResult]) -> bool:
    return any(check.verdict is not Verdict.PASSED for check in checks)


def _row(task: Task, checks: Sequence[CheckResult], language: str) -> str:
    passed = sum(check.verdict is Verdict.PASSED for check in checks)
    mark = "✅" if passed == len(checks) else "❌"
    told = translate("terminal.passed_of", language, passed=passed, all=len(checks))
    return f"| {mark} | {_code(task.name)} {_plain(task.title.in_(language))} | {_plain(told)} |"


def _task(checks: Sequence[CheckResult], exercise: Exercise, language: str) -> Iterator[str]:
    """Tell of the first check that fails; the others of a task mostly say the same."""
    check = next(check for check in checks if check.verdict is not Verdict.PASSED)
    yield f"**{_plain(sentence(check, exercise, language))}**"
    yield ""
    yield from _words(explain(check, language, own_texts(exercise, language)))


def _words(words: Explanation) -> Iterator[str]:
    yield _plain(words.headline)
    yield ""
    if words.values:
        width = max(len(label) for label, _ in words.values)
        listed = "\n".join(f"{label:<{width}}  {value}" for label, value in words.values)
        yield _block(listed)
    for detail in words.details:
        yield f"{_plain(detail)}  "
    if words.advice:
        yield f"> {_plain(words.advice)}"


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))


def _code(text: str) -> str:
    return f"`{clean(text).replace('`', '').replace('|', '')}`"


def _block(text: str) -> str:
    """Fence a text in, with more backticks than it has anywhere."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{clean(text)}\n{fence}"
