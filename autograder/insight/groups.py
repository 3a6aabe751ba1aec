"""Who made the same mistake: wrong programs by what their functions did, task by task.

What counts is behaviour on the calls that checks made, which are the same for a whole class, and no
text. A task whose function calls another one that is wrong too fails for that one's sake; it stands
with its cause, unless most who share the cause fail otherwise there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.insight.failures import Failure, failures_in, with_their_causes
from autograder.insight.reach import beside_others, in_order
from autograder.model import CheckResult, Evidence, Result, SourceLine
from autograder.wire.protocol import Program

__all__ = ["Group", "Overview", "groups_of"]


@dataclass(frozen=True)
class Group:
    """Learners whose function did the same on every call of the checks that failed.

    number: its place, from 1: first is what a hint would be told in most failing tasks of.
    key: the same as long as the checks are.
    named: the misconception that most of them were told; empty where there is none.
    cause: what stops them all that tells itself, wherever it does (a key of the catalogues behind
    ``groups.cause_``); empty for a group of equal behaviour.
    pattern: else what the values looked like (a key of the catalogues under ``pattern``).
    followers: other tasks that fail for its sake, each with the members of whom it does.
    beside: learners of other groups of the task, who have made its mistake and another one.
    members: whoever has the shortest program first; lines: of that one, the functions that matter.
    check, hidden, evidence: a failing call of that program with what came and what was wanted; of
    a public check where one failed. A hidden one is nothing to show to learners.
    checks: the checks of the task that fail by it.
    """

    number: int
    key: str
    task: str
    members: tuple[str, ...]
    cause: str
    named: str
    pattern: str
    followers: tuple[tuple[str, tuple[str, ...]], ...]
    beside: tuple[str, ...]
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

        They may have one misunderstanding, which shows in several functions. So have those whom
        the same cause stops.
        """
        own = frozenset(group.members)
        others = (each for each in self.groups if each.task != group.task)
        return tuple(
            each
            for each in others
            if (group.cause and each.cause == group.cause) or _mostly(own, frozenset(each.members))
        )


def _mostly(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common > 1 and 2 * common > max(len(one), len(other))


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
    failures: list[Failure] = []
    for result in results:
        graded += 1
        own, without = failures_in(result, program_of, tasks)
        failures += own
        unwritten += without
    standing = with_their_causes(failures)

    def readable(each: Failure) -> tuple[int, int, int, str]:
        # Of two alike, a mistake that fewer checks see stands beside more others.
        seen = 0 if each.cause else len(each.checks)
        return tasks.index(each.task), seen, each.length, each.learner

    gathered: dict[tuple[str, str], list[Failure]] = defaultdict(list)
    for each in sorted(standing, key=readable):
        gathered[each.task, each.key].append(each)
    alike = [tuple(own) for own in gathered.values()]
    beside = beside_others(alike)
    order = enumerate(in_order(alike, beside), 1)
    groups = tuple(_group(number, alike[at], beside[at]) for number, at in order)
    wrong = len({each.learner for each in failures})
    return Overview(groups, graded, wrong, len(failures), unwritten)


def _group(number: int, own: Sequence[Failure], beside: Sequence[Failure]) -> Group:
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
        cause=shortest.cause,
        named=_most(named, len(own)),
        pattern=_most(patterns, len(own)),
        followers=tuple((task, tuple(sorted(who))) for task, who in sorted(followers.items())),
        beside=tuple(sorted(each.learner for each in beside)),
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
