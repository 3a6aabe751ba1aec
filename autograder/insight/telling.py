"""Which checks of a failed task tell the mistake, and a digest of how it failed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from autograder.diagnosis import Did
from autograder.model import CheckResult

__all__ = ["key_of", "sign_of", "weighty"]


def weighty(checks: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Leave out, where a value is wrong, the checks in which none is.

    Whoever gets a value wrong and overwrites an argument, or warns, besides has made the mistake
    of those who do not, and another.
    """
    wrong = tuple(each for each in checks if Did.read(each.behaviour).values)
    return wrong or tuple(checks)


def key_of(checks: Sequence[CheckResult], passed: int) -> str:
    """Return the digest of how a task failed.

    Of a function that is right in most checks and has no answer in the others, it counts only
    where: an empty list stops one at ``z[0]``, another at ``max(z)``, and a loop ends in None.
    """
    did = [Did.read(each.behaviour) for each in checks]
    mostly = passed >= len(checks)
    nowhere_else = mostly and all(each.without for each in did)
    lines = (
        f"{check.name} {each.without}"
        if nowhere_else
        else f"{check.name} {each.values or each.aside} {'' if mostly else each.said}"
        for check, each in zip(checks, did, strict=True)
    )
    return hashlib.sha256("\n".join(sorted(lines)).encode(errors="replace")).hexdigest()[:8]


def sign_of(check: CheckResult) -> str:
    """Return how a check failed, to be held against another one."""
    did = Did.read(check.behaviour)
    return f"{did.values} {did.said}" if did.values else did.aside
