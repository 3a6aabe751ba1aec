"""Submissions taken once more from where they were graded: a folder, a file, a zip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.journal import Handed
from autograder.submission import Submission
from autograder.submission.discover import Wanted, discover

__all__ = ["Taken", "taken_again"]


@dataclass(frozen=True)
class Taken:
    """What became of a submission that was looked for: it is there, or a sentence says why not."""

    learner: str
    submission: Submission | None = None
    why: str = ""


def taken_again(
    lines: Iterable[Handed], wanted: Wanted, others: frozenset[str] = frozenset()
) -> Iterator[Taken]:
    """Find submissions where they lay when they were graded; each under its learner's id.

    Only the very same is taken: what has changed since is told, and graded by ``grade``.

    wanted, others: as ``discover`` has them.
    """
    groups: dict[tuple[str, ...], list[Handed]] = {}
    for line in lines:
        groups.setdefault(line.given, []).append(line)
    for given, theirs in groups.items():
        there, why = _look(given, wanted, others)
        for line in theirs:
            found = there.get(line.sha256, [])
            same = [each for each in found if each.learner == line.learner]
            # Alone, or beside others, a learner may have got another id.
            chosen = next(
                iter(same or [each for each in found if each.origin == line.origin]), None
            )
            if chosen is None:
                told = why or f"{line.origin} is gone or has changed since it was graded"
                yield Taken(line.learner, why=told)
            else:
                yield Taken(line.learner, replace(chosen, learner=line.learner))


def _look(
    given: tuple[str, ...], wanted: Wanted, others: frozenset[str]
) -> tuple[dict[str, list[Submission]], str]:
    """Return what lies at some paths by digest; and a sentence where nothing can be found."""
    paths = [path for path in map(Path, given) if path.exists()]
    if not paths:
        return {}, f"{', '.join(given)} is no longer there"
    try:
        found = discover(paths, wanted, others).submissions
    except GradeFlowError as error:
        return {}, str(error)
    by_digest: dict[str, list[Submission]] = {}
    for each in found:
        by_digest.setdefault(each.sha256, []).append(each)
    return by_digest, ""
