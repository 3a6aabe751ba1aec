"""Grading what is random: a published list of seeds, and how many of them must succeed.

Training from random weights succeeds with some probability p, so one run proves little. The rule:
run a program on the 20 published :data:`SEEDS` and accept it when 18 of them succeed. What it
errs, exactly (:func:`acceptance`; ``tests/unit/test_statistics.py`` simulates it):

=======================================  =========================
a right program, p = 0.998 or more       rejected with 1e-5 or less
a program that succeeds with p = 0.7     accepted with 0.036
a program that succeeds with p = 0.5     accepted with 2e-4
=======================================  =========================

So use it only for what a right program does with p >= 0.998. For a network that trains well only
now and then, ask for *one* success in some restarts (:func:`at_least_one`): 25 restarts of
p = 0.244 hold one with 0.999. A script that trains once, at its top level and from no seed of its
own, is run from the 25 published :data:`STARTS` until one succeeds, so the same holds for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

from autograder.checks.behaviour import expect

__all__ = ["FIRST_SEEDS", "SEEDS", "STARTS", "acceptance", "at_least_one", "enough_succeed"]

# Published: nobody chooses them for a learner, and a second grading takes the same.
SEEDS = tuple(range(1, 21))
NEEDED = 18
# A first answer for a learner who waits.
FIRST_SEEDS = SEEDS[:5]
# From which a script is run that trains at its top level, until it succeeds.
STARTS = tuple(range(1, 26))


def enough_succeed(
    successes: Iterable[bool], *, says: str, misconception: str | None = None
) -> None:
    """Demand that a program succeeds on at least 18 of the 20 seeds.

    successes: the outcome of each seed in the order of :data:`SEEDS`. Give a generator: it is asked
    no further than the verdict needs, which is the third failure or the eighteenth success. A
    shorter run of seeds, such as :data:`FIRST_SEEDS`, is refused only where all 20 would be.
    says: key of the exercise's message; it may name ``{failed}`` of ``{tried}`` seeds, the
    ``{needed}`` of ``{total}``, and the ``{seeds}`` that failed.
    misconception: the id of the misunderstanding that a failure proves, if it proves one.

    Raises Mismatch.
    """
    failed: list[int] = []
    tried = 0
    for seed, success in zip(SEEDS, successes, strict=False):
        tried += 1
        if not success:
            failed.append(seed)
        if len(failed) > len(SEEDS) - NEEDED or tried - len(failed) >= NEEDED:
            break
    expect(
        tried > 0 and len(failed) <= len(SEEDS) - NEEDED,
        says,
        misconception=misconception,
        failed=len(failed),
        tried=tried,
        needed=NEEDED,
        total=len(SEEDS),
        seeds=", ".join(map(str, failed)),
    )


def acceptance(p: float) -> float:
    """Return the probability that a program which succeeds with probability p is accepted."""
    total = len(SEEDS)
    return sum(comb(total, k) * p**k * (1 - p) ** (total - k) for k in range(NEEDED, total + 1))


def at_least_one(p: float, tries: int) -> float:
    """Return the probability that some of a number of independent tries succeed."""
    return float(1 - (1 - p) ** tries)
