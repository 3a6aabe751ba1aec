"""Which misunderstandings follow learners from one exercise to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

__all__ = ["Follows", "chance_of", "following"]

FEWEST = 3  # learners with both: fewer are told apart by name, not by a number
RARE = 0.05


@dataclass(frozen=True)
class Follows:
    """Learners with one misunderstanding have another, later one more often than others have.

    both: how many have both; first, second: how many have each, of those who did both exercises.
    chance: how often so many or more would have both if the two had nothing to do with each other.
    """

    earlier: str
    later: str
    both: int
    first: int
    second: int
    learners: int
    chance: float


def chance_of(both: int, first: int, second: int, learners: int) -> float:
    """Return the probability of so many in common, or more, by chance.

    One side of Fisher's exact test: Fisher (1935), The logic of inductive inference, Journal of the
    Royal Statistical Society 98, 39-82.
    """
    ways = math.comb(learners, second)
    most = min(first, second)
    more = sum(
        math.comb(first, n) * math.comb(learners - first, second - n) for n in range(both, most + 1)
    )
    return more / ways if ways else 1.0


def following(
    named: Sequence[Mapping[str, Set[str]]], took_part: Sequence[Set[str]]
) -> list[Follows]:
    """Find pairs, the earlier and the later of two exercises, that are no accident.

    named: for each exercise in order, who has each misunderstanding.
    took_part: for each exercise, whose work was graded.

    Of so many pairs some agree by chance, so each must be rarer than 5 percent by their number
    (Bonferroni's correction). The rarest first.
    """
    pairs = [
        (earlier, later, took_part[i] & took_part[j], named[i][earlier], named[j][later])
        for i in range(len(named))
        for j in range(i + 1, len(named))
        for earlier in named[i]
        for later in named[j]
    ]
    found = []
    for earlier, later, there, first, second in pairs:
        both = len(first & second & there)
        if both < FEWEST:
            continue
        counts = len(first & there), len(second & there), len(there)
        chance = chance_of(both, *counts)
        if chance * len(pairs) < RARE:
            found.append(Follows(earlier, later, both, *counts, chance))
    return sorted(found, key=lambda each: (each.chance, each.earlier, each.later))
