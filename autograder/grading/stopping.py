"""The checks in which a submission cost a worker more than it may: whose fault that was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from autograder.model import CheckResult, Evidence, Fact, Verdict
from autograder.plugin import hooks
from autograder.plugin.bench import Bench
from autograder.plugin.keys import DESK
from autograder.plugin.sitting import Sitting
from autograder.wire.protocol import Program

__all__ = ["in_order", "judged_apart"]


def judged_apart(
    items: Sequence[pytest.Item],
    cuts: tuple[str, ...],
    bench: Bench,
    program: Program,
    stage: Callable[[str], None],
) -> dict[str, CheckResult]:
    """Judge the checks that cost too much: each runs with the reference in the learner's place.

    One that passes so was stopped by what the learner's program returned or printed, and one that
    does not is at fault. Behind the last of several, nothing is run any more.

    cuts: the stages in which workers came to their limits; ``stage`` hears which one is judged.
    """
    names = [hooks.check_of(item).identity for item in items]
    judged: dict[str, CheckResult] = {}
    for item, name in zip(items, names, strict=True):
        if name in cuts:
            stage(name)
            trial = Sitting(bench, program, bench.reference)
            with item.session.config.stash[DESK].seated(trial):
                runtestprotocol(item, nextitem=None, log=False)
            judged[name] = _stopped(trial.results[-1], "checking", bench)
    if len(judged) > 1:
        last = max(names.index(name) for name in judged)
        for item, name in list(zip(items, names, strict=True))[last + 1 :]:
            judged[name] = _stopped(_not_run(item), "total", bench)
    stage("")
    return judged


def in_order(
    items: Sequence[pytest.Item], results: Sequence[CheckResult]
) -> tuple[CheckResult, ...]:
    """Return results in the order of their checks."""
    places = {hooks.check_of(item).identity: place for place, item in enumerate(items)}
    return tuple(sorted(results, key=lambda result: places[result.identity]))


def _not_run(item: pytest.Item) -> CheckResult:
    check = hooks.check_of(item)
    return CheckResult(check.name, check.task, check.hidden, Verdict.PASSED, check.worth)


def _stopped(tried: CheckResult, limit: str, bench: Bench) -> CheckResult:
    """Return what a check says that was stopped, given what it says of the reference."""
    if tried.verdict is Verdict.PASSED:
        facts: dict[str, Fact] = {"limit": limit, "amount": bench.exercise.limits.total}
        verdict, evidence = Verdict.ERROR, Evidence("stopped", facts=facts)
    else:
        verdict = Verdict.FAULT
        evidence = Evidence("fault", facts={"error": f"{tried.name} rejects the reference"})
    return msgspec.structs.replace(
        tried,
        verdict=verdict,
        points=0.0,
        evidence=evidence,
        diagnosis=None,
        behaviour=f"stopped {limit}" if verdict is Verdict.ERROR else "",
    )
