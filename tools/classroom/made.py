"""A made submission: its files, and what grading it must yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Anything", "Expectation", "Full", "Made", "Named", "Points"]


@dataclass(frozen=True)
class Full:
    """Every point.

    kind: evidence that must be reported all the same, of a top level that failed; "" for none.
    """

    kind: str = ""


@dataclass(frozen=True)
class Named:
    """Fewer than all points, and this misconception named, and no other."""

    misconception: str


@dataclass(frozen=True)
class Points:
    """Exactly these points.

    kind: evidence that some check, the top level or the file itself must show; "" for any.
    """

    points: float
    kind: str = ""


@dataclass(frozen=True)
class Anything:
    """Whatever comes of it: a mutant may be right by chance, or wrong in several ways."""


Expectation: TypeAlias = Full | Named | Points | Anything


@dataclass(frozen=True)
class Made:
    """A submission of one learner, whose expected outcome is known when it is made.

    group: ``right``, ``misconception``, ``mutant``, ``stub``, ``half done``, ``broken``
    or ``attack``.
    what: what is special about it, in a few words.
    files: contents by file name, as they lie in the learner's folder.
    """

    learner: str
    group: str
    what: str
    files: dict[str, bytes]
    expect: Expectation
