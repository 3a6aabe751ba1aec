"""What failed of each learner, task by task, and for whose sake: a task that another one broke."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.diagnosis import Did
from autograder.errors import GradeFlowError
from autograder.insight.causes import cause_of, causes_in
from autograder.insight.telling import key_of, sign_of, weighty
from autograder.insight.written import lines_of, reached, written_in
from autograder.model import CheckResult, Result, SourceLine, Verdict
from autograder.wire.protocol import Program

__all__ = ["Failure", "failures_in", "with_their_causes"]

UNWRITTEN = frozenset({"missing", "misspelt", "unreached", "not_callable"})
"""Kinds of evidence that say of a function only that there is none."""


@dataclass(frozen=True)
class Failure:
    """One task of one learner that failed.

    key: the digest of how, or the cause; checks: those that tell it; lines: of the functions
    concerned. signs: for each check that failed, how; asked: how many checks of the task were run.
    causes: what stopped it that tells itself; cause: what did in most of the checks that failed.
    roots: the tasks that it calls and that failed too. forgets: whether it is right but where it
    stops when asked of nothing.
    """

    learner: str
    task: str
    key: str
    checks: tuple[CheckResult, ...]
    signs: Mapping[str, str]
    asked: int
    lines: tuple[SourceLine, ...] = ()
    roots: tuple[str, ...] = ()
    causes: frozenset[str] = frozenset()
    cause: str = ""
    forgets: bool = False
    followers: list[str] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How much there is to read of the functions concerned; without any, much."""
        return sum(len(line.text.strip()) for line in self.lines) or 10**9


def failures_in(
    result: Result, program_of: Callable[[Result], Program | None], tasks: Sequence[str]
) -> tuple[list[Failure], int]:
    """Return what failed of one learner, task by task, and how many tasks are not written."""
    asked: dict[str, list[CheckResult]] = defaultdict(list)
    for check in result.checks:
        if check.task in tasks and _ran(check):
            asked[check.task].append(check)
    stubs = [task for task, own in asked.items() if all(map(_not_begun, own))]
    failed = {
        task: checks
        for task, own in asked.items()
        if (checks := tuple(c for c in own if c.verdict in (Verdict.FAILED, Verdict.ERROR)))
    }
    written = {
        task: checks
        for task, checks in failed.items()
        if not all(each.evidence and each.evidence.kind in UNWRITTEN for each in checks)
    }
    if any(not each.behaviour for checks in written.values() for each in checks):
        raise GradeFlowError(
            f"The result of {result.learner} tells nothing of behaviour, because an older version "
            f"graded it: run `gradeflow grade {result.exercise} …` again, which grades it anew."
        )
    without = len(failed) - len(written) + len(stubs)
    if not written:
        return [], without
    program = program_of(result)
    known = written_in(program) if program is not None else {}
    calls = {task: reached(task, known) for task in written}
    found = []
    for task, checks in written.items():
        own = (task, *(name for name in reached(task, known, past=tasks) if name not in tasks))
        lines = tuple(line for name in own if name in known for line in lines_of(known[name]))
        # Of two that call each other, neither is the cause.
        roots = tuple(
            other for other in calls[task] if other in written and task not in calls[other]
        )
        found.append(_failure(result.learner, task, checks, asked[task], lines, roots))
    return found, without


def _failure(
    learner: str,
    task: str,
    checks: tuple[CheckResult, ...],
    asked: Sequence[CheckResult],
    lines: tuple[SourceLine, ...],
    roots: tuple[str, ...],
) -> Failure:
    causes = causes_in(checks)
    cause = cause_of(causes, len(checks))
    if cause:
        telling = tuple(each for each in checks if causes_in([each])[cause])
    else:
        telling = weighty(checks)
    passed = sum(each.verdict is Verdict.PASSED for each in asked)
    return Failure(
        learner,
        task,
        cause or key_of(telling, passed),
        telling,
        {each.name: sign_of(each) for each in checks},
        len(asked),
        lines,
        roots,
        frozenset(causes),
        cause,
        passed >= len(telling) and all(Did.read(each.behaviour).nothing for each in telling),
    )


def _not_begun(check: CheckResult) -> bool:
    """Tell the line that was handed out; not that of another function, which this one uses."""
    elsewhere = check.evidence is not None and check.evidence.kind == "todo_elsewhere"
    return check.verdict is Verdict.SKIPPED and not elsewhere


def _ran(check: CheckResult) -> bool:
    """Tell whether a check was run, and not left out because earlier ones took all the time."""
    evidence = check.evidence
    return not (evidence and evidence.kind == "stopped" and evidence.facts.get("limit") == "total")


def with_their_causes(failures: Sequence[Failure]) -> list[Failure]:
    """Return the failures that stand for themselves; the others are noted with their causes.

    Whoever fails in another way than the others with the same cause has made a mistake of their
    own there as well.
    """
    by_place = {(each.learner, each.task): each for each in failures}

    def cause(each: Failure) -> Failure | None:
        # The first in the chain: what is wrong and calls nothing that is wrong.
        places = [by_place[each.learner, root] for root in each.roots]
        return next((place for place in places if not place.roots), None)

    shared: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for each in failures:
        if (root := cause(each)) is not None:
            shared[root.task, root.key, each.task][each.key] += 1
    standing = []
    for each in failures:
        root = cause(each)
        if root is None:
            standing.append(each)
            continue
        root.followers.append(each.task)
        ways = shared[root.task, root.key, each.task]
        if ways[each.key] == 1 and max(ways.values()) > 1:
            standing.append(each)
    return standing
