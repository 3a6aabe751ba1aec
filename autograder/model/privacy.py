"""What of a result a learner may see."""

from __future__ import annotations

import builtins
from collections import Counter

import msgspec

from autograder.model.results import CheckResult, Diagnosis, Evidence, Fact, Result, SourceLine

__all__ = ["for_learner"]

# ``says`` is the author's own sentence; the facts that would fill it stay behind.
HARMLESS_FACTS = frozenset(
    {"exception", "limit", "amount", "says", "category", "what", "function", "wanted_exception"}
)
TROUBLES = frozenset({"overflow", "divide by zero", "invalid value", "underflow"})
# A learner's own exception may be named after the input, and so may a function of theirs.
EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type)
) | {"ForbiddenImport", "LinAlgError"}


def for_learner(result: Result) -> Result:
    """Return the result without anything that tells a hidden input or expected value.

    Of a hidden check stay its task, verdict, points, the kind of evidence, the learner's own
    lines, and the diagnosis. Its name, call, values, places and messages go: an exception's text
    may quote the hidden input (a learner can raise it on purpose), and so may a diagnosis' facts.
    A fault's text goes too: it is for the instructor.
    """
    numbers: Counter[str] = Counter()
    problem = result.problem
    if problem is not None and problem.kind == "fault":
        problem = Evidence("fault")
    checks = tuple(_redacted(check, numbers) for check in result.checks)
    return msgspec.structs.replace(result, checks=checks, problem=problem)


def _redacted(check: CheckResult, numbers: Counter[str]) -> CheckResult:
    if not check.hidden:
        return check
    numbers[check.task] += 1
    evidence = check.evidence and Evidence(
        check.evidence.kind,
        # Text and line number are the submission's own; the function's name is what it says.
        lines=tuple(SourceLine(at.label, at.line, at.text) for at in check.evidence.lines),
        facts=_harmless(check.evidence.facts, check.task),
    )
    diagnosis = check.diagnosis and Diagnosis(check.diagnosis.name, check.diagnosis.misconception)
    return msgspec.structs.replace(
        check, name=f"hidden {numbers[check.task]}", evidence=evidence, diagnosis=diagnosis
    )


def _harmless(facts: dict[str, Fact], task: str) -> dict[str, Fact]:
    kept = {key: value for key, value in facts.items() if key in HARMLESS_FACTS}
    # What a learner's program says itself might tell the input: only words that are known pass.
    allowed = {"exception": EXCEPTIONS, "category": EXCEPTIONS, "what": TROUBLES}
    allowed["function"] = frozenset({task})
    for key, words in allowed.items():
        if kept.get(key) not in words:
            kept.pop(key, None)
    return kept
