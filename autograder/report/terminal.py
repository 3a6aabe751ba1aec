"""Results in a terminal. Learner's text enters as rich Text, never as markup."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts, sentence
from autograder.messages import Explanation, explain, explain_evidence, translate
from autograder.model import CheckResult, Result, Verdict
from autograder.report.found import found_in
from autograder.report.words import (
    WORST_FIRST,
    absent_together,
    awaits,
    echoes,
    foreign,
    hidden_title,
    load_advice,
    possible_of,
    standing,
    unreached,
)

__all__ = [
    "ClassSummary",
    "class_tables",
    "feedback",
    "mark_of",
    "problem_feedback",
    "task_feedback",
]

MOST_ROWS = 200  # of one piece of a class's table
WIDEST = 40  # characters that a column takes in any case

MARKS = {
    Verdict.PASSED: ("✔", "green"),
    Verdict.FAILED: ("✘", "red"),
    Verdict.ERROR: ("✘", "red"),
    Verdict.FAULT: ("!", "magenta"),
    Verdict.SKIPPED: ("○", "dim"),
}


def feedback(
    result: Result, exercise: Exercise, language: str, *, everything: bool = True
) -> RenderableType:
    """Return what a learner reads about their own submission, task by task.

    everything: else, where a task is wrong, the first such one in full, and a line for each other.
    """
    parts: list[RenderableType] = [
        Text.assemble(
            (exercise.name, "bold"), "  ", exercise.title.in_(language), (f"  {result.file}", "dim")
        ),
        Text(),
        *problem_feedback(result, exercise, language),
    ]
    if result.problem is not None:
        return Group(*parts)
    of_task = {task: [c for c in result.checks if c.task == task.name] for task in exercise.tasks}
    in_hand = None if everything else _in_hand(of_task, result, exercise)
    told = {task: _told_of(task, checks, result, exercise) for task, checks in of_task.items()}
    if in_hand is not None:
        parts += task_feedback(in_hand, told[in_hand], exercise, language)
        del of_task[in_hand]
    for task, checks in of_task.items():
        if not checks:
            continue
        first = absent_together(task, result, exercise)[:1]  # which tells of all
        said = first and (in_hand is None or in_hand.name in first) and task.name not in first
        if said or echoes(task, result, exercise):
            parts.append(_head(task, checks, language))
        elif in_hand is not None:
            parts.append(_line(task, checks, language))
        else:
            parts += task_feedback(task, told[task], exercise, language)
    parts += [Text(), *_closing(result, exercise, language)]
    if in_hand is not None and sum(_is_wrong(checks) for checks in of_task.values()):
        parts.append(Text(translate("terminal.all", language), style="dim"))
    return Group(*parts)


def _told_of(
    task: Task, checks: Sequence[CheckResult], result: Result, exercise: Exercise
) -> Sequence[CheckResult]:
    """Return a task's checks; of the first of several that are missing, they speak of all."""
    absent = absent_together(task, result, exercise)
    if not absent or task.name != absent[0]:
        return checks
    facts = {"name": ", ".join(absent)}
    return [
        msgspec.structs.replace(
            check,
            evidence=msgspec.structs.replace(
                check.evidence, kind="missing_all", call="", facts=check.evidence.facts | facts
            ),
        )
        for check in checks
        if check.evidence
    ]


def _in_hand(
    of_task: Mapping[Task, Sequence[CheckResult]], result: Result, exercise: Exercise
) -> Task | None:
    """Return the first task that has something to tell of what is wrong with it."""
    for task, checks in of_task.items():
        if _is_wrong(checks) and not echoes(task, result, exercise):
            return task
    return None


def _is_wrong(checks: Sequence[CheckResult]) -> bool:
    return bool(checks) and _worst(checks) not in (Verdict.PASSED, Verdict.SKIPPED)


