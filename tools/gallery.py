"""One page with the pictures of some results: a right program's, and some misconceptions'."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.messages import LANGUAGES
from autograder.model import Result
from autograder.report.pages import svg_address, write_page
from autograder.report.pictures import plot_svg
from tools.classroom import Full, Made, Named

__all__ = ["pictures_of", "write_gallery"]

OF_EACH = 2
"""Misconceptions shown of each exercise, beside one right program."""

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
figure { margin: 1rem 0 2rem } img { max-width: 100%; background: white }
figcaption { color: #555 }
"""


def pictures_of(
    exercise: Exercise, made: Sequence[Made], results: Mapping[str, Result]
) -> list[tuple[str, str]]:
    """Draw one right program of an exercise and some misconceptions: captions and SVG.

    An exercise without a picture yields nothing.
    """
    right = [each for each in made if each.expect == Full()][:1]
    wrong = [each for each in made if isinstance(each.expect, Named)]
    drawn = []
    for each in [*right, *_spread(_one_of_each(wrong))]:
        result = results.get(each.learner)
        drawing = plot_svg(result, exercise, LANGUAGES[0]) if result is not None else None
        if result is not None and drawing is not None:
            points = f"{result.score.points:g} of {result.score.possible:g} points"
            drawn.append((f"{each.learner}: {each.what}; {points}", drawing))
    return drawn


def write_gallery(path: Path, shown: Mapping[str, Iterable[tuple[str, str]]]) -> int:
    """Write the page; return how many pictures are in it."""
    parts, number = [], 0
    for exercise, pictures in shown.items():
        parts.append(f"<h2>{html.escape(exercise)}</h2>")
        for caption, drawing in pictures:
            number += 1
            image = f'<img alt="{html.escape(caption)}" src="{svg_address(drawing)}">'
            parts.append(f"<figure>{image}<figcaption>{html.escape(caption)}</figcaption></figure>")
    head = f"<meta charset=utf-8><title>Pictures of the demo</title><style>{STYLE}</style>"
    body = f"<h1>The learner's work beside the target's</h1>{''.join(parts)}"
    write_page(path, f"<!doctype html><html lang=en>{head}<body>{body}</body></html>\n")
    return number


def _one_of_each(wrong: Iterable[Made]) -> list[Made]:
    """Take the first submission of each misconception."""
    first: dict[str, Made] = {}
    for each in wrong:
        assert isinstance(each.expect, Named)
        first.setdefault(each.expect.misconception, each)
    return list(first.values())


def _spread(wrong: Sequence[Made]) -> list[Made]:
    number = min(OF_EACH, len(wrong))
    return [wrong[(2 * place + 1) * len(wrong) // (2 * number)] for place in range(number)]
