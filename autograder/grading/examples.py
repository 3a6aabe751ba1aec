"""Fresh examples: where a check with hidden inputs failed, a call of other inputs that fails too.

The check runs again with inputs of a seed that is no secret. What the learner reads of it must not
carry what a hidden check holds, though a program could copy that from one call into the answer of
the next. So a call is shown only if the check asks it of the reference too, its arrays are none
that the check always uses, and a process that has been asked nothing of any hidden check answers it
in the same way.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec
import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from autograder.checks import beside, difference, show_call
from autograder.diagnosis import innermost, portable
from autograder.model import Evidence, Verdict
from autograder.plugin import hooks
from autograder.plugin.bench import Bench
from autograder.plugin.judge import MOST_PRINTED, Judged
from autograder.plugin.keys import DESK
from autograder.plugin.outcomes import outcome_evidence
from autograder.plugin.placing import none_within, within
from autograder.plugin.sitting import Sitting
from autograder.sandbox.ahead import Ahead
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Opener, Session
from autograder.sandbox.spent import Stopwatch
from autograder.wire.digest import digest_of
from autograder.wire.protocol import Call, Name, Outcome, Program, Raised, Returned, Tensor
from autograder.wire.values import encode

__all__ = ["PUBLISHED", "Examples"]

Foresee: TypeAlias = Callable[[Sequence[pytest.Item], Sitting, Bench], Ahead]
PUBLISHED = "\nexample"
"""Stands in the salt's place: whoever has the check could draw these inputs."""
SEEDS = (1, 2)
KINDS = frozenset(
    {"differs", "nan", "shape", "dtype", "type", "none", "none_inside", "length", "key", "raised"}
)  # what one call shows by itself: no sentence of an author's, no warning
SECONDS = 3.0  # of all examples of a submission; none is begun after it
SLOW = 1.0  # seconds: a check in which a program computed longer is not run again
TOLERANCES = ((1e-3, 1e-6), (1e-7, 1e-12))  # what differs by much is told first


@dataclass(frozen=True)
class _Asked:
    """What a check asks of the reference: its calls, and the arrays in them, as digests."""

    calls: frozenset[bytes] = frozenset()
    arrays: frozenset[bytes] = frozenset()


@dataclass
class Examples:
    """Finds fresh examples for an exercise's checks; what the reference is asked stays known."""

    _asked: dict[tuple[str, str, bool, int], _Asked | None] = field(default_factory=dict)

    def find(
        self,
        items: Sequence[pytest.Item],
        sitting: Sitting,
        sandbox: Opener,
        shown: Session,
        stage: Callable[[], None],
        foresee: Foresee,
    ) -> None:
        """Give each failed check with secret inputs its example, where one can be had.

        sandbox: opens the program once more, for the checks to ask. shown: the program in a
        process that no hidden check has asked, nor will before this ends. foresee: has the calls
        of checks sent ahead. No verdict changes.
        """
        by_name = {hooks.check_of(item).name: item for item in items}
        wanting = [
            (place, item)
            for place, each in enumerate(sitting.judged)
            if (item := by_name.get(each.result.name)) is not None and _wants(each, item)
        ]
        if not wanting:
            return
        stage()
        left = SECONDS
        common = _of_public(sitting)
        with closing(sandbox.open(sitting.loadable, sitting.bench.exercise.limits)) as asked:
            for place, item in wanting:
                if left <= 0:
                    return
                watch, asking = Stopwatch(), _Asking(asked, _Open(asked), foresee, stage)
                with suppress(Exception):  # what has no example stays as it is
                    self._give(place, item, sitting, common, asking, shown)
                left -= max(watch.seconds(), asking.counted.seconds)

    def _give(
        self,
        place: int,
        item: pytest.Item,
        sitting: Sitting,
        common: frozenset[bytes],
        asking: _Asking,
        shown: Session,
    ) -> None:
        judged, bench = sitting.judged[place], sitting.bench
        bench = dataclasses.replace(bench, unseen=judged.result.unseen)
        secret = self._of_reference(item, bench, sitting.program)
        for seed in SEEDS:
            drawn = dataclasses.replace(bench, salt=PUBLISHED, seed=bench.seed + seed)
            ours = self._of_reference(item, drawn, sitting.program)
            if secret is None or ours is None or ours.calls <= secret.calls:
                return
            again = asking.run(item, drawn, sitting.program)
            if again.result.verdict not in (Verdict.FAILED, Verdict.ERROR):
                continue
            source = again.source
            if source is None or not _may_be_shown(source, ours, secret, common):
                continue
            evidence = _evidence(again.result.evidence, source.call, shown, sitting)
            if evidence is not None:
                result = msgspec.structs.replace(judged.result, example=evidence)
                sitting.replace(place, dataclasses.replace(judged, result=result))
                return

    def _of_reference(self, item: pytest.Item, bench: Bench, program: Program) -> _Asked | None:
        """Return what a check asks with the reference in the learner's place; None if it fails."""
        key = hooks.check_of(item).name, bench.salt, bench.unseen, bench.seed
        if key not in self._asked:
            judged = _run(item, Sitting(bench, program, _Open(bench.reference)))
            passed = judged.result.verdict is Verdict.PASSED
            self._asked[key] = _asked_by(judged.asked) if passed else None
        return self._asked[key]


