"""What a call came to that did not return a value, as evidence with the learner's own lines."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from autograder.diagnosis import meant_keyword
from autograder.model import Evidence, Fact, SourceLine
from autograder.wire.lines import lines_in
from autograder.wire.protocol import Crashed, Missing, Outcome, Program, Raised, Stopped, TraceLine

__all__ = ["outcome_evidence", "shown_lines"]


def outcome_evidence(
    outcome: Outcome, program: Program, tasks: frozenset[str] = frozenset()
) -> Evidence:
    """Turn an outcome that is not a value into evidence, with the learner's own lines.

    tasks: names that the exercise asks for; having written one is no misspelling of another.
    """
    evidence = _of_outcome(outcome, program, tasks)
    if program.live:  # its words are about cells that were run, and not about a file
        return msgspec.structs.replace(evidence, facts={**evidence.facts, "kernel": 1})
    return evidence


def _of_outcome(outcome: Outcome, program: Program, tasks: frozenset[str]) -> Evidence:
    match outcome:
        case Raised(kind="NotImplementedError") if _of_stub(outcome, program):
            return Evidence("todo")
        case Raised():
            lines = _lines(outcome, program)
            facts: dict[str, Fact] = {"exception": outcome.kind, "message": outcome.message}
            return Evidence("raised", lines=lines, facts=facts | _spelling(outcome, lines))
        case Missing(name, similar, kind, there):
            if kind:
                return Evidence("not_callable", facts={"name": name, "type": kind})
            meant = [each for each in similar if each not in tasks]
            if meant:
                return Evidence("misspelt", facts={"name": name, "similar": meant[0]})
            told = {"there": ", ".join(there)} if there else {}
            return Evidence("missing", facts={"name": name, **told})
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


def _spelling(raised: Raised, lines: Sequence[SourceLine]) -> dict[str, Fact]:
    """Say which word of Python's may be meant where a line cannot be read for its first word."""
    if raised.kind != "SyntaxError" or not lines:
        return {}
    word, meant = meant_keyword(lines[-1].text)
    return {"word": word, "similar": meant} if meant else {}


def _lines(raised: Raised, program: Program) -> tuple[SourceLine, ...]:
    return shown_lines(raised.trace, program)


def shown_lines(trace: Sequence[TraceLine], program: Program) -> tuple[SourceLine, ...]:
    """Return the lines of a program that a trace speaks of."""
    texts = {part.label: lines_in(part.source) for part in program.parts}
    found = []
    for at in trace:
        lines = texts.get(at.label, [])
        # A trace is the word of the learner's process: only lines that exist are shown.
        if 0 < at.line <= len(lines):
            text = lines[at.line - 1].strip()[:200]
            found.append(SourceLine(at.label, at.line, text, at.function))
    return tuple(found)
