"""From what checks saw to what it looks like: a second look, when all of them have run."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from autograder.checks import beside, difference, show_call
from autograder.diagnosis import (
    PLAIN,
    Question,
    Room,
    called_by,
    consider,
    innermost,
    misplaced,
    name_among,
    name_of,
    pattern_of,
    remembers,
    smaller,
)
from autograder.errors import UnknownAnswer
from autograder.model import CheckResult, Considered, Diagnosis, Evidence, Verdict
from autograder.plugin.bench import TRAIN, Bench
from autograder.plugin.run import Judged
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Call, Name, Program, Returned

__all__ = ["considered", "settled", "will_ask"]

# What is wrong there, another function has not caused.
UNCALLED = frozenset({"modified", "accepted", "cut_short"})
# Exceptions that stop a function whatever another one has returned.
OF_ITSELF = frozenset(
    {"NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "ForbiddenImport"}
)
LONG = 240  # characters of a call and its values, above which a smaller example is looked for
MOST_SMALLER = 12  # of the smaller calls that are foreseen: most often one of them will do
COARSE = 1e-3  # a smaller example must differ by more than any check's tolerance


def settled(
    judged: Sequence[Judged], room: Room, bench: Bench, program: Program
) -> list[CheckResult]:
    """Return the results of a program's checks with what each failure looks like.

    room: the program, and the reference.

    Nothing in here changes a verdict, and what fails in here leaves a result as it is.
    """
    by_place: dict[int, CheckResult] = {}
    # A program that was asked about a hidden input could answer the next, shown, call with it.
    for place, each in sorted(enumerate(judged), key=lambda pair: pair[1].result.secret):
        try:
            by_place[place] = _settled(each, judged, room, program, bench)
        except Exception:  # what can not be looked at again stays as it is
            by_place[place] = each.result
    found = [by_place[place] for place in range(len(judged))]
    tasks = frozenset(task.name for task in bench.exercise.tasks)
    wrong = {each.task for each in found if each.verdict in (Verdict.FAILED, Verdict.ERROR)}
    # What is known of a task itself stands before what may come of another one.
    handed = [_may_come_of_another(each, bench) for each in found]
    pairs = list(zip(found, handed, strict=True))
    known = {each.task for each, may in pairs if each.diagnosis and not may}
    return [_pointed(each, tasks & wrong, program, each.task in known, may) for each, may in pairs]


def _may_come_of_another(result: CheckResult, bench: Bench) -> bool:
    """Tell what another function may have handed on: nan, and a None that an exception speaks of.

    A variant has done the same as the program in all of its calls; the text of an exception alone
    says nothing of where the None is from.
    """
    diagnosis = result.diagnosis
    if diagnosis is None or diagnosis.name == "nan":
        return diagnosis is not None
    facts = result.evidence.facts if result.evidence else {}
    text = f"{facts.get('exception', '')}: {facts.get('message', '')}"
    known = bench.exercise.misconceptions.get(diagnosis.name)
    told = known is not None and any(re.search(sign, text) for sign in known.raises)
    return told and "NoneType" in text


def will_ask(judged: Sequence[Judged], room: Room) -> list[Call]:
    """Return the calls that ``settled`` is most likely to make of the program, for these checks."""
    by_question: dict[object, list[Exchange]] = {}
    for each in judged:
        question = each.question
        if question is not None and each.result.diagnosis is None:
            asked = question.asked
            # The checks of a task ask alike; who did as no variant did is asked of all of them.
            if asked not in by_question or not question.suspects:
                by_question.setdefault(asked, []).extend(question.departures)
    versions = itertools.chain.from_iterable(map(room.versions, by_question.values()))
    calls = [call for pairs in versions for call, _ in pairs]
    for each in judged:
        if (source := _too_long(each)) is not None:
            few = itertools.islice(_smaller(source.call, room), MOST_SMALLER)
            calls += [call for call, _ in few]
    return calls


def _pointed(
    result: CheckResult, wrong: frozenset[str], program: Program, known: bool, handed: bool
) -> CheckResult:
    try:
        return _pointing(result, wrong, program, known, handed)
    except Exception:  # a text that cannot be read points nowhere
        return result


def considered(
    judged: Sequence[Judged], results: Sequence[CheckResult], bench: Bench
) -> tuple[Considered, ...]:
    """Return, for each check that failed, what became of the misconceptions it might have been.

    results: those of ``judged``, settled. Says nothing of a check whose calls were not kept.
    """
    found: list[Considered] = []
    for each, result in zip(judged, results, strict=True):
        if each.question is None:
            continue
        named = result.diagnosis
        others = [other for other in judged if other is not each]
        found += consider(
            result.task,
            named.name if named is not None and named.misconception else "",
            each.question,
            each.asked,
            _elsewhere(each, others),
            bench.suspects,
            bench.reference,
        )
    return tuple(found)


def _pointing(
    result: CheckResult, wrong: frozenset[str], program: Program, known: bool, handed: bool
) -> CheckResult:
    """Let what stopped inside another task's function, which is wrong itself, point to that.

    So does a wrong value, or a stop, of a function that uses such a one; but it may be wrong
    itself, too. A fresh example points as the check's own failure does.
    """
    others = wrong - {result.task}
    told = result.diagnosis is not None and not handed
    if told or not others or result.evidence is None:
        return result
    used = frozenset() if known else called_by(program, result.task) & others
    if result.diagnosis is not None and used:  # where its nan, or None, may come from is told
        result = msgspec.structs.replace(result, diagnosis=None)
    shown = {
        field: _towards(evidence, others, used)
        for field in ("evidence", "example")
        if (evidence := getattr(result, field)) is not None
    }
    return msgspec.structs.replace(result, **shown)


def _towards(evidence: Evidence, others: frozenset[str], used: frozenset[str]) -> Evidence:
    """Name in a piece of evidence the wrong function that it comes of, or may come of."""
    if evidence.kind in UNCALLED:
        return evidence
    within = [at.function for at in evidence.lines if at.function in others]
    if evidence.kind == "raised" and within:
        told = {"cause": within[-1]}
    elif used and str(evidence.facts.get("exception", "")) not in OF_ITSELF:
        told = {"uses": ", ".join(sorted(used))}
    else:
        return evidence
    return msgspec.structs.replace(evidence, facts={**evidence.facts, **told})


def _settled(
    each: Judged, judged: Sequence[Judged], room: Room, program: Program, bench: Bench
) -> CheckResult:
    result, question = each.result, each.question
    if result.diagnosis is None and question is not None:
        diagnosis = (
            misplaced(question.departures, program, bench.parameters, room)
            or _diagnosis(each, question, judged, room, bench)
            or _of_memory(each, question, room, bench)
        )
        result = msgspec.structs.replace(result, diagnosis=diagnosis)
    evidence = None if result.secret else _small(each, room)
    return msgspec.structs.replace(result, evidence=evidence) if evidence else result


def _diagnosis(
    each: Judged, question: Question, judged: Sequence[Judged], room: Room, bench: Bench
) -> Diagnosis | None:
    others = [other for other in judged if other is not each]
    elsewhere = _elsewhere(each, others)
    calls = [*each.asked, *elsewhere]
    name = name_of(question, elsewhere, room) if question.suspects else None
    name = name or name_among(question.departures, calls, bench.suspects, room, whole=True)
    if name is not None:
        return Diagnosis(name, misconception=True)
    shape = None
    if each.result.verdict is Verdict.FAILED:
        same = [o.question for o in others if o.question and o.result.task == each.result.task]
        shape = pattern_of(question, same, room)
    if shape is not None and shape.name not in PLAIN:  # it fits all answers, so it is the whole
        return shape
    name = name_among(question.departures, calls, bench.suspects, room)
    return Diagnosis(name, misconception=True) if name is not None else shape


def _of_memory(each: Judged, question: Question, room: Room, bench: Bench) -> Diagnosis | None:
    """Find a function whose answers hang on earlier calls; it is asked by public checks alone.

    Not of an exercise in which the reference itself does not answer alike: networks train.
    """
    evidence = each.result.evidence
    if bench.exercise.framework in TRAIN or each.result.verdict is not Verdict.FAILED:
        return None
    if evidence is None or evidence.kind == "statement":  # the author's sentence says what it is
        return None
    hangs = remembers(question, room, ask=not each.result.secret)
    return Diagnosis("stateful") if hangs else None


def _elsewhere(each: Judged, others: Sequence[Judged]) -> list[Exchange]:
    """Return what other checks asked; probes of the same task alone, since they ask anything."""
    return [
        exchange
        for other in others
        for exchange in other.asked
        if other.result.task == each.result.task or isinstance(exchange.call.target, Name)
    ]


def _small(each: Judged, room: Room) -> Evidence | None:
    """Return the smallest example that shows the same, where the check's own is long."""
    evidence, source = each.result.evidence, _too_long(each)
    if evidence is None or source is None:
        return None
    for call, wanted in _smaller(source.call, room):
        found = _differs(call, wanted, evidence.kind, room)
        if found is not None and _place(found) == _place(evidence):
            return _named(found, evidence)
    return None


