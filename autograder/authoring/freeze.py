"""Freezing answers: what the reference and each wrong variant say to the public checks' calls.

The public checks are run as they will be run at the learner's, only on the reference, and every
call is written down. They are run on each wrong variant too, for the calls that wrong programs
alone cause: a learner's function called on what another of their functions returned. A check that
passes such a value on to the reference is refused, because no file can hold the answer.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from autograder.authoring.recording import Calls, Recording, TrustedPlaces
from autograder.catalogue import Exercise
from autograder.checks import show_call
from autograder.diagnosis import (
    FRESH,
    REFERENCE,
    AnswerBook,
    Known,
    Variant,
    alike,
    fresh,
    read_variants,
    smaller,
)
from autograder.diagnosis.frozen import to_json
from autograder.errors import CourseError, EngineFault
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.grading.plotting import painter_of
from autograder.messages import explain_evidence
from autograder.model import CheckResult, Result, Verdict
from autograder.plugin.bench import Bench, open_bench
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import CallFailed
from autograder.wire.protocol import (
    Call,
    Name,
    Outcome,
    Part,
    Program,
    Raised,
    Returned,
)
from autograder.wire.weight import weight

__all__ = ["freeze"]

PUBLIC = "test_public.py"
MOST_FRESH = 2  # calls of a function that are asked again, the smallest
SLOW = 1.0  # seconds: what takes longer is asked once only


def freeze(exercise: Exercise) -> AnswerBook:
    """Run the public checks and keep every answer that a learner's machine will need.

    Raises CourseError, located, when a public check does not pass on the reference, or asks the
    reference for something that cannot be frozen; EngineFault when their run broke.
    """
    source = exercise.source.read_text(encoding="utf-8")
    variants = read_variants(exercise.variants, source)
    bench = open_bench(exercise)
    calls = Calls()
    results = _rehearse(bench, calls, [source, source, *(each.source for each in variants)])
    for check in results[0].checks:
        if check.verdict is not Verdict.PASSED:
            raise _failed(exercise, check)
    if calls.kept:
        raise _unfrozen(exercise, calls.kept[0], "an object of the reference is kept")
    if calls.strange:
        told = "its input is what the learner's own program returned, which may be anything"
        raise _unfrozen(exercise, calls.strange[0], told)
    entries = (
        *_entries(exercise, bench, variants, calls),
        *_of_picture(exercise, bench, calls),
        *_asked_again(bench, variants, calls),
    )
    return AnswerBook(entries, {variant.key: variant.replaced for variant in variants})


def _rehearse(bench: Bench, calls: Calls, sources: Sequence[str]) -> list[Result]:
    """Run the public checks on each source: the reference, it again to be nudged, the variants."""
    exercise = bench.exercise
    name = f"{exercise.module}.py"
    entries = [
        Entry(str(place), name, Program(exercise.module, (Part(name, source),)), named=False)
        for place, source in enumerate(sources)
    ]
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        # A folder with the public checks alone: what they need beside it would be missed here.
        room = Path(folder).resolve()
        shutil.copyfile(exercise.folder / PUBLIC, room / PUBLIC)
        staged = msgspec.structs.replace(exercise, folder=room)
        recording = replace(bench, exercise=staged, reference=Recording(bench.reference, calls))
        try:
            run_checks(recording, TrustedPlaces(calls), entries, results.append, whole=False)
        except CourseError as error:  # it names the room; the author knows the folder
            told = error.message.replace(str(room), str(exercise.folder))
            raise CourseError(told, exercise.folder / PUBLIC) from None
    for result in results:
        if result.problem is not None:
            fact = result.problem.facts.get("error", result.problem.kind)
            raise EngineFault(f"the public checks of {exercise.name} broke: {fact}")
    return results


def _entries(
    exercise: Exercise, bench: Bench, variants: Sequence[Variant], calls: Calls
) -> Iterator[Known]:
    for key, call in calls.known.items():
        right = _bare(bench.reference.call(call))
        problem = _problem(call, right)
        if problem and key in calls.sure:
            raise _unfrozen(exercise, call, problem)
        if problem:
            continue
        outcomes = {REFERENCE: right}
        for variant, suspect in zip(variants, bench.suspects, strict=True):
            wrong = _bare(suspect.session.call(call))
            # Every difference is kept, also of a function that only calls the wrong one: an
            # outcome that is not there means "as the reference". What JSON cannot hold is lost,
            # and with it no more than the name of a misunderstanding on a learner's own machine.
            if not alike(wrong, right) and not _problem(call, wrong):
                outcomes[variant.key] = wrong
        yield Known(call, outcomes)


def _asked_again(bench: Bench, variants: Sequence[Variant], known: Calls) -> Iterator[Known]:
    """Freeze what a second look asks: fresh inputs, and smaller ones of what is long to read."""
    by_function: dict[str, list[Call]] = {}
    for key in known.sure:
        call = known.known[key]
        if isinstance(call.target, Name):
            by_function.setdefault(call.target.name, []).append(call)
    for name in sorted(by_function):
        calls = sorted(by_function[name], key=lambda call: (weight(call), show_call(call)))
        made = [fresh(call, number) for call in calls[:MOST_FRESH] for number in FRESH[:2]]
        short = [least for call in calls[-MOST_FRESH:] for least in smaller(call)]
        yield from _answered(bench, variants, [*filter(None, made), *short])


def _answered(bench: Bench, variants: Sequence[Variant], calls: list[Call]) -> Iterator[Known]:
    """Give the answers to calls that may be outside of what a task is about: then to none."""
    for call in calls:
        start = time.perf_counter()
        right = _bare(bench.reference.call(call))
        slow = time.perf_counter() - start > SLOW
        if slow or not isinstance(right, Returned) or right.warnings or _problem(call, right):
            continue
        outcomes: dict[str, Outcome] = {REFERENCE: right}
        for variant, suspect in zip(variants, bench.suspects, strict=True):
            wrong = _bare(suspect.session.call(call))
            if not alike(wrong, right) and not _problem(call, wrong):
                outcomes[variant.key] = wrong
        yield Known(call, outcomes)


def _of_picture(exercise: Exercise, bench: Bench, known: Calls) -> Iterator[Known]:
    """Freeze what plot.py asks the reference; of the variants nothing: nobody diagnoses it."""
    paint = painter_of(exercise)
    if paint is None:
        return
    calls = Calls()
    source = exercise.source.read_text(encoding="utf-8")
    drawn = InProcessSession.of(source, exercise.module, exercise.limits)
    try:
        paint(drawn, Recording(bench.reference, calls), ())
    except CallFailed as failed:
        told = f"the reference fails at {show_call(failed.exchange.call)}"
        raise CourseError(told, exercise.plotting) from None
    if calls.kept:
        raise _unfrozen(exercise, calls.kept[0], "an object of the reference is kept")
    for key, call in calls.known.items():
        right = _bare(bench.reference.call(call))
        problem = _problem(call, right)
        if problem:
            raise _unfrozen(exercise, call, problem)
        if key not in known.known:
            yield Known(call, {REFERENCE: right})


def _bare(outcome: Outcome) -> Outcome:
    """Leave out what differs from run to run, and between versions of NumPy: no check sees it."""
    if isinstance(outcome, Returned):
        return replace(outcome, output="", seconds=0.0)
    if isinstance(outcome, Raised):
        return Raised(outcome.kind, "")
    return outcome


def _problem(call: Call, outcome: Outcome) -> str:
    try:
        to_json(AnswerBook((Known(call, {REFERENCE: outcome}),), {}))
    except TypeError as error:
        return str(error)
    return ""


def _unfrozen(exercise: Exercise, call: Call, problem: str) -> CourseError:
    return CourseError(
        f"{show_call(call)} cannot be frozen for learners ({problem}): "
        "ask the reference for plain data on inputs of the check's own, "
        "or move the check to test_hidden.py",
        exercise.folder / PUBLIC,
    )


def _failed(exercise: Exercise, check: CheckResult) -> CourseError:
    path = exercise.folder / PUBLIC
    function = check.name.partition("[")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    line = next((n.lineno for n in tree.body if getattr(n, "name", "") == function), None)
    told = f"the reference does not pass {check.name}"
    if check.evidence is not None:
        words = explain_evidence(check.evidence, "en", lambda _kind, key: key)
        parts = [words.headline, *(f"{label} {value}" for label, value in words.values)]
        facts = "" if check.evidence.kind != "fault" else f" {dict(check.evidence.facts)}"
        told += ": " + "; ".join(parts) + facts
    return CourseError(told + "; correct the check or the reference", path, line)
