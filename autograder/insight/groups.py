"""Who made the same mistake: wrong programs by what their functions did, task by task.

What counts is behaviour on the calls that checks made, which are the same for a whole class, and no
text. A task whose function calls another one that is wrong too fails for that one's sake; it stands
with its cause, unless most who share the cause fail otherwise there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.insight.telling import key_of, weighty
from autograder.insight.written import lines_of, reached, written_in
from autograder.model import CheckResult, Evidence, Result, SourceLine, Verdict
from autograder.wire.protocol import Program

__all__ = ["Group", "Overview", "groups_of"]

UNWRITTEN = frozenset({"missing", "misspelt", "unreached", "not_callable"})
"""Kinds of evidence that say of a function only that there is none."""


@dataclass(frozen=True)
class Group:
    """Learners whose function did the same on every call of the checks that failed.

    number: its place, from 1: what holds most failing tasks is first.
    key: the same as long as the checks are.
    named: the misconception that most of them were told; empty where there is none.
    pattern: else what the values looked like (a key of the catalogues under ``pattern``).
    followers: other tasks that fail for its sake, each with the members of whom it does.
    members: whoever has the shortest program first; lines: of that one, the functions that matter.
    check, hidden, evidence: a failing call of that program with what came and what was wanted; of
    a public check where one failed. A hidden one is nothing to show to learners.
    checks: the checks of the task that fail by it.
    """

    number: int
    key: str
    task: str
    members: tuple[str, ...]
    named: str
    pattern: str
    followers: tuple[tuple[str, tuple[str, ...]], ...]
    lines: tuple[SourceLine, ...]
    check: str
    hidden: bool
    evidence: Evidence | None
    checks: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many learners it has."""
        return len(self.members)

    @property
    def representative(self) -> str:
        """Who has the shortest program."""
        return self.members[0]


@dataclass(frozen=True)
class Overview:
    """All groups of a class, and what is in none.

    graded: how many learners there are; wrong: how many of them are in some group.
    failing: how many tasks failed, over all learners, those that follow from others among them.
    unwritten: how many tasks have no function under their name, or still the one handed out.
    """

    groups: tuple[Group, ...]
    graded: int
    wrong: int
    failing: int
    unwritten: int

    def together(self, group: Group) -> tuple[Group, ...]:
        """Return the groups of other tasks in which mostly the same learners are.

        They may have one misunderstanding, which shows in several functions.
        """
        own = frozenset(group.members)
        others = (each for each in self.groups if each.task != group.task)
        return tuple(each for each in others if _mostly(own, frozenset(each.members)))


