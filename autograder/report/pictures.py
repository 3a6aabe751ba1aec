"""Drawing the picture of a submission as SVG: the learner's work beside the target's.

By hand and not by a plotting library: a class has a picture for each learner, and this takes a
hundredth of the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts
from autograder.grading.plotting import panels_of
from autograder.messages import has, translate
from autograder.model import Mark, Panel, Plot, Result, Verdict
from autograder.report.frames import (
    INK,
    LINE,
    SMALL,
    TITLE,
    draw_frame,
    draw_title,
    rung_width,
)
from autograder.report.legends import (
    Legend,
    common_labels,
    draw_legend,
    flowed,
    legend_of,
    line_width,
    merge,
)
from autograder.report.maps import colour_bar
from autograder.report.marks import draw_mark, in_layers
from autograder.report.scales import Axis, Box, axes_of, floats, labelled
from autograder.report.svg import Drawing, wrapped
from autograder.report.words import LANGUAGE_TAGS

__all__ = ["drawn_apart", "for_task", "in_all_languages", "panels_svg", "plot_svg"]

Say = Callable[[str], str]
WARNING = "#B34700"


@dataclass(frozen=True)
class _Size:
    """Of panels: how wide, how high their paper, how many in a row."""

    width: float
    height: float
    columns: int


USUAL, MANY = _Size(300, 190, 3), _Size(228, 140, 4)
MOST_USUAL = 9


def plot_svg(result: Result, exercise: Exercise, language: str) -> str | None:
    """Draw a result's picture as an SVG element to stand in a page; None where it has none."""
    return panels_svg(result.plot.panels if result.plot else (), exercise, language)


def panels_svg(panels: Sequence[Panel], exercise: Exercise, language: str) -> str | None:
    """Draw panels as an SVG element; None where there is nothing on them.

    Their labels are keys of the exercise's messages, of the catalogues' ``picture``, or texts.
    """
    full = [panel for panel in panels if panel.marks or panel.lacks]
    if not full:
        return None
    texts = own_texts(exercise, language)

    def say(key: str) -> str:
        if key.startswith("picture.") and has(key):
            return translate(key, language)
        return texts("message", key) or key

    return _Picture(full, language, say).drawn()


def in_all_languages(result: Result, exercise: Exercise) -> dict[str, str]:
    """Draw a result's picture for a page that holds all languages; empty where it has none."""
    drawn = {language: plot_svg(result, exercise, language) for language in exercise.languages}
    return {language: svg for language, svg in drawn.items() if svg is not None}


def drawn_apart(result: Result, exercise: Exercise) -> dict[str, dict[str, str]]:
    """Draw for a page, apart, the ``pictures`` of what is wrong and the ``agreeing`` ones.

    A picture of several tasks agrees where all is right.
    """
    wrong = {check.task for check in result.checks if check.verdict is not Verdict.PASSED}
    plots: dict[str, list[Panel]] = {"pictures": [], "agreeing": []}
    for each in result.plot.panels if result.plot else ():
        place = "pictures" if each.task in wrong or (wrong and not each.task) else "agreeing"
        plots[place].append(each)
    return {
        place: in_all_languages(msgspec.structs.replace(result, plot=Plot(tuple(panels))), exercise)
        for place, panels in plots.items()
    }


def for_task(result: Result, exercise: Exercise, task: str) -> Result:
    """Return the result with the panels of one task; the last has those that show several."""
    if result.plot is None:
        return result
    return msgspec.structs.replace(result, plot=panels_of(result.plot, exercise, task))


