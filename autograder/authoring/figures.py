"""The figures of an exercise's prose, drawn by the source's own code when the course is built.

A figure's function gets an empty matplotlib figure, and may use all that the source defines. It
runs here alone, on the trusted side. The picture is a PNG, because JupyterLab shows no SVG that is
attached to a cell, and editors show an SVG as its source. It has a white ground of its own, for a
notebook may be dark.

Another version of matplotlib draws the same picture with other bytes. So each picture carries a
digest of the code that made it, and is stale only if that differs.
"""

from __future__ import annotations

import ast
import hashlib
import io
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.captions import file_of, function_of
from autograder.authoring.source import Cell
from autograder.catalogue import Exercise
from autograder.errors import CourseError
from autograder.sandbox.quiet import import_quietly

__all__ = ["KEY", "MOST_BYTES", "STYLE", "digest_in", "draw_figures"]

MOST_BYTES = 30_000
KEY = "GradeFlow"
"""Under which text of a PNG its digest stands."""
COLOURS = 96  # of the picture's palette, shades at the edges of lines included
INK, PALE = "#333333", "#d9d9d9"
# Okabe and Ito's colours, which colour-blind readers tell apart too: "C0" to "C5" in a figure.
COLOUR_CYCLE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
STYLE: Mapping[str, Any] = {
    "figure.figsize": (8.0, 3.2),
    "figure.dpi": 120,  # 960 pixels: as wide as a cell, and a browser only makes it smaller
    "savefig.dpi": 120,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "axes.facecolor": "white",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": f"cycler('color', {COLOUR_CYCLE})",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "font.family": "DejaVu Sans",  # it comes with matplotlib
    "font.size": 11,
    "text.color": INK,
    "mathtext.fontset": "cm",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
}


def draw_figures(
    exercise: Exercise, cells: Sequence[Cell], kept: Path | None = None
) -> dict[str, bytes]:
    """Draw an exercise's figures, and return each as a PNG by the name of its file.

    kept: a folder with pictures of an earlier build; one that the same code drew stays.

    Raises CourseError, located, where a figure's code fails, draws nothing or draws too much.
    """
    pictures: dict[str, bytes] = {}
    scope: dict[str, Any] | None = None
    for cell in cells:
        if cell.figure is None:
            continue
        file, digest = file_of(cell.figure), _digest(cell, cells)
        old = (kept / file).read_bytes() if kept and (kept / file).is_file() else b""
        if digest_in(old) == digest:
            pictures[file] = old
        else:
            scope = _run_source(exercise) if scope is None else scope
            pictures[file] = _drawn(exercise, cell, digest, scope)
    return pictures


def digest_in(picture: bytes) -> str | None:
    """Read which code drew a picture; None if the bytes are no picture of ours."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
            found = image.info.get(KEY)
    except (OSError, SyntaxError, ValueError):  # Pillow raises any of them for damaged bytes
        return None
    return found if isinstance(found, str) else None


def _run_source(exercise: Exercise) -> dict[str, Any]:
    """Run the source, for figures use its functions; with its own name, lines match the file's."""
    import_quietly(exercise.framework)
    scope: dict[str, Any] = {"__name__": exercise.module}
    text = exercise.source.read_text(encoding="utf-8")
    try:
        exec(compile(text, str(exercise.source), "exec"), scope)  # noqa: S102 - the author's own
    except Exception as error:
        raise _failed(exercise, "the source cannot be run to draw its figures", error) from None
    return scope


def _drawn(exercise: Exercise, cell: Cell, digest: str, scope: Mapping[str, Any]) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    name = str(cell.figure)
    with warnings.catch_warnings(), matplotlib.rc_context():
        # A character that the font lacks would come out as a box.
        warnings.filterwarnings("error", message="Glyph")
        matplotlib.rcdefaults()
        settings: Any = matplotlib.rcParams  # which names there are depends on the version
        settings.update(STYLE)
        figure = Figure()
        try:
            scope[function_of(name)](figure)
            raw = io.BytesIO()
            figure.savefig(raw, format="png", metadata={"Software": None})
        except Exception as error:
            raise _failed(exercise, f"the figure {name!r} cannot be drawn", error, cell) from None
    if not figure.axes:
        told = f"the figure {name!r} is empty: draw on fig.subplots(), not with pyplot"
        raise CourseError(told, exercise.source, cell.line)
    picture = _small(raw, digest)
    if len(picture) > MOST_BYTES:
        told = f"the figure {name!r} has {len(picture)} bytes, more than {MOST_BYTES}: draw less"
        raise CourseError(told, exercise.source, cell.line)
    return picture


def _small(raw: io.BytesIO, digest: str) -> bytes:
    """Write a picture anew with few colours: a third of the bytes, and no less clear."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text(KEY, digest)
    made = io.BytesIO()
    with Image.open(raw) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(made, "PNG", optimize=True, pnginfo=told)
    return made.getvalue()


def _digest(cell: Cell, cells: Sequence[Cell]) -> str:
    texts = [repr(sorted(STYLE.items())), str(COLOURS), *_stands_on(cell, cells)]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


def _stands_on(cell: Cell, cells: Sequence[Cell]) -> Iterator[str]:
    """Yield a figure's code, and that of every cell whose names it uses, also through others."""
    trees = {id(each): ast.parse(each.text) for each in cells if each.kind == "code"}
    reached = [cell]
    for current in reached:
        nodes = ast.walk(trees[id(current)])
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        for each in cells:
            if id(each) in trees and each not in reached and used & _defined(trees[id(each)]):
                reached.append(each)
    return (each.text for each in reached)


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _failed(
    exercise: Exercise, what: str, error: Exception, cell: Cell | None = None
) -> CourseError:
    path = str(exercise.source)
    trace = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(trace) if frame.filename == path), None)
    told = f"{what} ({type(error).__name__}: {error}): mend this line"
    if "Glyph" in str(error):  # it comes when the picture is saved, so no line is known
        told = f"{what}: no font has {error}: use mathematics, and put words into the caption"
    return CourseError(told, exercise.source, line or (cell.line if cell else None))
