"""Everything about one learner's lost points, for the instructor, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts, sentence
from autograder.insight.written import lines_of, reached, written_in
from autograder.messages import Explanation, explain, explain_evidence, translate
from autograder.messages.explain import clean
from autograder.model import NEAREST, CheckResult, Considered, Result, SourceLine, Verdict
from autograder.report.naming import pattern_text
from autograder.wire.protocol import Program

__all__ = ["Explained", "explained"]

MOST_NAMED = 6  # misconceptions that a check was not taken for
MOST_LINES = 12  # of a value


@dataclass(frozen=True)
class Explained:
    """One learner, graded again: what is stored, what came now, and why it is called so.

    origin: where the submission was taken from; empty where its program was kept.
    """

    stored: Result
    now: Result
    considered: tuple[Considered, ...]
    program: Program | None
    origin: str = ""


def explained(it: Explained, exercise: Exercise, language: str, task: str = "") -> RenderableType:
    """Tell of each task that lost points, or of one: the calls, the lines, what it was taken for.

    Names hidden inputs, so it is for the instructor alone.
    """
    said = _Saying(it, exercise, language)
    tasks = [each for each in exercise.tasks if task in ("", each.name)]
    parts: list[RenderableType] = [*said.head()]
    for each in tasks:
        parts += said.of_task(each)
    if all(check.verdict is Verdict.PASSED for check in it.now.checks) and not it.now.problem:
        parts += [Text(), Text(translate("explain.nothing_lost", language), style="green")]
    return Group(*parts)


@dataclass(frozen=True)
class _Saying:
    it: Explained
    exercise: Exercise
    language: str

    def say(self, key: str, **facts: object) -> str:
        return clean(translate(f"explain.{key}", self.language, **facts))

    def head(self) -> Iterator[RenderableType]:
        now, stored = self.it.now, self.it.stored
        facts = {"exercise": now.exercise, "learner": stored.learner, "file": now.file}
        yield Text(self.say("title", **facts), style="bold")
        origin = self.it.origin
        yield Text(self.say("from", origin=origin) if origin else self.say("kept"), style="dim")
        if now.score.points is None:
            yield Text(
                self.say("withheld", error=now.fault.facts.get("error", "?") if now.fault else "?"),
                style="magenta",
            )
        else:
            old = stored.score
            told = "–" if old.points is None else f"{old.points:g} / {old.possible:g}"
            points = {"points": f"{now.score.points:g}", "possible": f"{now.score.possible:g}"}
            yield Text(self.say("same" if old == now.score else "other", stored=told, **points))
        own = own_texts(self.exercise, self.language)
        if now.problem is not None:
            yield Text(explain_evidence(now.problem, self.language, own).headline, style="red")
        for evidence in now.load:
            yield Text(self.say("broken"), style="red")
            yield from self._evidence(explain_evidence(evidence, self.language, own))

    def of_task(self, task: Task) -> Iterator[RenderableType]:
        checks = [check for check in self.it.now.checks if check.task == task.name]
        wrong = [check for check in checks if check.verdict is not Verdict.PASSED]
        if not wrong:
            return
        worth = sum(check.worth for check in wrong)
        lost = self.say("lost", lost=f"{worth:g}", possible=f"{task.points:g}")
        yield Text()
        title = task.title.in_(self.language)
        yield Text.assemble((task.name, "bold"), f"  {title}  ", (lost, "red"))
        yield from self._code(task, wrong)
        for check in wrong:
            yield Padding(Group(*self._check(check)), (1, 0, 0, 2))
        if any(check.verdict in (Verdict.FAILED, Verdict.ERROR) for check in wrong):
            yield Padding(Group(*self._named(task, wrong)), (1, 0, 0, 2))

    def _check(self, check: CheckResult) -> Iterator[RenderableType]:
        title = Text.assemble(("✘ ", "red"), sentence(check, self.exercise, self.language))
        if check.secret:
            title.append(f"  {self.say('hidden')}", style="magenta")
        yield title
        own = own_texts(self.exercise, self.language)
        yield from self._evidence(explain(check, self.language, own))

    def _evidence(self, words: Explanation) -> Iterator[RenderableType]:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row("", Text(words.headline))
        for label, value in words.values:
            lines = value.splitlines()
            cut = ["…"] if len(lines) > MOST_LINES else []
            grid.add_row(label, Text("\n".join(lines[:MOST_LINES] + cut)))
        for detail in words.details:
            grid.add_row("", Text(detail))
        yield Padding(grid, (0, 0, 0, 2))

    def _named(self, task: Task, wrong: Sequence[CheckResult]) -> Iterator[RenderableType]:
        """Say once for a task what its failures look like, and why not like another."""
        mine = [each for each in self.it.considered if each.task == task.name]
        found = {c.diagnosis.name: c.diagnosis for c in wrong if c.diagnosis is not None}
        for name, diagnosis in found.items():
            if not diagnosis.misconception:
                told = self.say("pattern", name=pattern_text(name, self.language) or name)
                yield Text(told, style="yellow")
                continue
            yield Text(self._named_for(name, mine), style="yellow")
            hint = own_texts(self.exercise, self.language)("misconception", name) or ""
            yield Padding(Text(hint), (0, 0, 0, 2))
        if not found:
            yield Text(self.say("nobody"), style="yellow")
        others = _merged([each for each in mine if each.name not in found])
        if not mine and not found:
            yield Text(self.say("none_known"), style="dim")
        if others:
            yield Text(self.say("why_not"), style="dim")
        for each in others[:MOST_NAMED]:
            yield Padding(self._ruled_out(each), (0, 0, 0, 2))

    def _named_for(self, name: str, considered: Sequence[Considered]) -> str:
        """Say what a misconception was named for: all calls, or some beside another mistake."""
        for fate in ("named", "beside"):
            those = [each for each in considered if (each.name, each.fate) == (name, fate)]
            if of := sum(each.of for each in those):
                agreed = sum(each.agreed for each in those)
                return self.say(fate, name=name, of=of, agreed=agreed)
        return self.say("named_itself", name=name)

    def _ruled_out(self, each: Considered) -> RenderableType:
        facts = {"name": each.name, "agreed": each.agreed, "of": each.of}
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold", style="dim")
        rows = (("label.call", each.call), ("label.got", each.mine))
        for key, value in rows if each.call else ():
            grid.add_row(translate(key, self.language), Text(clean(value)))
        if each.call:
            grid.add_row(each.name, Text(clean(each.theirs)))
        return Group(Text(self.say(each.fate, **facts)), Padding(grid, (0, 0, 0, 2)))

    def _code(self, task: Task, wrong: Sequence[CheckResult]) -> Iterator[RenderableType]:
        lines = _lines(self.it.program, task.name, self.exercise.wanted)
        if not lines:
            return
        at = {(line.label, line.line) for c in wrong if c.evidence for line in c.evidence.lines}
        grid = Table.grid(padding=(0, 1))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(overflow="fold")
        for line in lines:
            marked = (line.label, line.line) in at
            number = Text(f"{'▸ ' if marked else ''}{line.line}", style="red" if marked else "dim")
            grid.add_row(number, Text(line.text))
        head = f"{self.say('lines')} ({clean(lines[0].label)})"
        yield Padding(Text(head, style="dim"), (0, 0, 0, 2))
        yield Padding(grid, (0, 0, 0, 4))


def _merged(considered: Sequence[Considered]) -> list[Considered]:
    """Add up what became of each misconception over a task's checks; the nearest first.

    The call that is shown is the shortest.
    """
    by_name: dict[str, list[Considered]] = {}
    for each in considered:
        by_name.setdefault(each.name, []).append(each)
    merged = []
    for those in by_name.values():
        # One call that speaks against it is enough, whatever it did on others.
        against = [each for each in those if each.call] or those
        worst = max(against, key=lambda each: (NEAREST.index(each.fate), -_length(each)))
        agreed, of = sum(each.agreed for each in those), sum(each.of for each in those)
        merged.append(msgspec.structs.replace(worst, agreed=agreed, of=of))
    return sorted(merged, key=lambda each: (-each.agreed / max(each.of, 1), each.name))


def _length(each: Considered) -> int:
    return len(each.call) + len(each.mine) + len(each.theirs)


def _lines(program: Program | None, task: str, tasks: Sequence[str]) -> list[SourceLine]:
    """Return the lines of a task's function, and of those it calls that are no task's."""
    if program is None:
        return []
    known = written_in(program)
    names = [task, *(name for name in reached(task, known, past=tasks) if name not in tasks)]
    return [line for name in names if name in known for line in lines_of(known[name])]
