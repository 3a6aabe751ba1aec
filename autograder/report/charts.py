"""Small charts of a class, as SVG that stands in a page and takes its colours from there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from autograder.messages.explain import clean
from autograder.report.svg import Drawing

__all__ = ["bars", "histogram", "share_bar", "stacked"]

WIDTH, HEIGHT, FOOT, HEAD = 640.0, 200.0, 26.0, 18.0


def histogram(
    counts: Sequence[int], possible: float, says: str, middle: float | None = None
) -> Markup:
    """Draw how many learners lie in each equal part from 0 to what is possible.

    says: the chart in words, for who cannot see it.
    middle: the median, drawn as a line.
    """
    drawing = Drawing()
    step = WIDTH / len(counts)
    most = max([*counts, 1])
    ground = HEIGHT - FOOT
    heights = [(ground - HEAD) * count / most for count in counts]
    for place, high in enumerate(heights):
        left = place * step
        drawing.add(
            "rect", x=left + 1, y=ground - high, width=step - 2, height=high, rx=2, class_="bar"
        )
        drawing.text(left, HEIGHT - 8, f"{possible * place / len(counts):g}", class_="tick")
    drawing.text(WIDTH, HEIGHT - 8, f"{possible:g}", class_="tick last")
    drawing.add("line", x1=0.0, y1=ground, x2=WIDTH, y2=ground, class_="axis")
    if middle is not None and possible > 0:
        at = min(max(middle / possible, 0.0), 1.0) * WIDTH
        drawing.add("line", x1=at, y1=4.0, x2=at, y2=ground, class_="middle")
    for place, (count, high) in enumerate(zip(counts, heights, strict=True)):
        if count:  # upon the median's line, which may stand where a number does
            drawing.text((place + 0.5) * step, ground - high - 5, str(count), class_="count")
    return _page(drawing, WIDTH, HEIGHT, says, "histogram")


def bars(values: Sequence[tuple[str, int]], says: str) -> Markup:
    """Draw a bar for each of a row of things, such as days, with its count above and name below."""
    drawing = Drawing()
    step = WIDTH / max(len(values), 1)
    most = max([count for _, count in values] or [1])
    high, every = 90.0, -(-len(values) // 12)  # a name at every so many: twelve can be read
    ground = high - 20
    for place, (name, count) in enumerate(values):
        size = (ground - HEAD) * count / max(most, 1)
        left = place * step
        drawing.add(
            "rect", x=left + 1, y=ground - size, width=max(step - 2, 0.5), height=size, class_="bar"
        )
        if place % every == 0:
            drawing.text(left + 1, high - 5, name, class_="tick")
        if step > 24:
            drawing.text(left + step / 2, ground - size - 4, str(count), class_="count")
    drawing.add("line", x1=0.0, y1=ground, x2=WIDTH, y2=ground, class_="axis")
    return _page(drawing, WIDTH, high, says, "days")


def stacked(parts: Sequence[tuple[str, float]], says: str) -> Markup:
    """Draw shares of a whole in one bar; each part has a role, which the style sheet colours."""
    drawing = Drawing()
    left = 0.0
    for role, share in parts:
        if share > 0:
            drawing.add("rect", x=left, y=0.0, width=200 * share, height=12.0, class_=role)
            left += 200 * share
    return _page(drawing, 200, 12, says, "share")


def share_bar(share: float, says: str) -> Markup:
    """Draw a share of one, 0 to 1, as a bar on its ground."""
    return stacked([("passed", share), ("ground", 1 - share)], says)


def _page(drawing: Drawing, width: float, height: float, says: str, role: str) -> Markup:
    told = escape(clean(says))
    return Markup(  # noqa: S704 - made of numbers, and of texts that Drawing has escaped
        f'<svg class="{role}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'preserveAspectRatio="none" aria-label="{told}">{drawing}</svg>'
        if role == "share"
        else f'<svg class="{role}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{told}">{drawing}</svg>'
    )
