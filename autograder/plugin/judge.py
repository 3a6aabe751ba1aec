"""From how a check ended to its verdict, with evidence and diagnosis."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TypeVar

import msgspec
import pytest

from autograder.checks import CallFailed, Mismatch, beside, difference, show, show_call
from autograder.diagnosis import (
    Question,
    arrangement,
    behaviour,
    departing,
    innermost,
    matching,
    pattern,
    portable,
    returns_a_value,
)
from autograder.errors import EngineFault, UnknownAnswer
from autograder.model import (
    CheckResult,
    Diagnosis,
    Evidence,
    Fact,
    SourceLine,
    Verdict,
    identity_of,
)
from autograder.plugin.bench import Bench
from autograder.plugin.outcomes import outcome_evidence, shown_lines
from autograder.plugin.placing import located, place_of
from autograder.plugin.tracing import source_of
from autograder.sandbox.meter import TooCostly
from autograder.sandbox.proxy import Exchange, Recorder
from autograder.submission.content import Work, work_in
from autograder.wire.protocol import (
    Code,
    Name,
    Outcome,
    Part,
    Program,
    Raised,
    Returned,
)
from autograder.wire.weight import weight

__all__ = ["MOST_PRINTED", "Check", "Judged", "Run", "judge"]

MOST_PRINTED = 500
# Of a check's calls as many are kept, and as large ones (bytes), to compare a variant with.
MOST_ASKED, SMALL = 32, 2**18
MOST_BELOW = 240  # characters of a value below an author's sentence, which says what matters
_T = TypeVar("_T")


@dataclass(frozen=True)
class Check:
    """What is known of a check before it runs."""

    name: str
    task: str
    hidden: bool
    worth: float
    kind: str = ""

    @property
    def identity(self) -> str:
        """What tells it from the exercise's other checks."""
        return identity_of(self.name, self.hidden)


@dataclass(frozen=True)
class Run:
    """A check that has run on a learner's program.

    broke_off: whether the program's top level failed, so that a name may be missing for it.
    survives: runs the same check with the reference in the learner's place, and tells whether
    it passes.
    """

    check: Check
    recorder: Recorder
    bench: Bench
    program: Program
    broke_off: bool
    survives: Callable[[], bool]

    @cached_property
    def compared(self) -> tuple[list[Exchange], list[Exchange]]:
        """The calls that the reference can be asked too, and those that it answers otherwise."""
        return departing(self.recorder.exchanges, self.bench.reference)


@dataclass(frozen=True)
class Judged:
    """A check's result, and what is still to be asked before anything is named.

    source: the call whose value the check found wrong, where it is known.
    asked: the check's calls, as far as they are small.
    """

    result: CheckResult
    question: Question | None = None
    source: Exchange | None = None
    asked: tuple[Exchange, ...] = ()

    @property
    def computed(self) -> float:
        """Seconds that the program has computed in these calls, by its own word."""
        return sum(getattr(each.outcome, "seconds", 0.0) for each in self.asked)


@dataclass(frozen=True)
class _Ruling:
    verdict: Verdict
    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    question: Question | None = None
    source: Exchange | None = None


def judge(run: Run, error: BaseException | None, seconds: float) -> Judged:
    """Give the verdict. Points only for a check that ran to its end without an error.

    What a failure looks like is decided by a second look, but for what the check itself, or an
    exception's text, has proved.
    """
    try:
        ruling = _ruling(run, error)
    except Exception as problem:  # a mistake in here is ours, and one check's only
        ruling = _Ruling(Verdict.FAULT, _fault(problem))
    check = run.check
    result = CheckResult(
        name=check.name,
        task=check.task,
        hidden=check.hidden,
        verdict=ruling.verdict,
        worth=check.worth,
        kind=check.kind,
        points=check.worth if ruling.verdict is Verdict.PASSED else 0.0,
        evidence=ruling.evidence,
        diagnosis=ruling.diagnosis,
        seconds=round(seconds, 4),
        behaviour=_behaviour(run, ruling),
    )
    asked = run.recorder.exchanges if run.recorder.complete else []
    small = tuple(each for each in asked[:MOST_ASKED] if weight(each) <= SMALL)
    return Judged(result, ruling.question, ruling.source, small)


