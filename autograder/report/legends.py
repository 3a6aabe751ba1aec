"""Legends: what each colour, line and sign of a picture stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from autograder.model import Mark, Panel
from autograder.report.marks import swatch
from autograder.report.svg import Drawing, written_width

__all__ = ["Legend", "common_labels", "draw_legend", "flowed", "legend_of", "line_width", "merge"]

Legend = dict[str, list[tuple[Mark, ...]]]
"""Each entry's samples, side by side; the marks of one sample are painted upon each other."""
INK = "#444444"
SAMPLE, SPACE = 24.0, 14.0  # widths of a sample, and of the space behind an entry


def common_labels(panels: Sequence[Panel]) -> set[str]:
    """Return the labels that one legend explains: whose it is, and what is repeated alike."""
    times = Counter(label for panel in panels for label in {mark.label for mark in panel.marks})
    looks: dict[str, set[tuple[str, str, int]]] = {}
    for panel in panels:
        for mark in panel.marks:
            looks.setdefault(mark.label, set()).add((mark.who, mark.kind, mark.group))
    repeated = {label for label, count in times.items() if count > 1 and len(looks[label]) == 1}
    return {"", *repeated}


def legend_of(panel: Panel, marks: Iterable[Mark], name: Callable[[Mark], str]) -> Legend:
    """Return the entries of some of a panel's marks; maps have a bar of colours instead."""
    legend: Legend = {}
    for mark in sorted(marks, key=lambda mark: mark.group):
        if mark.kind != "heat" and (mark.kind != "contour" or mark.who != "data"):
            merge(legend, {name(mark): [_sample(mark, panel)]})
    return legend


def _sample(mark: Mark, panel: Panel) -> tuple[Mark, ...]:
    """Return a mark, upon its target where a panel has several: so each finds its own."""
    if mark.who == "learner" and mark.kind == "line" and mark.label:
        for other in panel.marks:
            alike = other.kind == mark.kind and other.group == mark.group
            if alike and other.who == "target" and not other.label:
                return other, mark
    return (mark,)


def merge(legend: Legend, more: Legend) -> None:
    """Add entries; one that is there already gets a further sample where that looks different."""
    for label, samples in more.items():
        known = legend.setdefault(label, [])
        for sample in samples:
            if _shape(sample) not in map(_shape, known):
                known.append(sample)


def _shape(sample: tuple[Mark, ...]) -> str:
    kind = sample[-1].kind
    return "line" if kind == "contour" else kind


def flowed(legend: Legend, width: float) -> list[Legend]:
    """Divide a legend into lines of at most that width."""
    lines: list[Legend] = []
    for label, samples in legend.items():
        entry = {label: samples}
        if lines and line_width(lines[-1]) + line_width(entry) <= width:
            lines[-1].update(entry)
        else:
            lines.append(entry)
    return lines


def line_width(line: Legend) -> float:
    """Return how wide one line of a legend is, with the space behind each entry."""
    return sum(
        SAMPLE * len(samples) + written_width(label) + SPACE for label, samples in line.items()
    )


def draw_legend(paper: Drawing, x: float, y: float, line: Legend) -> None:
    """Write one line of a legend, from x on, around the height y."""
    for label, samples in line.items():
        for place, sample in enumerate(samples):
            for mark in sample:
                swatch(paper, x + SAMPLE * place, y, mark)
        paper.text(x + SAMPLE * len(samples), y + 4, label, fill=INK)
        x += line_width({label: samples})
