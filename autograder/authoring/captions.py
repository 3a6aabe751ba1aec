"""Where prose shows a figure: a picture with its alternative text, and below it the caption.

In the source this is plain Markdown, in each language, so that an editor shows it as it is::

    # ![A slanted line parts one corner of a square from the other three.](line.png)
    #
    # **Figure.** The line $x_1 + x_2 = 1.5$ is AND.

A notebook gets the picture as an attachment of that very cell. A script cannot show it: there the
caption names the file that lies beside it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.authoring.source import Cell
from autograder.catalogue import Exercise
from autograder.errors import CourseError

__all__ = [
    "drawing_functions",
    "faults_of_figures",
    "file_of",
    "files_shown",
    "function_of",
    "in_notebook",
    "in_script",
]

NAME = re.compile(r"[a-z][a-z0-9_]*")
LINK = re.compile(r"\]\((?P<name>[a-z][a-z0-9_]*)\.png\)")
# A language that is not here has the English word.
CAPTIONS = {"en": "**Figure.** ", "zh": "**图。** "}
SHOWN = re.compile(
    r"^!\[(?P<alt>[^\]]*)\]\((?P<name>[a-z][a-z0-9_]*)\.png\)\n"
    r"\n(?P<caption>\*\*Figure\.\*\* |\*\*图。\*\* )(?=\S)",
    re.MULTILINE,
)
IN_SCRIPT = {"en": "**Figure ({}).** ", "zh": "**图（{}）。** "}


def file_of(name: str) -> str:
    """Return the file that a figure is released as."""
    return f"{name}.png"


def function_of(name: str) -> str:
    """Return the function that draws a figure; the prefix keeps it apart from what tasks define."""
    return f"draw_{name}"


def drawing_functions(cells: Sequence[Cell]) -> frozenset[str]:
    """Name the functions that draw figures: no check runs them."""
    return frozenset(function_of(cell.figure) for cell in cells if cell.figure is not None)


def files_shown(text: str) -> tuple[str, ...]:
    """Find the pictures that a cell of prose shows, in order."""
    return tuple(file_of(found["name"]) for found in SHOWN.finditer(text))


def in_notebook(text: str) -> str:
    """Make the pictures of a cell's prose attachments of the cell."""
    return SHOWN.sub(lambda found: found[0].replace("](", "](attachment:", 1), text)


def in_script(text: str) -> str:
    """Put the name of its file into each caption, in place of the picture."""
    languages = {caption: language for language, caption in CAPTIONS.items()}

    def named(found: re.Match[str]) -> str:
        return IN_SCRIPT[languages[found["caption"]]].format(file_of(found["name"]))

    return SHOWN.sub(named, text)


def faults_of_figures(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    """Find what is wrong with figures' cells and with the prose that shows them, with its line."""
    path = exercise.source
    names: dict[str, Cell] = {}
    for cell in cells:
        if cell.figure is not None:
            told = _fault_of_cell(cell, names)
            names.setdefault(cell.figure, cell)
            if told:
                yield CourseError(told, path, cell.line)
    shown: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        language = cell.language or exercise.languages[0]
        if cell.kind == "prose" and language in exercise.languages:
            for link in LINK.finditer(cell.text):
                shown[link["name"], language] += 1
                line = cell.line + cell.text[: link.start()].count("\n")
                told = _fault_of_place(cell, link, names)
                if told:
                    yield CourseError(told, path, line)
    for name, cell in names.items():
        for language in exercise.languages:
            if shown[name, language] != 1:
                often = "never" if not shown[name, language] else "more than once"
                told = f'the figure {name!r} is shown {often} in prose with lang="{language}": '
                yield CourseError(f"{told}write ![…]({file_of(name)}) once", path, cell.line)


def _fault_of_cell(cell: Cell, known: dict[str, Cell]) -> str:
    name = str(cell.figure)
    if cell.kind == "prose" or cell.task is not None:
        return "a figure's cell holds its code alone: remove figure"
    if not NAME.fullmatch(name):
        return f"{name!r} is no figure's name: use small letters, digits and underscores"
    if name in known:
        return f"the figure {name!r} has a second cell; the first is on line {known[name].line}"
    try:
        body = ast.parse(cell.text).body
    except SyntaxError:  # told of with every other cell
        return ""
    match body:
        case [ast.FunctionDef(name=function, args=ast.arguments(args=[_]))]:
            if function == function_of(name):
                return ""
    # Whatever else stood there would run with the reference, each time that somebody is graded.
    return f"the cell of figure {name!r} must hold {function_of(name)}(fig) and nothing else"


def _fault_of_place(cell: Cell, link: re.Match[str], known: dict[str, Cell]) -> str:
    if link["name"] not in known:
        return f'no cell draws {file_of(link["name"])}: add `# %% figure="{link["name"]}"`'
    place = next(
        (found for found in SHOWN.finditer(cell.text) if link.start() in _span(found)), None
    )
    caption = CAPTIONS.get(str(cell.language), CAPTIONS["en"])
    if place is None or place["caption"] != caption:
        return (
            f"a figure stands in a line of its own, and `{caption.strip()} …` in the next paragraph"
        )
    if not place["alt"].strip():
        return "a figure without alternative text: say between ![ and ] what is to be seen in it"
    return ""


def _span(found: re.Match[str]) -> range:
    return range(found.start(), found.end())
