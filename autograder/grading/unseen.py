"""What learners do not have: public checks with inputs of another seed, and what these show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
from autograder.sandbox.ahead import Ahead, Foresees
from autograder.sandbox.remote import RemoteSession
from autograder.sandbox.session import Opener, Session
from autograder.wire.protocol import Call, Loaded, Outcome

__all__ = ["asked_apart", "asked_aside", "run_unseen"]


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


@contextmanager
def asked_aside(session: Session) -> Iterator[None]:
    """Ask a program what costs it no time of what it is asked for afterwards."""
    with session.aside() if isinstance(session, RemoteSession | Apart) else nullcontext():
        yield


@contextmanager
def asked_apart(sandbox: Opener, sitting: Sitting) -> Iterator[Session]:
    """Give the session that is asked for what learners are shown.

    Where hidden checks have put their inputs into the program, that is another process, which has
    seen none of them. It starts when it is first asked.
    """
    if not any(each.secret for each in sitting.results):
        yield sitting.session
        return
    apart = Apart(lambda: sandbox.open(sitting.loadable, sitting.bench.exercise.limits))
    try:
        yield apart
    finally:
        apart.close()


class Apart:
    """A program in a session that is opened when it is first used."""

    def __init__(self, start: Callable[[], Session]) -> None:
        self._start = start
        self._session: Session | None = None

    @property
    def interrupted(self) -> bool:
        """Whether its process was killed from outside."""
        return isinstance(self._session, RemoteSession) and self._session.interrupted

    def load(self) -> Loaded:
        """Run the program's top level, once."""
        return self._opened().load()

    def call(self, call: Call) -> Outcome:
        """Call a function of the program."""
        self._opened().load()
        return self._opened().call(call)

    def foresee(self, ahead: Ahead) -> None:
        """Take these for the calls that will be made, where they can be sent ahead."""
        self._opened().load()
        opened = self._opened()
        if isinstance(opened, Foresees):
            opened.foresee(ahead)

    def aside(self) -> AbstractContextManager[None]:
        """Ask meanwhile what the program has its time back for afterwards."""
        return asked_aside(self._opened())

    def close(self) -> None:
        """End what was opened."""
        if self._session is not None:
            self._session.close()

    def _opened(self) -> Session:
        if self._session is None:
            self._session = self._start()
        return self._session
