"""Fresh examples: where a check with hidden inputs failed, a call of other inputs that fails too.

The check runs again with inputs of a seed that is no secret. What the learner reads of it must not
carry what a hidden check holds, though a program could copy that from one call into the answer of
the next. So the program is asked, in a process that has been asked nothing of any hidden check,
those calls alone that may be shown: the check asks them of the reference too, and their arrays are
none that the check always uses. All else the reference answers. What is shown the program has
answered twice in the same way.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from autograder.checks import beside, difference, show_call
from autograder.diagnosis import alike, holds_handle, innermost, portable
from autograder.grading.apart import asked_aside
from autograder.model import CheckResult, Evidence, Verdict
from autograder.plugin import hooks
from autograder.plugin.bench import Bench
from autograder.plugin.keys import DESK
from autograder.plugin.outcomes import outcome_evidence
from autograder.plugin.placing import none_within, within
from autograder.plugin.run import Judged
from autograder.plugin.sitting import Sitting
from autograder.plugin.telling import printed_by
from autograder.sandbox.ahead import send_ahead
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.sandbox.spent import Stopwatch
from autograder.wire.digest import digest_of
from autograder.wire.protocol import Call, Loaded, Name, Outcome, Program, Raised, Returned, Tensor
from autograder.wire.values import encode

__all__ = ["PUBLISHED", "Examples"]

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
    """What a check asks of the reference: calls by their digests, and digests of their arrays.

    arrays: those of calls that have no digest, too.
    """

    calls: Mapping[bytes, Call] = field(default_factory=dict)
    arrays_of: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    arrays: frozenset[bytes] = frozenset()


@dataclass
class Examples:
    """Finds fresh examples for an exercise's checks; what the reference is asked stays known."""

    _asked: dict[tuple[str, str, bool, int], _Asked | None] = field(default_factory=dict)
    _known: tuple[Sitting, frozenset[bytes]] | None = None

    def find(
        self,
        items: Sequence[pytest.Item],
        sitting: Sitting,
        shown: Session,
        stage: Callable[[], None],
    ) -> None:
        """Give each failed check with secret inputs its example, where one can be had.

        shown: the program in a process that no hidden check has asked, nor will before this ends.
        No verdict changes.
        """
        by_identity = {hooks.check_of(item).identity: item for item in items}
        wanting = [
            (place, item)
            for place, each in enumerate(sitting.judged)
            if (item := by_identity.get(each.result.identity)) is not None and _wants(each, item)
        ]
        if not wanting:
            return
        stage()
        left = SECONDS
        common = self._of_public(sitting)
        with asked_aside(shown):
            for place, item in wanting:
                if left <= 0:
                    return
                watch, between = Stopwatch(), _Between(shown, sitting.bench.reference)
                with suppress(Exception):  # what has no example stays as it is
                    self._give(place, item, sitting, common, between)
                left -= max(watch.seconds(), between.seconds)

    def will_ask(self, items: Sequence[pytest.Item], sitting: Sitting) -> list[Call]:
        """Return what is asked first if, of a task that has failed, these hidden checks fail too.

        Twice, one after the other: what is shown must be answered alike.
        """
        failed = {each.result.task for each in sitting.judged if _can_be_shown(each.result)}
        common = self._of_public(sitting) if failed else frozenset()
        found: list[Call] = []
        for item in items:
            if not _draws(item) or hooks.check_of(item).task not in failed:
                continue
            secret = self._of_reference(item, sitting.bench, sitting.program)
            ours = self._of_reference(item, _published(sitting.bench, SEEDS[0]), sitting.program)
            if secret is not None and ours is not None:
                found += _shown_of(ours, secret, common).values()
        return [*found, *found]

    def _give(
        self,
        place: int,
        item: pytest.Item,
        sitting: Sitting,
        common: frozenset[bytes],
        between: _Between,
    ) -> None:
        judged, bench = sitting.judged[place], sitting.bench
        bench = dataclasses.replace(bench, unseen=judged.result.unseen)
        secret = self._of_reference(item, bench, sitting.program)
        for seed in SEEDS:
            drawn = _published(bench, seed)
            ours = self._of_reference(item, drawn, sitting.program)
            if secret is None or ours is None or ours.calls.keys() <= secret.calls.keys():
                return
            between.may_ask(_shown_of(ours, secret, common))
            again = _run(item, Sitting(drawn, sitting.program, between))
            if again.result.verdict not in (Verdict.FAILED, Verdict.ERROR):
                continue
            source = again.source
            if source is None or not between.asks(source.call):
                continue
            evidence = _evidence(again.result.evidence, source, between, sitting)
            if evidence is not None:
                result = msgspec.structs.replace(judged.result, example=evidence)
                sitting.replace(place, dataclasses.replace(judged, result=result))
                return

    def _of_reference(self, item: pytest.Item, bench: Bench, program: Program) -> _Asked | None:
        """Return what a check asks with the reference in the learner's place; None if it fails."""
        key = hooks.check_of(item).identity, bench.salt, bench.unseen, bench.seed
        if key not in self._asked:
            judged = _run(item, Sitting(bench, program, _Between(bench.reference, bench.reference)))
            passed = judged.result.verdict is Verdict.PASSED
            self._asked[key] = _asked_by(judged.asked) if passed else None
        return self._asked[key]

    def _of_public(self, sitting: Sitting) -> frozenset[bytes]:
        """Return the arrays that learners know from public checks, which have all been made."""
        if self._known is None or self._known[0] is not sitting:
            calls = (
                e.call for each in sitting.judged if not each.result.hidden for e in each.asked
            )
            arrays = frozenset(
                array for each in calls for array in _arrays((each.args, each.kwargs))
            )
            self._known = sitting, arrays
        return self._known[1]


