"""What was found in a submission, in the few words that the table of a class has room for."""

from __future__ import annotations

from collections import Counter

from autograder.model import Evidence, Result, Verdict

__all__ = ["found_in"]

LONGEST = 40  # characters of a word that a learner or an author has chosen
# Of these kinds of evidence the name says nothing to who has not written the engine.
PLAIN = {
    "accepted": "not refused",
    "differs": "wrong value",
    "dtype": "wrong type of numbers",
    "key": "wrong keys",
    "length": "wrong length",
    "modified": "input changed",
    "none": "returned none",
    "shape": "wrong shape",
    "todo": "not written",
    "type": "wrong type",
    "unfit": "unusable",
}


def found_in(result: Result) -> str:
    """Say what an instructor would look for: misconceptions first, then what else is wrong."""
    if result.problem is not None:
        facts = result.problem.facts
        why = facts.get("reason") or facts.get("suffix") or ""
        kind = result.problem.kind.replace("submission.unreachable", "out of reach:")
        return f"{kind} {why}".strip().replace("submission.", "unreadable: ").replace("_", " ")
    wrong = [check for check in result.checks if check.verdict is not Verdict.PASSED]
    patterns = Counter(
        check.diagnosis.name.replace("_", " ")
        for check in wrong
        if check.diagnosis and not check.diagnosis.misconception
    )
    kinds = Counter(
        _plainly(check.evidence)
        for check in wrong
        if check.evidence
        and not check.diagnosis
        # What was never reached says again that the file broke off.
        and not (result.load and check.evidence.kind == "unreached")
    )
    load = [str(evidence.facts.get("exception", evidence.kind)) for evidence in result.load]
    words = [
        f"{name} ×{count}" if count > 1 else name for name, count in (patterns + kinds).items()
    ]
    return ", ".join([*result.findings, *(f"top level: {name}" for name in load), *words])


def _plainly(evidence: Evidence) -> str:
    """Call a failure by its exception, its warning, or the author's own word, where it has one."""
    facts = evidence.facts
    own = {"raised": "exception", "warning": "category", "statement": "says"}.get(evidence.kind)
    if own in facts:
        return str(facts[own]).replace("_", " ")[:LONGEST]
    limit = facts.get("limit")
    plain = PLAIN.get(evidence.kind, evidence.kind.replace("_", " "))
    return f"{plain} ({limit})" if limit else plain
