"""Drawing the picture of a submission as SVG: the learner's work beside the target's.

By hand and not by a plotting library: a class has a picture for each learner, and this takes a
hundredth of the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from autograder.catalogue import Exercise
from autograder.messages import translate
from autograder.model import Mark, Panel, Plot, Result
from autograder.plugin.opening import own_texts
from autograder.report.marks import Box, colour_bar, draw_mark, in_layers, swatch
from autograder.report.scales import axes_of, floats, labelled
from autograder.report.svg import Drawing, wrapped, written_width

__all__ = ["for_task", "plot_svg"]

Say = Callable[[str], str]
INK, PALE, WARNING = "#444444", "#ececec", "#B34700"
TITLE, LINE, SMALL = 22.0, 15.0, 10.0
TAGS = {"en": "en", "zh": "zh-Hans"}


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
    plot = result.plot
    panels = [panel for panel in plot.panels if panel.marks or panel.lacks] if plot else []
    if not panels:
        return None
    texts = own_texts(exercise, language)

    def say(key: str) -> str:
        return texts("message", key) or key

    return _Picture(panels, language, say).drawn()


def for_task(result: Result, task: str) -> Result:
    """Return the result with the panels of one task, and those that belong to all."""
    if result.plot is None:
        return result
    panels = tuple(panel for panel in result.plot.panels if panel.task in ("", task))
    return msgspec.structs.replace(result, plot=Plot(panels))


@dataclass(frozen=True)
class _Picture:
    panels: Sequence[Panel]
    language: str
    say: Say

    def drawn(self) -> str:
        """Lay the panels out in rows, below them the legend that they share."""
        size = MANY if len(self.panels) > MOST_USUAL else USUAL
        columns = min(len(self.panels), size.columns)
        common = self._common()
        shared: dict[str, Mark] = {}
        paper, y = Drawing(), 0.0
        for start in range(0, len(self.panels), columns):
            row = self.panels[start : start + columns]
            heights = []
            for place, panel in enumerate(row):
                own: dict[str, Mark] = {}
                for label, mark in self._legend(panel).items():
                    (shared if mark.label in common else own).setdefault(label, mark)
                content, height = self._panel(panel, own, size)
                paper.at(place * size.width, y, content, role="panel")
                heights.append(height)
            y += max(heights)
        width = columns * size.width
        lines = _flowed(list(shared), width - 20)
        for line in lines:
            whole = sum(_item_width(label) for label in line)
            _write_legend(paper, max(10.0, (width - whole) / 2), y + 10, line, shared)
            y += LINE + 2
        return paper.page(width, y + 8, TAGS.get(self.language, self.language))

    def _common(self) -> set[str]:
        """Return the labels that one legend explains: whose it is, and what is repeated."""
        each = [{mark.label for mark in panel.marks} for panel in self.panels]
        times = Counter(label for labels in each for label in labels)
        return {"", *(label for label, count in times.items() if count > 1)}

    def _legend(self, panel: Panel) -> dict[str, Mark]:
        known: dict[str, Mark] = {}
        for mark in sorted(panel.marks, key=lambda mark: mark.group):
            if mark.kind != "heat" and (mark.kind != "contour" or mark.who != "data"):
                known.setdefault(self._label(mark), mark)
        return known

    def _label(self, mark: Mark) -> str:
        return (
            self.say(mark.label) if mark.label else translate(f"picture.{mark.who}", self.language)
        )

    def _panel(self, panel: Panel, own: dict[str, Mark], size: _Size) -> tuple[Drawing, float]:
        """Draw one panel, and say how high it is."""
        across, up = axes_of(panel)
        rungs = labelled(up, panel.marks, across=False)
        map_ = next((mark for mark in panel.marks if mark.kind == "heat"), None)
        left = 16 + _rung_width(rungs)
        left += LINE if panel.ylabel else 0.0
        right = 44.0 if map_ else 12.0
        box = Box(size.width - left - right, size.height, across, up)
        if panel.equal:
            pixel = min(box.width / (across.high - across.low), size.height / (up.high - up.low))
            shown = (across.high - across.low) * pixel, (up.high - up.low) * pixel
            left += (box.width - shown[0]) / 2
            box = Box(*shown, across, up)
        paper = Drawing()
        _title(paper, left + box.width / 2, self.say(panel.title), size)
        bottom = _frame(paper, left, box, panel, rungs)
        content = Drawing()
        for mark in in_layers(panel):
            draw_mark(content, box, mark, panel)
        paper.inside(left, TITLE, box.width, box.height, content)
        if map_:
            beside = Drawing()
            colour_bar(beside, 0.0, box.height, map_)
            paper.at(left + box.width + 6, TITLE, beside)
        if panel.ylabel:
            x, middle = left - 12 - _rung_width(rungs), TITLE + box.height / 2
            paper.text(
                x, middle, self.say(panel.ylabel), text_anchor="middle", fill=INK,
                transform=f"rotate(-90 {x:.1f} {middle:.1f})",
            )  # fmt: skip
        if panel.xlabel:
            bottom += LINE - 2
            middle, name = left + box.width / 2, self.say(panel.xlabel)
            paper.text(middle, bottom, name, text_anchor="middle", fill=INK)
        return paper, self._below(paper, bottom, panel, own, size) + 12

    def _below(
        self, paper: Drawing, y: float, panel: Panel, own: dict[str, Mark], size: _Size
    ) -> float:
        """Write the panel's own legend, and what could not be drawn; return where that ends."""
        for line in _flowed(list(own), size.width - 16):
            y += LINE
            _write_legend(paper, 12.0, y - 4, line, own)
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


