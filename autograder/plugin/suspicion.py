"""What a failure may be, before it is called so: the mistakes it looks like, and what to ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from autograder.checks import CallFailed, Mismatch
from autograder.diagnosis import (
    Question,
    arrangement,
    behaviour,
    innermost,
    matching,
    pattern,
    returns_a_value,
)
from autograder.model import Diagnosis, Evidence
from autograder.plugin.placing import place_of
from autograder.plugin.run import Run
from autograder.sandbox.meter import affordable
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Name, Outcome, Raised, Returned

__all__ = ["digest_of_failure", "looks_like", "question_of", "question_of_call", "told_by_itself"]


def looks_like(
    run: Run,
    evidence: Evidence,
    error: Mismatch,
    source: Exchange | None,
    right: Callable[[], Outcome | None],
) -> Diagnosis | None:
    """Find the pattern that a wrong value shows.

    right: asks the reference the call that gave the value; None where it cannot be asked.
    """
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


def told_by_itself(run: Run, error: CallFailed) -> str | None:
    """Name a failed call by the exception's own text, or by the check."""
    outcome = error.exchange.outcome
    if isinstance(outcome, Raised):
        text = f"{outcome.kind}: {outcome.message}"
        for name, each in run.bench.exercise.misconceptions.items():
            if any(re.search(sign, text) for sign in each.raises):
                return name
    return error.misconception


def question_of(run: Run, seen: Diagnosis | None = None) -> Question | None:
    """Gather what may be asked again before a failure is called by a name."""
    if not run.recorder.complete:
        return None
    return affordable(lambda: _gathered(run, seen), None)


def question_of_call(run: Run, outcome: Outcome) -> Question | None:
    """Gather it for a call that did not return."""
    question = question_of(run)
    if question is None or not isinstance(outcome, Raised):
        return question
    # Outcomes match by the kind of exception, which says little of an AttributeError: what
    # tells itself by its text is not taken for it without that text.
    known = run.bench.exercise.misconceptions
    told = {name for name, each in known.items() if each.raises}
    others = tuple(each for each in question.suspects if each.name not in told)
    return replace(question, suspects=others)


def _gathered(run: Run, seen: Diagnosis | None) -> Question | None:
    reference = run.bench.reference
    usable, departures = run.compared
    if not departures and seen is None:
        return None
    suspects = matching(usable, reference, run.bench.suspects)
    return Question(tuple(departures), suspects, seen)


def digest_of_failure(run: Run, evidence: Evidence) -> str:
    """Return the digest of what a program did; nothing where the exercise is a released one.

    What cannot be compared is known by what the check found.
    """
    if run.bench.exercise.released:
        return ""
    remark = f"{evidence.kind} {evidence.facts.get('says', '')}"
    try:
        did = behaviour(run.recorder.exchanges, *run.compared, remark, run.bench.reference)
    except Exception:  # the verdict stands; what it was like is told by the check alone
        did = behaviour([], [], [], remark)
    return str(did)
