"""What a failed check tells: the call on which it failed, what that printed, whose line it was."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from autograder.checks import Mismatch, beside, difference, show, show_call
from autograder.diagnosis import innermost
from autograder.model import Evidence, SourceLine
from autograder.plugin.outcomes import outcome_evidence, shown_lines
from autograder.plugin.run import Run
from autograder.sandbox.proxy import Exchange
from autograder.submission.content import Work, work_in
from autograder.wire.protocol import Code, Outcome, Part, Program, Raised, Returned

__all__ = [
    "drawn",
    "first_departure",
    "of_failure",
    "printed_by",
    "waiting",
    "warned_at",
    "with_call",
]

MOST_PRINTED = 500
MOST_BELOW = 240  # characters of a value below an author's sentence, which says what matters


def printed_by(outcome: Outcome) -> str:
    """Return what a call has printed, as much of it as is shown."""
    return getattr(outcome, "output", "").rstrip()[:MOST_PRINTED]


def with_call(evidence: Evidence, exchange: Exchange | None) -> Evidence:
    """Add the call that evidence is about, and what it printed."""
    if exchange is None or evidence.call:
        return evidence
    printed = printed_by(exchange.outcome)
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


def drawn(evidence: Evidence, error: Mismatch, source: Exchange | None) -> Evidence:
    """Give evidence the picture of the compared values."""
    argument = next(iter(source.call.args), None) if source else None
    plot = beside(evidence, *innermost(error.got, error.wanted), argument)
    return msgspec.structs.replace(evidence, beside=plot) if plot else evidence


def warned_at(evidence: Evidence, outcome: Outcome, program: Program) -> tuple[SourceLine, ...]:
    """Return the learner's line that gave the warning which evidence tells of."""
    told = (evidence.facts.get("category"), evidence.facts.get("message"))
    heard = getattr(outcome, "warnings", ())
    first = next((each.at for each in heard if (each.category, each.message) == told), None)
    return shown_lines((first,), program) if first is not None else ()


def of_failure(run: Run, exchange: Exchange) -> Evidence:
    """Say what came of a call that did not return."""
    outcome = exchange.outcome
    evidence = outcome_evidence(outcome, run.program, run.tasks)
    own_lines = isinstance(outcome, Raised) and bool(outcome.trace)
    if evidence.kind != "raised" or own_lines or not isinstance(exchange.call.target, Code):
        return evidence
    if run.broke_off:  # what it stopped on was never made
        return Evidence("cut_short", facts=evidence.facts)
    # The check's own code stopped on what the program made: say what it was to be.
    return Evidence("unfit", wanted=_wanted(run, exchange), facts=evidence.facts)


def _wanted(run: Run, exchange: Exchange) -> str:
    right = run.right(exchange)
    # A probe that returns several things packs them for the check, and True says that something
    # holds: neither is to be compared with.
    packed = isinstance(right, Returned) and isinstance(right.value, tuple | list | dict | bool)
    return show(right.value) if isinstance(right, Returned) and not packed else ""


def waiting(run: Run, evidence: Evidence, outcome: Outcome) -> Evidence:
    """Tell a task that is not written from one in which its line was left, or that uses another."""
    trace = getattr(outcome, "trace", ())
    where = trace[-1].function if trace else ""
    if where == run.check.task and where in _work(run.program.parts, run.tasks).begun:
        return msgspec.structs.replace(evidence, kind="todo_left")
    if where == run.check.task or where not in run.tasks:
        return evidence
    facts = {**evidence.facts, "cause": where}
    return msgspec.structs.replace(evidence, kind="todo_elsewhere", facts=facts)


@lru_cache(maxsize=1)  # a program is asked about by each of its checks
def _work(parts: tuple[Part, ...], tasks: frozenset[str]) -> Work:
    return work_in(parts, tasks)


def first_departure(run: Run) -> Evidence:
    """Say which answer of the program is not the wanted one: a value first, then what failed."""
    _, departures = run.compared
    departures = sorted(departures, key=lambda each: not isinstance(each.outcome, Returned))
    for exchange in departures:
        wanted = run.bench.reference.call(exchange.call)
        if isinstance(exchange.outcome, Returned) and isinstance(wanted, Returned):
            got, want = exchange.outcome.value, wanted.value
            found = difference(got, want)
            unusable = Evidence("unusable", got=show(got), wanted=show(want))
            return with_call(found or unusable, exchange)
        return with_call(of_failure(run, exchange), exchange)
    last = run.recorder.exchanges[-1]
    got = show(last.outcome.value) if isinstance(last.outcome, Returned) else ""
    return with_call(Evidence("unusable", got=got), last)