class _Between:
    """A session in which the program answers what may be shown, and the reference all else.

    seconds: what the program has computed meanwhile.
    """

    def __init__(self, program: Session, reference: Session) -> None:
        self._program, self._reference = program, reference
        self._allowed: Mapping[bytes, Call] = {}
        self.seconds = 0.0

    def may_ask(self, calls: Mapping[bytes, Call]) -> None:
        """Let the program be asked these from now on, and have them ahead."""
        self._allowed = calls
        send_ahead(self._program, calls.values())

    def asks(self, call: Call) -> bool:
        """Tell whether it is the program that answers a call."""
        return bool(self._allowed) and not call.keep and digest_of(call) in self._allowed

    def load(self) -> Loaded:
        """Run the program's top level, once."""
        return self._program.load()

    def call(self, call: Call) -> Outcome:
        """Ask whoever may be asked."""
        if not self.asks(call):
            return self._reference.call(call)
        outcome = self._program.call(call)
        self.seconds += getattr(outcome, "seconds", 0.0)
        return outcome

    def close(self) -> None:
        """Leave both open."""


def _published(bench: Bench, seed: int) -> Bench:
    return dataclasses.replace(bench, salt=PUBLISHED, seed=bench.seed + seed)


def _draws(item: pytest.Item) -> bool:
    return "rng" in getattr(item, "fixturenames", ())


def _can_be_shown(result: CheckResult) -> bool:
    """Tell whether a check has failed in a way that one call shows by itself."""
    failed = result.verdict in (Verdict.FAILED, Verdict.ERROR)
    return failed and result.evidence is not None and result.evidence.kind in KINDS


def _wants(judged: Judged, item: pytest.Item) -> bool:
    result, source = judged.result, judged.source
    # What was found in answer to a probe, or by an object of the program's, will be so again.
    asked = source is None or (isinstance(source.call.target, Name) and portable(source))
    shown = _can_be_shown(result) and result.secret
    return shown and _draws(item) and asked and judged.computed <= SLOW


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


def _asked_by(exchanges: Sequence[Exchange]) -> _Asked:
    calls = [each.call for each in exchanges]
    arrays = [frozenset(_arrays((call.args, call.kwargs))) for call in calls]
    asked = [row for row in zip(map(digest_of, calls), calls, arrays, strict=True) if row[0]]
    return _Asked(
        {digest: call for digest, call, _ in asked if digest},
        {digest: own for digest, _, own in asked if digest},
        frozenset().union(*arrays),
    )


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


def _shown_of(ours: _Asked, secret: _Asked, common: frozenset[bytes]) -> dict[bytes, Call]:
    """Return the calls that are the check's own, of its fresh inputs, and of nothing kept back."""
    kept_back = secret.arrays - common
    return {
        digest: call
        for digest, call in ours.calls.items()
        if digest not in secret.calls
        and isinstance(call.target, Name)
        and not holds_handle((call.args, call.kwargs))
        and not kept_back.intersection(ours.arrays_of[digest])
    }


def _evidence(
    told: Evidence | None, source: Exchange, between: _Between, sitting: Sitting
) -> Evidence | None:
    """Say what is wrong with an answer that is given again, if the check says so too.

    told: what the check found. Of it nothing is shown: it was found beside other inputs.
    """
    right = sitting.bench.reference.call(source.call)
    if told is None or not isinstance(right, Returned):
        return None
    mine = between.call(source.call)
    found = _found(told, mine, right, sitting) if alike(mine, source.outcome) else None
    if found is None:
        return None
    call = show_call(source.call)
    return msgspec.structs.replace(found, call=call, printed=printed_by(mine))


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