def _title(paper: Drawing, middle: float, title: str, size: _Size) -> None:
    """Write a panel's title above its paper, but no further to the left or right than the panel."""
    em = min(12.0, 12.0 * (size.width - 8) / max(1.0, written_width(title, 12.6)))
    half = written_width(title, em * 1.05) / 2
    middle = min(max(middle, half + 2), max(size.width - half - 2, half + 2))
    paper.text(
        middle, 15.0, title, text_anchor="middle", fill="#111111", font_size=round(em, 1),
        font_weight="bold",
    )  # fmt: skip


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
    outside = any(
        up.leaves_out(floats(mark.y)) or (mark.kind != "bars" and across.leaves_out(floats(mark.x)))
        for mark in flat
    )
    return [*notes, "outside"] if outside else notes


def _rung_width(rungs: Sequence[tuple[float, str]]) -> float:
    return max((written_width(text, SMALL) for _, text in rungs), default=0.0)


def _frame(
    paper: Drawing, left: float, box: Box, panel: Panel, rungs: list[tuple[float, str]]
) -> float:
    """Draw the axes with their ticks, and pale lines across; return where their labels end."""
    bottom = TITLE + box.height
    ticks = labelled(box.across, panel.marks, across=True)
    named = any(mark.names for mark in panel.marks)
    places = box.x(floats([value for value, _ in ticks])).tolist()
    lines = _lines(places, [text for _, text in ticks], 2 if named else 1)
    for x, (_, text), on in zip(places, ticks, lines, strict=True):
        if -0.5 <= x <= box.width + 0.5:
            if not named:
                paper.add("path", d=f"M{left + x:.1f} {TITLE:g}V{bottom:g}", stroke=PALE)
            if on is not None:
                down = bottom + 13 + 12 * on
                paper.text(left + x, down, text, text_anchor="middle", fill=INK, font_size=SMALL)
    heights = box.y(floats([value for value, _ in rungs])).tolist()
    for y, (_, text) in zip(heights, rungs, strict=True):
        if -0.5 <= y <= box.height + 0.5:
            down = TITLE + y
            paper.add("path", d=f"M{left:.1f} {down:.1f}h{box.width:.1f}", stroke=PALE)
            paper.text(left - 5, down + 3.5, text, text_anchor="end", fill=INK, font_size=SMALL)
    paper.add("path", d=f"M{left:.1f} {TITLE:g}V{bottom:g}h{box.width:.1f}", stroke="#777777")
    return bottom + 16 + 12 * max((line for line in lines if line), default=0)


def _lines(places: Sequence[float], texts: Sequence[str], most: int) -> list[int | None]:
    """Put labels on so many lines that none runs into another; None where there is no room."""
    ends, chosen = [-1e9] * most, []
    for place, text in zip(places, texts, strict=True):
        half = written_width(text, SMALL) / 2
        free = (line for line in range(most) if place - half >= ends[line] + 4)
        line = next(free, None) if text else None
        if line is not None:
            ends[line] = place + half
        chosen.append(line)
    return chosen


def _flowed(labels: Sequence[str], width: float) -> list[list[str]]:
    """Divide the labels of a legend into lines of at most that width."""
    lines: list[list[str]] = []
    for label in labels:
        if lines and sum(map(_item_width, lines[-1])) + _item_width(label) <= width:
            lines[-1].append(label)
        else:
            lines.append([label])
    return lines


def _item_width(label: str) -> float:
    return 24 + written_width(label) + 14


def _write_legend(
    paper: Drawing, x: float, y: float, labels: Sequence[str], marks: dict[str, Mark]
) -> None:
    for label in labels:
        swatch(paper, x, y, marks[label])
        paper.text(x + 24, y + 4, label, fill=INK)
        x += _item_width(label)