def _ruling(run: Run, error: BaseException | None) -> _Ruling:
    if error is None:
        return _Ruling(Verdict.PASSED)
    if isinstance(error, Mismatch):
        return _of_mismatch(run, error)
    if isinstance(error, CallFailed) and _made_by_learner(run, error.exchange):
        return _of_failed_call(run, error)
    if isinstance(error, pytest.skip.Exception):
        evidence = Evidence("skipped", facts={"reason": str(error)[:300]})
        return _Ruling(Verdict.SKIPPED, evidence)
    if isinstance(error, EngineFault):  # whatever the reference would do: not the learner's doing
        return _Ruling(Verdict.FAULT, _fault(error))
    if isinstance(error, TooCostly):
        return _of_costly_check(run, error)
    return _of_crashed_check(run, error)


def _of_mismatch(run: Run, error: Mismatch) -> _Ruling:
    source = source_of(error, run.recorder, lambda each: _asked(run, each))
    right = cache(lambda: _asked(run, source) if source else None)
    evidence = located(error, source, run.program, right)
    evidence = _with_call(evidence, source)
    if not run.check.hidden:
        evidence = _affordable(lambda: _drawn(evidence, error, source), evidence)
    if evidence.kind == "warning" and source is not None:
        lines = _warned_at(evidence, source.outcome, run.program)
        evidence = msgspec.structs.replace(evidence, lines=lines)
    if error.misconception:
        named = Diagnosis(error.misconception, misconception=True)
        return _Ruling(Verdict.FAILED, evidence, named)
    seen = _affordable(lambda: _seen(run, evidence, error, source, right), None)
    return _Ruling(Verdict.FAILED, evidence, None, _question(run, seen), source)


def _seen(
    run: Run,
    evidence: Evidence,
    error: Mismatch,
    source: Exchange | None,
    right: Callable[[], Outcome | None],
) -> Diagnosis | None:
    types = [str(evidence.facts.get(f"{which}_type")) for which in ("got", "wanted")]
    if types[0] in ("dict", "str") and types[1] in ("tuple", "list"):
        return None  # what a check has unpacked of it are keys, or letters
    if evidence.kind == "none" and source is not None and _returns(run, source):
        return Diagnosis("none_on_a_path")
    arranged = arrangement(error.got, error.wanted)
    if arranged is None and source is not None and isinstance(source.outcome, Returned):
        # All that came back, where a check has compared a part of it.
        whole, wanted = source.outcome.value, right()
        if isinstance(wanted, Returned) and place_of(error.got, whole):
            arranged = arrangement(whole, wanted.value)
    return arranged or pattern(evidence, *innermost(error.got, error.wanted))


def _returns(run: Run, source: Exchange) -> bool:
    target = source.call.target
    return isinstance(target, Name) and returns_a_value(run.program, target.name)


def _asked(run: Run, source: Exchange) -> Outcome | None:
    """Return what the reference makes of a call, where it can be asked."""
    if not portable(source):
        return None
    try:
        return run.bench.reference.call(source.call)
    except UnknownAnswer:
        return None


def _drawn(evidence: Evidence, error: Mismatch, source: Exchange | None) -> Evidence:
    """Give evidence the picture of the compared values."""
    argument = next(iter(source.call.args), None) if source else None
    plot = beside(evidence, *innermost(error.got, error.wanted), argument)
    return msgspec.structs.replace(evidence, beside=plot) if plot else evidence


def _warned_at(evidence: Evidence, outcome: Outcome, program: Program) -> tuple[SourceLine, ...]:
    """Return the learner's line that gave the warning which evidence tells of."""
    told = (evidence.facts.get("category"), evidence.facts.get("message"))
    heard = getattr(outcome, "warnings", ())
    first = next((each.at for each in heard if (each.category, each.message) == told), None)
    return shown_lines((first,), program) if first is not None else ()


def _made_by_learner(run: Run, exchange: Exchange) -> bool:
    # By identity: exchanges hold arrays, which do not compare to one truth.
    return any(made is exchange for made in run.recorder.exchanges)


