"""From how a check ended to its verdict, with evidence and diagnosis."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import pytest

from autograder.checks import CallFailed, Mismatch, difference, show_call
from autograder.diagnosis import alike, name_misconception, pattern, portable
from autograder.errors import EngineFault, UnknownAnswer
from autograder.model import CheckResult, Diagnosis, Evidence, SourceLine, Verdict
from autograder.plugin.bench import Bench
from autograder.sandbox.proxy import Exchange, Recorder
from autograder.wire.protocol import (
    Crashed,
    Missing,
    Outcome,
    Program,
    Raised,
    Returned,
    Stopped,
)

__all__ = ["Check", "Run", "judge", "outcome_evidence"]

MOST_PRINTED = 500
_T = TypeVar("_T")


@dataclass(frozen=True)
class Check:
    """What is known of a check before it runs."""

    name: str
    task: str
    hidden: bool
    worth: float


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


def judge(run: Run, error: BaseException | None, seconds: float) -> CheckResult:
    """Give the verdict. Points only for a check that ran to its end without an error."""
    try:
        verdict, evidence, diagnosis = _ruling(run, error)
    except Exception as problem:  # a mistake in here is ours, and one check's only
        verdict, evidence, diagnosis = Verdict.FAULT, _fault(problem), None
    check = run.check
    return CheckResult(
        name=check.name,
        task=check.task,
        hidden=check.hidden,
        verdict=verdict,
        worth=check.worth,
        points=check.worth if verdict is Verdict.PASSED else 0.0,
        evidence=evidence,
        diagnosis=diagnosis,
        seconds=round(seconds, 4),
    )


def _ruling(
    run: Run, error: BaseException | None
) -> tuple[Verdict, Evidence | None, Diagnosis | None]:
    if error is None:
        return Verdict.PASSED, None, None
    if isinstance(error, Mismatch):
        evidence = _with_call(error.evidence, run.recorder.of(error.got))
        named = error.misconception or _named(run)
        if named:
            return Verdict.FAILED, evidence, Diagnosis(named, misconception=True)
        looks_like = _affordable(lambda: pattern(evidence, error.got, error.wanted), None)
        return Verdict.FAILED, evidence, looks_like
    if isinstance(error, CallFailed) and _made_by_learner(run, error.exchange):
        return _of_failed_call(run, error)
    if isinstance(error, pytest.skip.Exception):
        return Verdict.SKIPPED, Evidence("skipped", facts={"reason": str(error)[:300]}), None
    if isinstance(error, EngineFault):  # whatever the reference would do: not the learner's doing
        return Verdict.FAULT, _fault(error), None
    return _of_crashed_check(run, error)


def _made_by_learner(run: Run, exchange: Exchange) -> bool:
    # By identity: exchanges hold arrays, which do not compare to one truth.
    return any(made is exchange for made in run.recorder.exchanges)


def _of_failed_call(
    run: Run, error: CallFailed
) -> tuple[Verdict, Evidence | None, Diagnosis | None]:
    exchange = error.exchange
    evidence = outcome_evidence(exchange.outcome, run.program, _names(run))
    if evidence.kind == "todo":
        return Verdict.SKIPPED, evidence, None
    if evidence.kind == "missing" and run.broke_off:
        evidence = Evidence("unreached", facts=evidence.facts)
    named = _named_failure(run, error)
    diagnosis = Diagnosis(named, misconception=True) if named else None
    return Verdict.ERROR, _with_call(evidence, exchange), diagnosis


def _named_failure(run: Run, error: CallFailed) -> str | None:
    """Name a failed call: by the exception's own text, by the check, by the variant that matches.

    Outcomes match by the kind of exception alone, which says little of an AttributeError: what
    tells itself by its text is not taken for it without that text.
    """
    known = run.bench.exercise.misconceptions
    outcome = error.exchange.outcome
    if isinstance(outcome, Raised):
        text = f"{outcome.kind}: {outcome.message}"
        for name, each in known.items():
            if any(re.search(sign, text) for sign in each.raises):
                return name
    if error.misconception is not None:
        return error.misconception
    named = _named(run)
    told_by_text = named is not None and named in known and known[named].raises
    return None if told_by_text and isinstance(outcome, Raised) else named


def _of_crashed_check(
    run: Run, error: BaseException
) -> tuple[Verdict, Evidence | None, Diagnosis | None]:
    """Tell whose fault an unforeseen exception in a check is.

    A check that crashes on a learner's values but runs to its end on the reference's was crashed
    by the learner's values; else the check, or the engine, is at fault.
    """
    if isinstance(error, MemoryError):  # what the check holds would be lacking for the reference
        traceback.clear_frames(error.__traceback__)
    if run.recorder.exchanges and run.survives():
        named = _named(run)
        diagnosis = Diagnosis(named, misconception=True) if named else None
        found = _affordable(lambda: _first_departure(run), Evidence("unusable"))
        return Verdict.FAILED, found, diagnosis
    return Verdict.FAULT, _fault(error), None


def _fault(error: BaseException) -> Evidence:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{where[0].filename}:{where[0].lineno}" if where else ""
    text = f"{type(error).__name__}: {error}"
    return Evidence("fault", facts={"error": text[:500], "where": place})


def _first_departure(run: Run) -> Evidence:
    for exchange in filter(portable, run.recorder.exchanges):
        try:
            wanted = run.bench.reference.call(exchange.call)
        except UnknownAnswer:  # an input that the learner's own values made
            continue
        if alike(exchange.outcome, wanted):
            continue
        if isinstance(exchange.outcome, Returned) and isinstance(wanted, Returned):
            found = difference(exchange.outcome.value, wanted.value)
            return _with_call(found or Evidence("unusable"), exchange)
        return _with_call(outcome_evidence(exchange.outcome, run.program, _names(run)), exchange)
    return _with_call(Evidence("unusable"), run.recorder.exchanges[-1])


def _named(run: Run) -> str | None:
    if not run.recorder.complete:
        return None
    exchanges, bench = run.recorder.exchanges, run.bench
    return _affordable(lambda: name_misconception(exchanges, bench.reference, bench.suspects), None)


def _affordable(work: Callable[[], _T], otherwise: _T) -> _T:
    """Find out what is worth telling, if what a learner returned leaves the memory for it."""
    try:
        return work()
    except MemoryError:
        return otherwise


def _names(run: Run) -> frozenset[str]:
    return frozenset(task.name for task in run.bench.exercise.tasks)


def _with_call(evidence: Evidence, exchange: Exchange | None) -> Evidence:
    if exchange is None or evidence.call:
        return evidence
    printed = getattr(exchange.outcome, "output", "").rstrip()[:MOST_PRINTED]
    if exchange.shows:
        facts = {**evidence.facts, "shows": exchange.shows}
        return msgspec.structs.replace(evidence, facts=facts, printed=printed)
    return msgspec.structs.replace(evidence, call=show_call(exchange.call), printed=printed)


def outcome_evidence(
    outcome: Outcome, program: Program, tasks: frozenset[str] = frozenset()
) -> Evidence:
    """Turn an outcome that is not a value into evidence, with the learner's own lines.

    tasks: names that the exercise asks for; having written one is no misspelling of another.
    """
    match outcome:
        case Raised(kind="NotImplementedError") if _of_stub(outcome, program):
            return Evidence("todo")
        case Raised():
            return Evidence(
                "raised",
                lines=_lines(outcome, program),
                facts={"exception": outcome.kind, "message": outcome.message},
            )
        case Missing(name, similar, kind):
            if kind:
                return Evidence("not_callable", facts={"name": name, "type": kind})
            meant = [each for each in similar if each not in tasks]
            if meant:
                return Evidence("misspelt", facts={"name": name, "similar": meant[0]})
            return Evidence("missing", facts={"name": name})
        case Stopped(limit, amount):
            return Evidence("stopped", facts={"limit": limit, "amount": amount})
        case Crashed(protocol=True):
            return Evidence("forged")
        case Crashed(code=int(code)):
            return Evidence("exited", facts={"code": code})
        case Crashed(signal=signal):
            return Evidence("crashed", facts={"signal": signal or 0})
    return Evidence("unusable")


def _of_stub(raised: Raised, program: Program) -> bool:
    """Tell the line that a stub has from a library that raises the same: TensorFlow does."""
    lines = _lines(raised, program)
    return "NotImplementedError" in lines[-1].text if lines else "\n" not in raised.message


def _lines(raised: Raised, program: Program) -> tuple[SourceLine, ...]:
    # Python ends a line at these alone; str.splitlines knows more.
    texts = {part.label: re.split(r"\r\n|\r|\n", part.source) for part in program.parts}
    found = []
    for at in raised.trace:
        lines = texts.get(at.label, [])
        # A trace is the word of the learner's process: only lines that exist are shown.
        if 0 < at.line <= len(lines):
            text = lines[at.line - 1].strip()[:200]
            found.append(SourceLine(at.label, at.line, text, at.function))
    return tuple(found)
