"""What learners do not have: public checks with inputs of another seed, and what these show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from autograder.diagnosis import Room, by_heart
from autograder.model import BY_HEART, Diagnosis, Verdict
from autograder.plugin import hooks
from autograder.plugin.bench import Bench
from autograder.plugin.keys import DESK
from autograder.plugin.run import Judged
from autograder.plugin.sitting import Sitting
from autograder.sandbox.ahead import Ahead
from autograder.sandbox.session import Opener, Session

__all__ = ["run_unseen"]


def run_unseen(
    items: Sequence[pytest.Item],
    sitting: Sitting,
    sandbox: Opener,
    stage: Callable[[str], None],
    foresee: Callable[[Sequence[pytest.Item], Sitting, Bench], Ahead] = lambda *_: Ahead(),
) -> tuple[Diagnosis, ...]:
    """Run once more, with inputs that learners do not have, the public checks that passed.

    A check that fails now has failed. After all others: these inputs must not be found in what a
    public check tells. ``foresee`` has calls sent ahead. Returns a remark for the instructor where
    functions know answers by heart.
    """
    before = tuple(sitting.judged)
    places = {each.result.identity: place for place, each in enumerate(before)}
    varying = [
        (item, place)
        for item in items
        if (place := places.get(hooks.check_of(item).identity)) is not None
        and _varies(item, before[place])
    ]
    unseen = replace(sitting.bench, unseen=True)
    ahead = foresee([item for item, _ in varying], sitting, unseen)
    for item, place in varying:
        stage(before[place].result.identity)
        ahead.begin(before[place].result.identity)
        again = _run(item, sitting)
        if _out_of_time(again):  # twice the checks take twice the time, which is ours
            with _instead(sitting, sandbox.open(sitting.loadable, sitting.bench.exercise.limits)):
                again = _run(item, sitting)
        if again.result.verdict is not Verdict.PASSED:
            failed = msgspec.structs.replace(again.result, unseen=True)
            sitting.replace(place, replace(again, result=failed))
    ahead.begin("")
    return _known_by_heart(before, sitting)


def _varies(item: pytest.Item, first: Judged) -> bool:
    passed = first.result.verdict is Verdict.PASSED and not first.result.hidden
    return passed and "rng" in getattr(item, "fixturenames", ())


def _run(item: pytest.Item, sitting: Sitting) -> Judged:
    desk = item.config.stash[DESK]
    desk.use(replace(sitting.bench, unseen=True))
    try:
        runtestprotocol(item, nextitem=None, log=False)
    finally:
        desk.use(sitting.bench)
    return sitting.withdraw()


def _out_of_time(judged: Judged) -> bool:
    evidence = judged.result.evidence
    return evidence is not None and evidence.facts.get("limit") == "total"


@contextmanager
def _instead(sitting: Sitting, session: Session) -> Iterator[None]:
    sitting.session, before = session, sitting.session
    try:
        yield
    finally:
        sitting.session = before
        session.close()


def _known_by_heart(before: Sequence[Judged], sitting: Sitting) -> tuple[Diagnosis, ...]:
    """Ask about those tasks only of which nothing was right but what learners have seen."""
    tasks = {each.task for each in sitting.results if each.secret}
    tasks -= {
        each.task for each in sitting.results if each.hidden and each.verdict is Verdict.PASSED
    }
    known = [
        exchange
        for each in before
        if each.result.task in tasks and not each.result.hidden
        for exchange in each.asked
    ]
    if not known:
        return ()
    numbers = (
        replace(sitting.bench, unseen=True).rng("by heart", hidden=False).integers(2**31, size=4)
    )
    room = Room(sitting.session, sitting.bench.reference)
    names = by_heart(known, room, numbers.tolist())
    return (Diagnosis(BY_HEART, facts={"functions": ", ".join(names)}),) if names else ()
