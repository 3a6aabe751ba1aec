"""The picture of the call that failed: what came beside what was wanted, drawn and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.catalogue import Exercise
from autograder.messages import translate
from autograder.model import Evidence, Plot
from autograder.report.pages import svg_address
from autograder.report.pictures import panels_svg
from autograder.report.scales import floats, told

__all__ = ["Beside", "beside_of"]

MOST_TOLD = 8  # entries that differ: who listens cannot look away
SIX_DIGITS = 1e-5  # of a mark's numbers


@dataclass(frozen=True)
class Beside:
    """A picture as SVG and as the address of an image, and the same in a sentence."""

    svg: str
    address: str
    text: str


def beside_of(evidence: Evidence | None, exercise: Exercise, language: str) -> Beside | None:
    """Return the picture of the call that a piece of evidence is of, or None where it has none."""
    if evidence is None or evidence.beside is None:
        return None
    svg = panels_svg(evidence.beside.panels, exercise, language)
    address = svg_address(svg)
    if svg is None or address is None:
        return None
    return Beside(svg, address, _in_words(evidence.beside, language))


def _in_words(plot: Plot, language: str) -> str:
    entries = [
        translate("picture.entry", language, index=index, got=_told(got), wanted=_told(wanted))
        for index, got, wanted in _differing(plot)
    ]
    more = "…" if len(entries) > MOST_TOLD else ""
    listed = translate("picture.between", language).join(entries[:MOST_TOLD]) + more
    return translate("picture.beside", language, entries=listed)


def _differing(plot: Plot) -> list[tuple[str, float, float]]:
    """Return the places that differ, with both values, not a number where there is none."""
    marks = [mark for panel in plot.panels for mark in panel.marks if mark.kind != "points"]
    own = next(mark for mark in marks if mark.who == "learner")
    right = next(mark for mark in marks if mark.who == "target")
    got, wanted = (floats(m.z if m.kind == "heat" else m.y) for m in (own, right))
    places = np.nonzero(~np.isclose(got, wanted, rtol=SIX_DIGITS, atol=0, equal_nan=True))[0]
    columns = len(own.x) if own.kind == "heat" else 0
    return [
        (str(list(divmod(at, columns)) if columns else [at]), float(got[at]), float(wanted[at]))
        for at in places.tolist()
    ]


def _told(value: float) -> str:
    return told(value) if value == value else "nan"