def _too_long(each: Judged) -> Exchange | None:
    """Return the call that evidence shows, where it is long and may have a smaller example."""
    evidence, source = each.result.evidence, each.source
    if (
        evidence is None
        or source is None
        or not isinstance(source.call.target, Name)
        or not isinstance(source.outcome, Returned)
        or len(evidence.call) + len(evidence.got) + len(evidence.wanted) <= LONG
    ):
        return None
    return source


def _place(evidence: Evidence) -> str:
    return str(evidence.facts.get("item", "")).partition(", ")[0]


def _named(found: Evidence, evidence: Evidence) -> Evidence:
    """Call a part of what was returned as before."""
    names = {key: evidence.facts[key] for key in ("item_name",) if key in evidence.facts}
    return msgspec.structs.replace(found, facts={**found.facts, **names})


def _smaller(call: Call, room: Room) -> Iterator[tuple[Call, Returned]]:
    """Yield smaller calls that the task is about, each with what the reference returns."""
    for each in smaller(call):
        if not room.bound.left():
            return
        try:
            wanted = room.bound.call(room.reference, each)
        except UnknownAnswer:
            continue
        if isinstance(wanted, Returned) and not wanted.warnings and not wanted.changed:
            yield each, wanted


def _differs(call: Call, wanted: Returned, kind: str, room: Room) -> Evidence | None:
    got = room.bound.call(room.learner, call)
    if not isinstance(got, Returned):
        return None
    found = difference(got.value, wanted.value, rtol=COARSE, atol=1e-6)
    if found is None or found.kind != kind:
        return None
    argument = next(iter(call.args), None)
    plot = beside(found, *innermost(got.value, wanted.value), argument)
    return msgspec.structs.replace(found, call=show_call(call), beside=plot)
