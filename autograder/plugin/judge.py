"""From how a check ended to its verdict, with evidence and diagnosis."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from functools import cache

import msgspec
import pytest

from autograder.checks import CallFailed, Mismatch
from autograder.diagnosis import Question
from autograder.errors import EngineFault
from autograder.model import CheckResult, Diagnosis, Evidence, Fact, Verdict
from autograder.plugin.placing import located
from autograder.plugin.run import Judged, Run
from autograder.plugin.suspicion import (
    digest_of_failure,
    looks_like,
    question_of,
    question_of_call,
    told_by_itself,
)
from autograder.plugin.telling import (
    drawn,
    first_departure,
    of_failure,
    waiting,
    warned_at,
    with_call,
)
from autograder.plugin.tracing import source_of
from autograder.sandbox.meter import TooCostly, affordable
from autograder.sandbox.proxy import Exchange

__all__ = ["judge"]

# Of a check's calls as many are kept, and as large ones (bytes), to compare a variant with.
MOST_ASKED, SMALL = 32, 2**18


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
    failed = ruling.verdict in (Verdict.FAILED, Verdict.ERROR)
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
        behaviour=digest_of_failure(run, ruling.evidence) if failed and ruling.evidence else "",
    )
    asked = run.recorder.exchanges if run.recorder.complete else []
    small = tuple(each for each in asked[:MOST_ASKED] if each.weight <= SMALL)
    return Judged(result, ruling.question, ruling.source, small)


def _ruling(run: Run, error: BaseException | None) -> _Ruling:
    if error is None:
        return _Ruling(Verdict.PASSED)
    if isinstance(error, Mismatch):
        return _of_mismatch(run, error)
    if isinstance(error, CallFailed) and run.made(error.exchange):
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
    source = source_of(error, run.recorder, run.right)
    right = cache(lambda: run.right(source) if source else None)
    evidence = located(error, source, run.program, right)
    evidence = with_call(evidence, source)
    if not run.check.hidden:
        evidence = affordable(lambda: drawn(evidence, error, source), evidence)
    if evidence.kind == "warning" and source is not None:
        lines = warned_at(evidence, source.outcome, run.program)
        evidence = msgspec.structs.replace(evidence, lines=lines)
    if error.misconception:
        named = Diagnosis(error.misconception, misconception=True)
        return _Ruling(Verdict.FAILED, evidence, named)
    seen = affordable(lambda: looks_like(run, evidence, error, source, right), None)
    return _Ruling(Verdict.FAILED, evidence, None, question_of(run, seen), source)


def _of_failed_call(run: Run, error: CallFailed) -> _Ruling:
    exchange = error.exchange
    evidence = of_failure(run, exchange)
    if evidence.kind == "todo":
        return _Ruling(Verdict.SKIPPED, waiting(run, evidence, exchange.outcome))
    if evidence.kind == "missing" and run.broke_off:
        evidence = Evidence("unreached", facts=evidence.facts)
    if error.wanted and evidence.kind == "raised":
        facts = {**evidence.facts, "wanted_exception": error.wanted}
        evidence = msgspec.structs.replace(evidence, facts=facts)
    evidence = with_call(evidence, exchange)
    named = told_by_itself(run, error)
    if named:
        return _Ruling(Verdict.ERROR, evidence, Diagnosis(named, misconception=True))
    question = question_of_call(run, exchange.outcome)
    return _Ruling(Verdict.ERROR, evidence, None, question, exchange)


def _of_crashed_check(run: Run, error: BaseException) -> _Ruling:
    """Tell whose fault an unforeseen exception in a check is.

    A check that crashes on a learner's values but runs to its end on the reference's was crashed
    by the learner's values; else the check, or the engine, is at fault.
    """
    if isinstance(error, MemoryError):  # what the check holds would be lacking for the reference
        traceback.clear_frames(error.__traceback__)
    if run.recorder.exchanges and run.survives():
        found = affordable(lambda: first_departure(run), Evidence("unusable"))
        return _Ruling(Verdict.FAILED, found, None, question_of(run))
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
