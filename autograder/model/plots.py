"""A picture as data: what is drawn of a submission, beside what it should be.

Nothing here knows how to draw; :mod:`autograder.report.pictures` does. So a picture is stored with
its result, and drawn in the reader's language when somebody looks.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Kind", "Lack", "Mark", "Number", "Panel", "Plot", "Who"]

Kind = Literal["line", "points", "bars", "heat", "contour", "band"]
# The learner's program gave no answer; or one that is not numbers of the shape that is drawn.
Lack = Literal["no_answer", "other_form"]
# None is a gap: not a number, or beyond any axis.
Number = float | None
Who = Literal["learner", "target", "data"]


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Mark(_Record, frozen=True):
    """Something drawn: a curve, points, bars, a heat map, its contour, a band between two curves.

    who: whose it is; every picture of the course shows learner and target in the same way.
    x, y: coordinates, equally many. Of ``bars`` the places and heights, of a ``heat`` map and a
    ``contour`` the columns' and rows' centres.
    z: of a heat map and a contour, the values row by row; of a band, its upper curve.
    levels: of a heat map, the values at the two ends of the colours; of a contour, the heights of
    its lines; empty: chosen from z.
    names: of bars and of a heat map's columns, what stands under each.
    label: for the legend: a key of the exercise's messages, or a text that needs no translation.
    group: tells apart several curves or classes of points of one owner.
    """

    kind: Kind
    who: Who
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    z: tuple[Number, ...] = ()
    levels: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    label: str = ""
    group: int = 0


class Panel(_Record, frozen=True):
    """One coordinate system.

    task: the task that it belongs to, or empty where it shows them together.
    title, xlabel, ylabel: as a mark's label.
    logarithmic: whether the vertical axis is. equal: whether both axes have one scale.
    frame: left, right, bottom and top of what is shown; empty: what its marks need.
    lacks: why something of the learner's is not among the marks.
    """

    marks: tuple[Mark, ...]
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    task: str = ""
    logarithmic: bool = False
    equal: bool = False
    frame: tuple[float, ...] = ()
    lacks: tuple[Lack, ...] = ()


class Plot(_Record, frozen=True):
    """The picture of one submission: its panels from left to right."""

    panels: tuple[Panel, ...]