def problem_feedback(result: Result, exercise: Exercise, language: str) -> list[RenderableType]:
    """Return what is wrong with the file itself: it cannot be read, or does not run to its end."""
    own = own_texts(exercise, language)
    if result.problem is not None:
        return [_words(explain_evidence(result.problem, language, own))]
    parts: list[RenderableType] = []
    if result.load:
        parts.append(Text(translate("load.heading", language), style="yellow"))
        parts += [_words(explain_evidence(evidence, language, own)) for evidence in result.load]
        parts.append(Text(load_advice(result, language) + "\n", style="yellow"))
    if asked := foreign(result, exercise, language):
        parts.append(Text(asked + "\n", style="yellow"))
    return parts


def task_feedback(
    task: Task, checks: Sequence[CheckResult], exercise: Exercise, language: str
) -> list[RenderableType]:
    """Return what a learner reads about one task: its first check that does not pass, in full."""
    worst = _worst(checks)
    head = _line(task, checks, language)
    if worst in (Verdict.PASSED, Verdict.SKIPPED):
        ahead = awaits(task, checks, exercise, language)
        return [head, *([Padding(Text(ahead, style="dim"), (0, 0, 0, 2))] if ahead else [])]
    first = next(check for check in checks if check.verdict is worst)
    number = sum(check.hidden for check in checks[: checks.index(first) + 1])
    title = (
        hidden_title(first, number, language)
        if first.hidden
        else sentence(first, exercise, language)
    )
    words = explain(first, language, own_texts(exercise, language))
    return [head, Padding(Group(Text(title, style="italic dim"), _words(words)), (0, 0, 1, 2))]


def _line(task: Task, checks: Sequence[CheckResult], language: str) -> Text:
    """Return a task's one line: its name, and how far it has come."""
    worst = _worst(checks)
    passed = sum(check.verdict is Verdict.PASSED for check in checks)
    head = _head(task, checks, language)
    if worst is Verdict.SKIPPED:
        head.append(f"  {_unwritten(checks, language)}", style="dim")
    elif worst is not Verdict.PASSED:
        facts = {"passed": passed, "all": len(checks)}
        head.append(f"  {translate('terminal.passed_of', language, **facts)}", style="dim")
    return head


def _unwritten(checks: Sequence[CheckResult], language: str) -> str:
    """Say that a task is not written, that its stub's line is left, or what it waits for."""
    for check in checks:
        if check.evidence and check.evidence.kind in ("todo_left", "todo_elsewhere"):
            return explain_evidence(check.evidence, language, lambda _kind, _key: None).headline
    return translate("evidence.todo", language)


def _worst(checks: Sequence[CheckResult]) -> Verdict:
    return min((check.verdict for check in checks), key=WORST_FIRST.index)


def _head(task: Task, checks: Sequence[CheckResult], language: str) -> Text:
    mark, style = mark_of(checks)
    return Text.assemble((f"{mark} {task.name:<18}", style), task.title.in_(language))


def mark_of(checks: Sequence[CheckResult]) -> tuple[str, str]:
    """Return a task's mark and its style; what did not run, or was never reached, has a dot."""
    if not checks or unreached(checks):
        return "·", "dim"
    return MARKS[_worst(checks)]


def _words(words: Explanation) -> RenderableType:
    lines: list[RenderableType] = [Text(words.headline, style="bold")]
    if words.values:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim")
        grid.add_column(overflow="fold")
        for label, value in words.values:
            grid.add_row(label, Text(value))
        lines.append(Padding(grid, (0, 0, 0, 2)))
    lines += [Padding(Text(detail), (0, 0, 0, 2)) for detail in words.details]
    if words.advice:
        style = "yellow" if words.named else "cyan"
        lines.append(Padding(_pointed(Text(words.advice, style)), (0, 0, 0, 2)))
    return Group(*lines)