@dataclass(frozen=True)
class _Picture:
    panels: Sequence[Panel]
    language: str
    say: Say

    def drawn(self) -> str:
        """Lay the panels out in rows, below them the legend that they share."""
        size = MANY if len(self.panels) > MOST_USUAL else USUAL
        rows = math.ceil(len(self.panels) / size.columns)
        columns = math.ceil(len(self.panels) / rows)  # four stand two by two, not three and one
        common = common_labels(self.panels)
        shared: Legend = {}
        paper, y = Drawing(), 0.0
        for start in range(0, len(self.panels), columns):
            heights = []
            for place, panel in enumerate(self.panels[start : start + columns]):
                everywhere = [mark for mark in panel.marks if mark.label in common]
                here = [mark for mark in panel.marks if mark.label not in common]
                merge(shared, legend_of(panel, everywhere, self._label))
                content, height = self._panel(panel, legend_of(panel, here, self._label), size)
                paper.at(place * size.width, y, content, role="panel")
                heights.append(height)
            y += max(heights)
        width = columns * size.width
        for line in flowed(shared, width - 20):
            draw_legend(paper, max(10.0, (width - line_width(line)) / 2), y + 10, line)
            y += LINE + 2
        return paper.page(width, y + 8, LANGUAGE_TAGS.get(self.language, self.language))

    def _label(self, mark: Mark) -> str:
        return (
            self.say(mark.label) if mark.label else translate(f"picture.{mark.who}", self.language)
        )

    def _panel(self, panel: Panel, own: Legend, size: _Size) -> tuple[Drawing, float]:
        """Draw one panel, and say how high it is."""
        across, up = axes_of(panel)
        rungs = labelled(up, panel.marks, across=False)
        map_ = next((mark for mark in panel.marks if mark.kind == "heat"), None)
        left = 16 + rung_width(rungs)
        left += LINE if panel.ylabel else 0.0
        right = 44.0 if map_ else 12.0
        box = Box(size.width - left - right, size.height, across, up)
        if panel.equal:
            pixel = min(box.width / (across.high - across.low), size.height / (up.high - up.low))
            shown = (across.high - across.low) * pixel, (up.high - up.low) * pixel
            left += (box.width - shown[0]) / 2
            box = Box(*shown, across, up)
        paper = Drawing()
        draw_title(paper, left + box.width / 2, self.say(panel.title), size.width)
        bottom = draw_frame(paper, left, box, panel, rungs)
        content = Drawing()
        for mark in in_layers(panel):
            draw_mark(content, box, mark, panel)
        paper.inside(left, TITLE, box.width, box.height, content)
        if map_:
            beside = Drawing()
            colour_bar(beside, 0.0, box.height, map_)
            paper.at(left + box.width + 6, TITLE, beside)
        if panel.ylabel:
            x, middle = left - 12 - rung_width(rungs), TITLE + box.height / 2
            paper.text(
                x, middle, self.say(panel.ylabel), text_anchor="middle", fill=INK,
                transform=f"rotate(-90 {x:.1f} {middle:.1f})",
            )  # fmt: skip
        if panel.xlabel:
            bottom += LINE - 2
            middle, name = left + box.width / 2, self.say(panel.xlabel)
            paper.text(middle, bottom, name, text_anchor="middle", fill=INK)
        return paper, self._below(paper, bottom, panel, own, size) + 12

    def _below(self, paper: Drawing, y: float, panel: Panel, own: Legend, size: _Size) -> float:
        """Write the panel's own legend, and what could not be drawn; return where that ends."""
        for line in flowed(own, size.width - 16):
            y += LINE
            draw_legend(paper, 12.0, y - 4, line)
        for mark in panel.marks:
            if mark.kind == "heat" and mark.label:
                for words in wrapped(self.say(mark.label), size.width - 24, SMALL):
                    y += LINE - 1
                    paper.text(12, y, words, font_size=SMALL, fill=INK)
        for note in notes_of(panel):
            for words in wrapped(
                translate(f"picture.{note}", self.language), size.width - 24, SMALL
            ):
                y += LINE - 1
                paper.text(12, y, words, font_size=SMALL, fill=WARNING)
        return y


def notes_of(panel: Panel) -> list[str]:
    """Return the keys of what must be said about the learner's part of a panel."""
    across, up = axes_of(panel)
    notes: list[str] = list(panel.lacks)
    own = [mark for mark in panel.marks if mark.who == "learner"]
    told = [floats(mark.z if mark.kind in ("heat", "contour") else mark.y) for mark in own]
    flat = [mark for mark in own if mark.kind not in ("heat", "contour")]
    if any(np.isnan(values).any() for values in told) or any(
        up.loses(floats(mark.y)) for mark in flat
    ):
        notes.append("gaps")
    if flat and all(_is_elsewhere(mark, across, up) for mark in flat):
        return [*notes, "elsewhere"]
    outside = any(
        up.leaves_out(floats(mark.y)) or (mark.kind != "bars" and across.leaves_out(floats(mark.x)))
        for mark in flat
    )
    return [*notes, "outside"] if outside else notes


def _is_elsewhere(mark: Mark, across: Axis, up: Axis) -> bool:
    """Tell whether all of a mark lies beyond one edge, so that nothing of it can be seen."""
    if mark.kind in ("bars", "band"):  # both reach from one height to another
        return False
    for shares in (across.shares(floats(mark.x)), up.shares(floats(mark.y))):
        known = shares[~np.isnan(shares)]
        if known.size and (known.max() < 0 or known.min() > 1):
            return True
    return False