def _mostly(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common > 1 and 2 * common > max(len(one), len(other))


@dataclass(frozen=True)
class _Failure:
    """One task of one learner that failed.

    key: the digest of how; checks: those that tell it; lines: of the functions concerned.
    roots: the tasks that it calls and that failed too.
    """

    learner: str
    task: str
    key: str
    checks: tuple[CheckResult, ...]
    lines: tuple[SourceLine, ...] = ()
    roots: tuple[str, ...] = ()
    followers: list[str] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How much there is to read of the functions concerned; without any, much."""
        return sum(len(line.text.strip()) for line in self.lines) or 10**9


def groups_of(
    results: Iterable[Result], program_of: Callable[[Result], Program | None], exercise: Exercise
) -> Overview:
    """Group the wrong programs of a class by what their functions did.

    results: read once, one after the other. program_of: gives what was graded, or None where it is
    not kept; then nothing of it is shown, and no failure is put down to another one.

    Raises GradeFlowError where results were graded by a version that kept no behaviour.
    """
    tasks = [task.name for task in exercise.tasks]
    graded = unwritten = 0
    failures: list[_Failure] = []
    for result in results:
        graded += 1
        own, without = _failures(result, program_of, tasks)
        failures += own
        unwritten += without
    standing = _with_their_causes(failures)
    gathered: dict[tuple[str, str], list[_Failure]] = defaultdict(list)
    for each in standing:
        gathered[each.task, each.key].append(each)
    ordered = sorted(gathered.values(), key=lambda own: (-_held(own), tasks.index(own[0].task)))
    groups = tuple(_group(number, own) for number, own in enumerate(ordered, 1))
    wrong = len({each.learner for each in failures})
    return Overview(groups, graded, wrong, len(failures), unwritten)


def _failures(
    result: Result, program_of: Callable[[Result], Program | None], tasks: Sequence[str]
) -> tuple[list[_Failure], int]:
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
        passed = sum(each.verdict is Verdict.PASSED for each in asked[task])
        telling = weighty(checks)
        key = key_of(telling, passed)
        found.append(_Failure(result.learner, task, key, telling, lines, roots))
    return found, without


def _not_begun(check: CheckResult) -> bool:
    """Tell the line that was handed out; not that of another function, which this one uses."""
    elsewhere = check.evidence is not None and check.evidence.kind == "todo_elsewhere"
    return check.verdict is Verdict.SKIPPED and not elsewhere


def _ran(check: CheckResult) -> bool:
    """Tell whether a check was run, and not left out because earlier ones took all the time."""
    evidence = check.evidence
    return not (evidence and evidence.kind == "stopped" and evidence.facts.get("limit") == "total")


def _held(own: Sequence[_Failure]) -> int:
    """Count the failing tasks that a group holds, with those that fail for its sake."""
    return sum(1 + len(each.followers) for each in own)


def _with_their_causes(failures: Sequence[_Failure]) -> list[_Failure]:
    """Return the failures that stand for themselves; the others are noted with their causes.

    Whoever fails in another way than the others with the same cause has made a mistake of their
    own there as well.
    """
    by_place = {(each.learner, each.task): each for each in failures}

    def cause(each: _Failure) -> _Failure | None:
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


def _group(number: int, own: Sequence[_Failure]) -> Group:
    own = sorted(own, key=lambda each: (each.length, each.learner))
    shortest = own[0]
    followers: dict[str, list[str]] = defaultdict(list)
    for each in own:
        for task in each.followers:
            followers[task].append(each.learner)
    told = [_told(each.checks) for each in own]
    named = Counter(name for names, _ in told for name in names)
    patterns = Counter(name for _, names in told for name in names)
    check = _shown(shortest.checks)
    return Group(
        number=number,
        key=f"{own[0].task}-{own[0].key}",
        task=own[0].task,
        members=tuple(each.learner for each in own),
        named=_most(named, len(own)),
        pattern=_most(patterns, len(own)),
        followers=tuple((task, tuple(sorted(who))) for task, who in sorted(followers.items())),
        lines=shortest.lines,
        check=check.name,
        hidden=check.secret,
        evidence=check.evidence,
        checks=tuple(each.name for each in shortest.checks),
    )


def _told(checks: Sequence[CheckResult]) -> tuple[set[str], set[str]]:
    """Return the misconceptions and the patterns that were named."""
    found = [each.diagnosis for each in checks if each.diagnosis]
    return (
        {each.name for each in found if each.misconception},
        {each.name for each in found if not each.misconception},
    )


def _most(names: Counter[str], size: int) -> str:
    """Return what more than half of the members were told."""
    common: Mapping[str, int] = dict(names.most_common(1))
    return next((name for name, count in common.items() if 2 * count > size), "")


def _shown(checks: Sequence[CheckResult]) -> CheckResult:
    """Choose the check whose failing call says most: with got and wanted, and no secret."""

    def telling(check: CheckResult) -> tuple[bool, bool, int]:
        evidence = check.evidence
        if evidence is None:
            return True, check.secret, 0
        said = bool(evidence.call) and bool(evidence.got or evidence.lines)
        return not said, check.secret, len(evidence.call) + len(evidence.got)

    return min(checks, key=telling)
