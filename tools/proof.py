"""Holding the results of a made class to what was expected of each submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.model import Result
from tools.classroom import Full, Made, Named, Points

__all__ = ["Claim", "claims_about", "read_results"]

CLAIMS = {
    "right": "every right submission has full marks",
    "misconception": "every misconception is named as itself, and costs points",
    "stub": "the untouched stub earns nothing",
    "half done": "half-done work earns the points of what is done",
    "broken": "a broken file or function costs what it breaks, and says so",
    "attack": "every attack earns exactly what the honest code beside it earns",
}


@dataclass(frozen=True)
class Claim:
    """Something that was to be shown: how often it was tried, and where it does not hold."""

    text: str
    tried: int
    failures: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it was tried at all, and held each time."""
        return self.tried > 0 and not self.failures


def read_results(folder: Path) -> dict[str, Result]:
    """Read the results of a class, by learner."""
    read = msgspec.json.Decoder(Result).decode
    results = (read(path.read_bytes()) for path in sorted(folder.glob("*.json")))
    return {result.learner: result for result in results}


def claims_about(made: Iterable[Made], results: Mapping[str, Result]) -> list[Claim]:
    """Compare every result with what was expected; a submission without a result is a failure."""
    everyone = tuple(made)
    claims = []
    for group, text in CLAIMS.items():
        members = [each for each in everyone if each.group == group]
        found = ((each, _objection(each, results.get(each.learner))) for each in members)
        failures = tuple(f"{each.learner} ({each.what}): {why}" for each, why in found if why)
        claims.append(Claim(text, len(members), failures))
    strangers = tuple(sorted(results.keys() - {each.learner for each in everyone}))
    failures = tuple(f"{learner}: has a result, but handed nothing in" for learner in strangers)
    claims.append(Claim("nobody else has a result", len(everyone), failures))
    return claims


def _objection(made: Made, result: Result | None) -> str:
    """Say what is wrong with a result; nothing when it is as expected."""
    if result is None:
        return "has no result"
    points, possible = result.score.points, result.score.possible
    if points is None:
        return f"the score is withheld: {_why(result)}"
    match made.expect:
        case Full(kind):
            return _points_objection(points, possible) or _kind_objection(kind, result)
        case Points(wanted, kind):
            return _points_objection(points, wanted) or _kind_objection(kind, result)
        case Named(name):
            if result.diagnoses != (name,):
                return f"taken for {', '.join(result.diagnoses) or 'nothing'} instead of {name}"
            return "" if points < possible else "lost no points"


def _points_objection(points: float, wanted: float) -> str:
    return "" if abs(points - wanted) < 1e-9 else f"has {points:g} points, not {wanted:g}"


def _kind_objection(kind: str, result: Result) -> str:
    kinds = _kinds(result)
    return "" if not kind or kind in kinds else f"reports {sorted(kinds)}, not {kind!r}"


def _kinds(result: Result) -> set[str]:
    evidence = [*result.load, *(check.evidence for check in result.checks), result.problem]
    return {each.kind for each in evidence if each is not None}


def _why(result: Result) -> str:
    evidence = [result.problem, *(check.evidence for check in result.checks)]
    faults = [each for each in evidence if each is not None and each.kind == "fault"]
    return str(faults[0].facts) if faults else "for no stated reason"
