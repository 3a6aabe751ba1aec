"""How far a hint for a group would reach, and so which group comes first.

Whoever has made the group's mistake and another one is in a group of their own, but fails the
checks that the group fails in the same way, and others besides. A hint is told to them as well.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from autograder.insight.failures import Failure

__all__ = ["beside_others", "in_order"]

Place = tuple[str, str]
Own = tuple[Failure, ...]


def beside_others(groups: Sequence[Own]) -> list[Own]:
    """Return for each group those of others in whose failures its mistake shows too.

    groups: the failures of each, whoever has the shortest program first. As with a diagnosis, the
    mistake must account for most of the task, unless it is to stop when asked of nothing, and not
    be part of a larger one.
    """
    failures = [each for own in groups for each in own]
    failing: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for number, each in enumerate(failures):
        for check, sign in each.signs.items():
            failing[each.task, check, sign].add(number)
    beside, start = list[Own](), 0
    for own in groups:
        members = range(start, start := start + len(own))
        if own[0].cause:  # told by what the exception says, wherever it stops somebody
            stopped = set(_stopped(own[0], failures)).difference(members)
            beside.append(tuple(failures[number] for number in sorted(stopped)))
            continue
        # Who has no answer in some case may have none in one way or in another.
        ways = {
            tuple((check.name, each.signs[check.name]) for check in each.checks): each.forgets
            for each in own
        }
        found = set[int]()
        for shown, forgets in ((dict(way), forgets) for way, forgets in ways.items()):
            alike = (failing[own[0].task, check, sign] for check, sign in shown.items())
            others = reduce(set.intersection, alike).difference(members)
            besides = (n for n in others if _besides(shown, failures[n], forgets=forgets))
            found.update(besides)
        beside.append(tuple(failures[number] for number in sorted(found)))
    return beside


def _stopped(one: Failure, failures: Sequence[Failure]) -> Iterator[int]:
    for number, each in enumerate(failures):
        if each.task == one.task and one.cause in each.causes:
            yield number


def _besides(shown: dict[str, str], failure: Failure, *, forgets: bool) -> bool:
    rest = {check: sign for check, sign in failure.signs.items() if check not in shown}
    larger = not set(rest.values()).isdisjoint(shown.values())
    return bool(rest) and not larger and (forgets or 2 * len(rest) < failure.asked)


def in_order(groups: Sequence[Own], beside: Sequence[Own]) -> list[int]:
    """Return the groups' places, first the one whose hint would be told in most failing tasks.

    Whoever has another mistake besides counts half, since fresh inputs may tell otherwise, and not
    again where a hint before it is told. What an exception tells is told for sure: such failures
    count whole, and for no other group.
    """
    told, order = dict[Place, bool](), list[int]()
    waiting = [(-_worth(own, beside[at], told), at) for at, own in enumerate(groups)]
    heapq.heapify(waiting)
    while waiting:
        known, best = heapq.heappop(waiting)
        now = -_worth(groups[best], beside[best], told)
        if now > known:  # a worth only shrinks, so whoever keeps the highest is the next
            heapq.heappush(waiting, (now, best))
            continue
        order.append(best)
        sure = bool(groups[best][0].cause)
        for each in (*groups[best], *beside[best]):
            told[_place(each)] = sure or told.get(_place(each), False)
    return order


def _worth(own: Own, beside: Own, told: Mapping[Place, bool]) -> float:
    held = sum(1 + len(each.followers) for each in own if not told.get(_place(each)))
    besides = sum(_place(each) not in told for each in beside)
    return held + (besides if own[0].cause else besides / 2)


def _place(failure: Failure) -> Place:
    return failure.learner, failure.task
