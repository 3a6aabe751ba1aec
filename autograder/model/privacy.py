"""What of a result a learner may see."""

from __future__ import annotations

from collections import Counter

import msgspec

from autograder.model.results import BY_HEART, CheckResult, Diagnosis, Evidence, Fact, Result

__all__ = ["for_learner"]

# ``says`` is the author's own sentence; the facts that would fill it stay behind. A limit belongs
# to the kind of failure: which was passed, and what the exercise allows. ``reached`` measures the
# program as a whole, beside the ``floor`` that its author has published.
HARMLESS_FACTS = frozenset({"limit", "amount", "says", "wanted_exception", "reached", "floor"})
FOR_INSTRUCTORS = frozenset({BY_HEART})
# Of a warning its kind: NumPy's troubles, else Python's own categories. A closed list, because a
# program may give a warning any name.
TROUBLES = frozenset({"overflow", "underflow", "divide by zero", "invalid value"})
CATEGORIES = frozenset(
    {"RuntimeWarning", "DeprecationWarning", "FutureWarning", "SyntaxWarning", "UserWarning"}
)


def for_learner(result: Result) -> Result:
    """Return the result without anything that tells a hidden input or expected value.

    Of a hidden check stay its task, verdict, points, the kind of evidence, and the diagnosis' name.
    Its name, call, values, places and messages go. So does what a program can choose by what it
    was given: the line it stops on, the exception it raises, the words of its warning; each would
    be a letter in which the input is written. A warning keeps its kind, one of a few, and which of
    the exercise's functions was called. A public check that failed with inputs which learners do
    not have keeps its name alone. A fault's text goes too: it is for the instructor. Its example
    stays whole: it is of inputs that are no secret, asked where no hidden check has asked. Of no
    check stays the digest of behaviour: who can guess inputs could try them against it.
    """
    numbers: Counter[str] = Counter()
    problem = result.problem
    if problem is not None and problem.kind == "fault":
        problem = Evidence("fault")
    tasks = frozenset(check.task for check in result.checks)
    checks = tuple(_redacted(check, numbers, tasks) for check in result.checks)
    notes = tuple(note for note in result.notes if note.name not in FOR_INSTRUCTORS)
    return msgspec.structs.replace(result, checks=checks, problem=problem, notes=notes)


def _redacted(check: CheckResult, numbers: Counter[str], tasks: frozenset[str]) -> CheckResult:
    check = msgspec.structs.replace(check, behaviour="")
    if not check.secret:
        return check
    numbers[check.task] += check.hidden
    name = f"hidden {numbers[check.task]}" if check.hidden else check.name
    evidence = check.evidence
    if evidence is not None:
        facts = _harmless(evidence) | _of_warning(evidence, tasks)
        evidence = Evidence(evidence.kind, facts=facts)
    diagnosis = check.diagnosis and Diagnosis(check.diagnosis.name, check.diagnosis.misconception)
    return msgspec.structs.replace(
        check, name=name, evidence=evidence, diagnosis=diagnosis, seconds=0.0
    )


def _harmless(evidence: Evidence) -> dict[str, Fact]:
    return {key: value for key, value in evidence.facts.items() if key in HARMLESS_FACTS}


def _of_warning(evidence: Evidence, tasks: frozenset[str]) -> dict[str, Fact]:
    """Return which sort of warning it was, and the task's function that was called."""
    facts = evidence.facts
    if evidence.kind != "warning" or facts.get("category") not in CATEGORIES:
        return {}
    told = {"category": facts["category"]}
    if facts.get("what") in TROUBLES:
        # NumPy's own: another category with such a word would be one more letter.
        told = {"category": "RuntimeWarning", "what": facts["what"]}
    if facts.get("function") in tasks:
        told["function"] = facts["function"]
    return told