def _pointed(text: Text) -> Table:
    """Set an arrow before a text: a column of its own, for Chinese has no space to break at."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row(Text("→", text.style), text)
    return grid


def _closing(result: Result, exercise: Exercise, language: str) -> list[RenderableType]:
    asked = [task for task in exercise.tasks if any(c.task == task.name for c in result.checks)]
    possible = possible_of(result.checks, exercise)
    said, later = standing(result.checks, possible, exercise, language)
    lines = [translate("terminal.total", language, said=said), *([later] if later else [])]
    unfinished = {c.task for c in result.checks if c.verdict is not Verdict.PASSED}
    following = next((task.name for task in asked if task.name in unfinished), None)
    if result.load:
        lines.append(translate("terminal.broken_off", language))
    elif following:
        lines.append(translate("terminal.next", language, task=following))
    else:
        lines.append(translate("terminal.done", language, all=len(result.checks)))
    return [Text(line) for line in lines]


def class_tables(results: Iterable[Result], summary: ClassSummary | None = None) -> Iterator[Table]:
    """Yield the table of a class in pieces: a learner a row, points and what was found.

    results: read twice where they are many: the pieces have columns of one width.
    summary: hears of each result, so that nobody has to read them once more.
    """
    waiting = iter(results)
    batch = list(itertools.islice(waiting, MOST_ROWS))
    widths = (0, 0)
    if len(batch) == MOST_ROWS:
        sizes = [(len(each.learner), len(each.file)) for each in results]
        longest = (max(size) for size in zip(*sizes, strict=True))
        widths = tuple(min(size, WIDEST) for size in longest)
    head = True
    while batch or head:
        if summary is not None:
            for each in batch:
                summary.add(each)
        yield _class_table(batch, widths, head=head)
        batch, head = list(itertools.islice(waiting, MOST_ROWS)), False


def _class_table(results: Iterable[Result], widths: tuple[int, ...], *, head: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=head)
    table.add_column("learner", overflow="fold", min_width=widths[0])
    table.add_column("file", style="dim", overflow="fold", min_width=widths[1])
    table.add_column("points", justify="right", min_width=len("withheld"))
    table.add_column("checks", justify="right", min_width=len("checks"))
    table.add_column("found", overflow="fold")
    for result in results:
        table.add_row(
            Text(result.learner),
            Text(result.file),
            _points(result),
            f"{sum(c.verdict is Verdict.PASSED for c in result.checks)}/{len(result.checks)}",
            Text(found_in(result)),
        )
    return table


def _points(result: Result) -> Text:
    if result.score.points is None:
        return Text("withheld", style="magenta")
    full = result.score.points >= result.score.possible
    return Text(f"{result.score.points:g}", style="green" if full else "")


class ClassSummary:
    """What is said of a class below its table.

    withheld: a line for each score that is withheld.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.withheld: list[str] = []
        self._exercise = exercise
        self._count = self._full = self._scored = self._strange = 0
        self._total = 0.0
        self._named: Counter[str] = Counter()

    def add(self, result: Result) -> None:
        """Take one more result into account."""
        self._count += 1
        self._strange += _foreign(result)
        self._named.update(result.diagnoses)
        points = result.score.points
        if points is None:
            self.withheld.append(f"{result.learner}: {_cause(result)}")
        else:
            self._scored += 1
            self._total += points
            self._full += points >= self._exercise.points

    def tell(self, language: str, console: Console) -> None:
        """Print full marks and mean, what each named misconception is, and withheld scores."""
        exercise, count, mean = self._exercise, self._count, ""
        if self._scored:
            mean = f"; mean {self._total / self._scored:.1f} of {exercise.points:g}"
        plural = "s" if count != 1 else ""
        console.print(f"{count} submission{plural}; {self._full} with full marks{mean}")
        own = own_texts(exercise, language)
        for name, times in self._named.most_common():
            console.print(Text(f"  {name} ×{times}: {own('misconception', name) or ''}"))
        for each in self.withheld:
            console.print(Text(f"withheld, which is our fault: {each}", "magenta"))
        if self._strange and self._strange >= count / 2:
            console.print(
                f"{self._strange} of them define no function of {exercise.name}: "
                "were they handed in for another exercise?",
                style="yellow",
            )


def _cause(result: Result) -> str:
    facts = result.fault.facts if result.fault is not None else {}
    return f"{facts.get('error', 'unknown')} ({facts.get('where', 'in the engine')})"


def _foreign(result: Result) -> bool:
    kinds = {check.evidence.kind if check.evidence else "" for check in result.checks}
    return bool(kinds) and kinds <= {"missing", "misspelt"}