def _of_failed_call(run: Run, error: CallFailed) -> _Ruling:
    exchange = error.exchange
    evidence = _of_failure(run, exchange)
    if evidence.kind == "todo":
        return _Ruling(Verdict.SKIPPED, _waiting(run, evidence, exchange.outcome))
    if evidence.kind == "missing" and run.broke_off:
        evidence = Evidence("unreached", facts=evidence.facts)
    if error.wanted and evidence.kind == "raised":
        facts = {**evidence.facts, "wanted_exception": error.wanted}
        evidence = msgspec.structs.replace(evidence, facts=facts)
    evidence = _with_call(evidence, exchange)
    named = _told_by_itself(run, error)
    if named:
        return _Ruling(Verdict.ERROR, evidence, Diagnosis(named, misconception=True))
    question = _question(run, None)
    if question is not None and isinstance(exchange.outcome, Raised):
        # Outcomes match by the kind of exception, which says little of an AttributeError: what
        # tells itself by its text is not taken for it without that text.
        known = run.bench.exercise.misconceptions
        told = {name for name, each in known.items() if each.raises}
        others = tuple(each for each in question.suspects if each.name not in told)
        question = replace(question, suspects=others)
    return _Ruling(Verdict.ERROR, evidence, None, question, exchange)


@lru_cache(maxsize=1)  # a program is asked about by each of its checks
def _work(parts: tuple[Part, ...], tasks: frozenset[str]) -> Work:
    return work_in(parts, tasks)


def _waiting(run: Run, evidence: Evidence, outcome: Outcome) -> Evidence:
    """Tell a task that is not written from one in which its line was left, or that uses another."""
    trace = getattr(outcome, "trace", ())
    where = trace[-1].function if trace else ""
    if where == run.check.task and where in _work(run.program.parts, _names(run)).begun:
        return msgspec.structs.replace(evidence, kind="todo_left")
    if where == run.check.task or where not in _names(run):
        return evidence
    facts = {**evidence.facts, "cause": where}
    return msgspec.structs.replace(evidence, kind="todo_elsewhere", facts=facts)


def _of_failure(run: Run, exchange: Exchange) -> Evidence:
    """Say what came of a call that did not return."""
    outcome = exchange.outcome
    evidence = outcome_evidence(outcome, run.program, _names(run))
    own_lines = isinstance(outcome, Raised) and bool(outcome.trace)
    if evidence.kind != "raised" or own_lines or not isinstance(exchange.call.target, Code):
        return evidence
    if run.broke_off:  # what it stopped on was never made
        return Evidence("cut_short", facts=evidence.facts)
    # The check's own code stopped on what the program made: say what it was to be.
    return Evidence("unfit", wanted=_wanted(run, exchange), facts=evidence.facts)


def _wanted(run: Run, exchange: Exchange) -> str:
    right = _asked(run, exchange)
    # A probe that returns several things packs them for the check, and True says that something
    # holds: neither is to be compared with.
    packed = isinstance(right, Returned) and isinstance(right.value, tuple | list | dict | bool)
    return show(right.value) if isinstance(right, Returned) and not packed else ""


def _told_by_itself(run: Run, error: CallFailed) -> str | None:
    """Name a failed call by the exception's own text, or by the check."""
    outcome = error.exchange.outcome
    if isinstance(outcome, Raised):
        text = f"{outcome.kind}: {outcome.message}"
        for name, each in run.bench.exercise.misconceptions.items():
            if any(re.search(sign, text) for sign in each.raises):
                return name
    return error.misconception


def _of_crashed_check(run: Run, error: BaseException) -> _Ruling:
    """Tell whose fault an unforeseen exception in a check is.

    A check that crashes on a learner's values but runs to its end on the reference's was crashed
    by the learner's values; else the check, or the engine, is at fault.
    """
    if isinstance(error, MemoryError):  # what the check holds would be lacking for the reference
        traceback.clear_frames(error.__traceback__)
    if run.recorder.exchanges and run.survives():
        found = _affordable(lambda: _first_departure(run), Evidence("unusable"))
        return _Ruling(Verdict.FAILED, found, None, _question(run, None))
    return _Ruling(Verdict.FAULT, _fault(error))


