"""Honest submissions with a mistake in them: in the file, at the top level, in one function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.classroom import notebooks
from tools.classroom.made import Expectation, Full, Made, Points
from tools.classroom.material import Material, replace_functions

__all__ = ["make_broken"]


def make_broken(material: Material) -> Iterator[Made]:
    """Make submissions that are broken without malice."""
    for learner, what, files, expect in (
        *_unreadable(material),
        *_unparsable(material),
        *_stumbling(material),
        *_one_function(material),
    ):
        yield Made(learner, "broken", what, files, expect)


Broken = tuple[str, str, dict[str, bytes], Expectation]


def _unreadable(material: Material) -> Iterator[Broken]:
    script, notebook = material.name, f"{material.exercise.module}.ipynb"
    whole = notebooks.to_bytes(notebooks.notebook(notebooks.chunks(material.script)))
    no_code = notebooks.to_bytes(notebooks.notebook([]))
    for learner, what, name, content, kind in (
        ("empty-file", "an empty file", script, b"", "empty"),
        ("empty-notebook", "an empty notebook file", notebook, b"", "empty"),
        ("no-cells", "a notebook without code", notebook, no_code, "no_code_cells"),
        ("cut-off", "a notebook whose download broke off", notebook, whole[:-200], "not_json"),
        ("binary", "a file that is no text at all", script, bytes(range(256)) * 8, "encoding"),
    ):
        yield learner, what, {name: content}, Points(0, f"submission.{kind}")


def _unparsable(material: Material) -> Iterator[Broken]:
    script, notebook = material.name, f"{material.exercise.module}.ipynb"
    text = material.script
    broken = text + "\nprint('the end'\n"
    yield "syntax-error", "a bracket is missing", {script: broken.encode()}, Points(0, "raised")
    lines = text.splitlines(keepends=True)
    ours, theirs = "<<<<<<< HEAD\n", "=======\nx = 1\n>>>>>>> main\n"
    merged = "".join([*lines[:-1], ours, lines[-1], theirs])
    expect = Points(0, "submission.conflict")
    yield "merge-markers", "merge markers left in", {script: merged.encode()}, expect
    cells = notebooks.chunks(text)
    head = (f"def {material.last}(", f"class {material.last}:")
    place = next(n for n, cell in enumerate(cells) if any(each in cell for each in head))
    cells[place] = cells[place].replace("):", ")", 1)
    made = notebooks.to_bytes(notebooks.notebook(cells))
    expect = Points(material.all_but_last, "raised")
    yield "one-bad-cell", "a syntax error in one cell", {notebook: made}, expect


def _stumbling(material: Material) -> Iterator[Broken]:
    """Programs whose top level fails, while every function is right."""
    middle = {
        "fails-midway": ("a NameError in the middle", "print(no_such_name)"),
        "asks-for-input": ("input() at top level", "name = input('your name? ')"),
        "missing-data": ("opens a file that is not there", "data = open('my_data.csv').read()"),
        "missing-package": ("imports what is not installed", "import my_own_helpers"),
        "leaves-early": ("sys.exit() in the middle", "import sys\nsys.exit()"),
        "relative-import": ("a relative import", "from .helpers import *"),
    }
    for learner, (what, line) in middle.items():
        first, *rest = notebooks.chunks(material.script)
        text = "\n\n".join([first, line, *rest]) + "\n"
        yield learner, what, {material.name: text.encode()}, Full("raised")


def _one_function(material: Material) -> Iterator[Broken]:
    """Programs with all tasks right but the last."""
    last, left = material.last, material.all_but_last
    misspelt = last[0] + last[2] + last[1] + last[3:]
    bodies = {
        "misspelt": ("the last function misspelt", _renamed(material, misspelt), "misspelt"),
        "missing": ("the last function left out", _removed(material), ""),
        "not-callable": (
            "a number under its name",
            f"{material.script}\n{last} = 3\n",
            "not_callable",
        ),
        "returns-none": ("forgets to return", material.with_last("result = args"), ""),
        "prints-only": ("prints instead of returning", material.with_last("print(args)"), ""),
        "recursion": ("calls itself for ever", _recursing(material), "raised"),
        "type-error": ("adds text to a number", material.with_last("return 1 + 'x'"), "raised"),
    }
    for learner, (what, text, kind) in bodies.items():
        yield learner, what, {material.name: text.encode()}, Points(left, kind)


def _renamed(material: Material, name: str) -> str:
    tree = ast.parse(material.script)
    node = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == material.last
    )
    node.name = name
    return ast.unparse(tree) + "\n"


def _removed(material: Material) -> str:
    return replace_functions(material.script, {material.last: "\n"})


def _recursing(material: Material) -> str:
    return material.with_last(f"return {material.last}(*args, **kwargs)")
