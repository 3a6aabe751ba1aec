"""What stands around a panel's marks: its title, and axes with their ticks."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.model import Panel
from autograder.report.scales import Box, floats, labelled
from autograder.report.svg import Drawing, written_width

__all__ = ["INK", "LINE", "SMALL", "TITLE", "draw_frame", "draw_title", "rung_width"]

INK, PALE = "#444444", "#ececec"
BOLD = 1.22  # how much wider than usual letters bold ones are, in the widest of usual fonts
TITLE, LINE, SMALL = 22.0, 15.0, 10.0  # heights of a title and a line; a small letter's size


def draw_title(paper: Drawing, middle: float, title: str, width: float) -> None:
    """Write a panel's title above its paper, but no further to the left or right than the panel."""
    em = min(12.0, 12.0 * (width - 8) / max(1.0, written_width(title, 12.0 * BOLD)))
    half = written_width(title, em * BOLD) / 2
    middle = min(max(middle, half + 2), max(width - half - 2, half + 2))
    paper.text(
        middle, 15.0, title, text_anchor="middle", fill="#111111", font_size=round(em, 1),
        font_weight="bold",
    )  # fmt: skip


def rung_width(rungs: Sequence[tuple[float, str]]) -> float:
    """Return how wide the labels of a vertical axis are."""
    return max((written_width(text, SMALL) for _, text in rungs), default=0.0)


def draw_frame(
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