def _of_costly_check(run: Run, error: TooCostly) -> _Ruling:
    """Tell whose fault it is that a check was left because it took too long."""
    if not run.survives():
        return _Ruling(Verdict.FAULT, _fault(error))
    facts: dict[str, Fact] = {"limit": "checking", "amount": run.bench.exercise.limits.total}
    return _Ruling(Verdict.ERROR, Evidence("stopped", facts=facts))


def _fault(error: BaseException) -> Evidence:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{where[0].filename}:{where[0].lineno}" if where else ""
    text = f"{type(error).__name__}: {error}"
    return Evidence("fault", facts={"error": text[:500], "where": place})


def _first_departure(run: Run) -> Evidence:
    """Say which answer of the program is not the wanted one: a value first, then what failed."""
    _, departures = run.compared
    departures = sorted(departures, key=lambda each: not isinstance(each.outcome, Returned))
    for exchange in departures:
        wanted = run.bench.reference.call(exchange.call)
        if isinstance(exchange.outcome, Returned) and isinstance(wanted, Returned):
            got, want = exchange.outcome.value, wanted.value
            found = difference(got, want)
            unusable = Evidence("unusable", got=show(got), wanted=show(want))
            return _with_call(found or unusable, exchange)
        return _with_call(_of_failure(run, exchange), exchange)
    last = run.recorder.exchanges[-1]
    got = show(last.outcome.value) if isinstance(last.outcome, Returned) else ""
    return _with_call(Evidence("unusable", got=got), last)


def _question(run: Run, seen: Diagnosis | None) -> Question | None:
    """Gather what may be asked again before a failure is called by a name."""
    if not run.recorder.complete:
        return None
    return _affordable(lambda: _gathered(run, seen), None)


def _gathered(run: Run, seen: Diagnosis | None) -> Question | None:
    reference = run.bench.reference
    usable, departures = run.compared
    if not departures and seen is None:
        return None
    suspects = matching(usable, reference, run.bench.suspects)
    return Question(tuple(departures), suspects, seen)


def _affordable(work: Callable[[], _T], otherwise: _T) -> _T:
    """Find out what is worth telling, if what a learner returned leaves memory and time for it."""
    try:
        return work()
    except (MemoryError, TooCostly):
        return otherwise


def _behaviour(run: Run, ruling: _Ruling) -> str:
    """Return the digest of a failure; what cannot be compared is known by what the check found."""
    evidence = ruling.evidence
    failed = ruling.verdict in (Verdict.FAILED, Verdict.ERROR)
    if not failed or evidence is None or run.bench.exercise.released:
        return ""
    remark = f"{evidence.kind} {evidence.facts.get('says', '')}"
    try:
        did = behaviour(run.recorder.exchanges, *run.compared, remark, run.bench.reference)
    except Exception:  # the verdict stands; what it was like is told by the check alone
        did = behaviour([], [], [], remark)
    return str(did)


def _names(run: Run) -> frozenset[str]:
    return frozenset(task.name for task in run.bench.exercise.tasks)


def _with_call(evidence: Evidence, exchange: Exchange | None) -> Evidence:
    if exchange is None or evidence.call:
        return evidence
    printed = getattr(exchange.outcome, "output", "").rstrip()[:MOST_PRINTED]
    if exchange.shows:
        facts = {**evidence.facts, "shows": exchange.shows}
        return msgspec.structs.replace(evidence, facts=facts, printed=printed)
    if isinstance(exchange.call.target, Code):  # of ours: a learner knows no function of that name
        return msgspec.structs.replace(evidence, printed=printed)
    got = evidence.got
    if evidence.kind == "statement" and not got and isinstance(exchange.outcome, Returned):
        told = show(exchange.outcome.value)  # of what the author's sentence speaks
        got = told if len(told) <= MOST_BELOW else ""
    return msgspec.structs.replace(
        evidence, call=show_call(exchange.call), got=got, printed=printed
    )
