"""From verdicts to points, failing closed."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.model.results import CheckResult, Score, Verdict

__all__ = ["score"]


def score(checks: Iterable[CheckResult], possible: float) -> Score:
    """Add up the points that explicit verdicts have earned.

    possible: the points of the whole exercise. A submission for which some check is missing
    earns no more for it: the possible points do not shrink. One fault withholds everything.
    """
    checks = tuple(checks)
    if any(check.verdict is Verdict.FAULT for check in checks):
        return Score(possible)
    earned = sum(check.points for check in checks if check.verdict is Verdict.PASSED)
    return Score(possible, round(min(earned, possible), 6))