@dataclass(frozen=True)
class _Asking:
    """The program in a session that checks ask once more, and what it computes for it."""

    session: Session
    counted: _Open
    foresee: Foresee
    stage: Callable[[], None]

    def run(self, item: pytest.Item, bench: Bench, program: Program) -> Judged:
        ahead = self.foresee([item], Sitting(bench, program, self.session), bench)
        self.stage()  # a check's own stage began where its calls were foreseen
        ahead.begin(hooks.check_of(item).name)
        try:
            return _run(item, Sitting(bench, program, self.counted))
        finally:
            ahead.begin("")


class _Open:
    """A session that stays open when a sitting over it ends.

    seconds: what its program has computed meanwhile.
    """

    def __init__(self, session: Session) -> None:
        self.load, self._session, self.seconds = session.load, session, 0.0

    def call(self, call: Call) -> Outcome:
        """Make a call, and count it."""
        outcome = self._session.call(call)
        self.seconds += getattr(outcome, "seconds", 0.0)
        return outcome

    def close(self) -> None:
        """Leave it open."""


def _wants(judged: Judged, item: pytest.Item) -> bool:
    result, source = judged.result, judged.source
    failed = result.verdict in (Verdict.FAILED, Verdict.ERROR)
    draws = "rng" in getattr(item, "fixturenames", ())
    told = result.evidence is not None and result.evidence.kind in KINDS
    # What was found in answer to a probe, or by an object of the program's, will be so again.
    asked = source is None or (isinstance(source.call.target, Name) and portable(source))
    return failed and result.secret and draws and told and asked and judged.computed <= SLOW


def _run(item: pytest.Item, trial: Sitting) -> Judged:
    desk = item.config.stash[DESK]
    before = desk.bench(item.path.parent)
    desk.use(trial.bench)
    try:
        with desk.seated(trial):
            runtestprotocol(item, nextitem=None, log=False)
    finally:
        desk.use(before)
    return trial.judged[-1]


def _of_public(sitting: Sitting) -> frozenset[bytes]:
    """Return the arrays that learners know from public checks."""
    exchanges = [e for each in sitting.judged if not each.result.hidden for e in each.asked]
    return _asked_by(exchanges).arrays if exchanges else frozenset()


def _asked_by(exchanges: Sequence[Exchange]) -> _Asked:
    calls = [each.call for each in exchanges]
    arrays = frozenset(a for call in calls for a in _arrays((call.args, call.kwargs)))
    return _Asked(frozenset(filter(None, map(digest_of, calls))), arrays)


def _arrays(value: object) -> Iterator[bytes]:
    """Yield a digest of each array, or list, of several different numbers; others tell nothing."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        if value.size > 1 and (value != value.flat[0]).any():
            numbers = value.astype(float) if value.dtype.kind in "biuf" else value
            yield hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).digest()
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))
    elif isinstance(value, list | tuple) and _are_numbers(value):
        if any(item != value[0] for item in value):
            yield hashlib.sha256(encode(list(value), strict=True)).digest()
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _arrays(item)


def _are_numbers(items: Sequence[object]) -> bool:
    return len(items) > 1 and all(isinstance(item, int | float | np.generic) for item in items)


def _may_be_shown(source: Exchange, ours: _Asked, secret: _Asked, common: frozenset[bytes]) -> bool:
    """Tell whether a call is the check's own, of its fresh inputs, and of nothing kept back."""
    if not isinstance(source.call.target, Name) or not portable(source):
        return False
    call = digest_of(source.call)
    arrays = set(_arrays((source.call.args, source.call.kwargs)))
    return call in ours.calls - secret.calls and not arrays & (secret.arrays - common)


def _evidence(
    told: Evidence | None, call: Call, shown: Session, sitting: Sitting
) -> Evidence | None:
    """Say what is wrong with an answer to a call that was asked alone, if the check says so too.

    told: what the check found. Of it nothing is shown: it was found beside other inputs.
    """
    right = sitting.bench.reference.call(call)
    if told is None or not isinstance(right, Returned):
        return None
    shown.load()
    mine = shown.call(call)
    found = _found(told, mine, right, sitting)
    if found is None:
        return None
    printed = getattr(mine, "output", "").rstrip()[:MOST_PRINTED]
    return msgspec.structs.replace(found, call=show_call(call), printed=printed)


def _found(told: Evidence, mine: Outcome, right: Returned, sitting: Sitting) -> Evidence | None:
    if isinstance(mine, Raised):
        found = outcome_evidence(mine, sitting.program)
        return found if found.kind == told.kind == "raised" else None
    if not isinstance(mine, Returned):
        return None
    for place, have, want in _compared(mine.value, right.value):
        for rtol, atol in TOLERANCES:
            differs = difference(have, want, rtol=rtol, atol=atol)
            if differs is None:
                continue
            differs = within(none_within(differs, mine.value), place)
            if _says(differs) == _says(told):
                plot = beside(differs, *innermost(have, want))
                return msgspec.structs.replace(differs, beside=plot)
    return None


def _compared(got: object, wanted: object) -> Iterator[tuple[list[str], object, object]]:
    """Yield what a check may have compared: the whole, or one item of it, with its place."""
    yield [], got, wanted
    if isinstance(got, list | tuple) and isinstance(wanted, list | tuple):
        for place, pair in enumerate(zip(got, wanted, strict=False)):
            yield [str(place)], *pair


def _says(evidence: Evidence) -> tuple[str, str, str]:
    return evidence.kind, evidence.got, evidence.wanted
