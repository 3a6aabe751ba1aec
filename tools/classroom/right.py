"""Right programs in many styles: other people's, and the reference rewritten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.classroom import notebooks
from tools.classroom.made import Full, Made
from tools.classroom.material import Material

__all__ = ["bare", "make_right", "renamed"]


def make_right(material: Material) -> Iterator[Made]:
    """Make right programs that are written differently; notebooks and scripts in turn."""
    styles = {
        "reference": ("the reference", material.script),
        "bare": ("without comments or docstrings", bare(material.script)),
        "numpy-spelt-out": ("`import numpy`, not `as np`", _spelt_out(material.script)),
        "other-names": ("other names for local variables", renamed(material.script)),
        "tabs": ("indented by tabs", _tabs(material.script)),
        "two-spaces": ("indented by two spaces", _two_spaces(material.script)),
        "other-order": ("functions in another order", _reversed(material.script)),
        "type-hints": ("with type hints", _hinted(material.script)),
        "tests-itself": ("with asserts of its own", _with_asserts(material)),
        **{
            f"right-{number}": (f"another right way: {title}", text)
            for number, (title, text) in enumerate(material.alternatives.items(), 1)
        },
    }
    for number, (learner, (what, text)) in enumerate(styles.items()):
        if number % 2:
            made = notebooks.notebook(notebooks.chunks(text))
            files = {f"{material.exercise.module}.ipynb": notebooks.to_bytes(made)}
        else:
            files = {material.name: text.encode()}
        yield Made(learner, "right", what, files, Full())
    misnamed = {f"{material.exercise.module}.ipynb": material.script.encode()}
    yield Made("renamed", "right", "a script renamed to .ipynb", misnamed, Full())


def bare(script: str) -> str:
    """Write a program without comments and docstrings, laid out anew."""
    tree = ast.parse(script)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree) + "\n"


def _spelt_out(script: str) -> str:
    text = re.sub(r"^import numpy as np$", "import numpy", script, flags=re.MULTILINE)
    return re.sub(r"\bnp\.", "numpy.", text)


class _Renamer(ast.NodeTransformer):
    """Renames what a function assigns, not its parameters: checks may pass those by name."""

    def __init__(self, names: set[str], prefix: str) -> None:
        self._names = names
        self._prefix = prefix

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self._names:
            node.id = f"{self._prefix}{node.id}"
        return node


def renamed(script: str, prefix: str = "my_") -> str:
    """Write a program with other names for what its functions assign."""
    tree = ast.parse(script)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            parameters = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
            stored = {
                each.id
                for each in ast.walk(node)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
            inner = {
                each.arg
                for each in ast.walk(node)
                if isinstance(each, ast.arg) and each.arg not in parameters
            }
            _Renamer(stored - parameters - inner, prefix).visit(node)
    return ast.unparse(tree) + "\n"


def _indented(script: str, unit: str) -> str:
    """Indent anew what the parser wrote, so that nothing but indentation starts a line."""
    text = bare(script)
    return re.sub(
        r"^(?:    )+", lambda found: unit * (len(found[0]) // 4), text, flags=re.MULTILINE
    )


def _tabs(script: str) -> str:
    return _indented(script, "\t")


def _two_spaces(script: str) -> str:
    return _indented(script, "  ")


def _reversed(script: str) -> str:
    """Turn the order of the functions round; what is not a function stays before them."""
    tree = ast.parse(script)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    tree.body = [*others, *reversed(functions)]
    return ast.unparse(tree) + "\n"


def _hinted(script: str) -> str:
    tree = ast.parse(script)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for argument in (*node.args.posonlyargs, *node.args.args):
                argument.annotation = argument.annotation or ast.Constant("np.ndarray")
            node.returns = node.returns or ast.Constant("np.ndarray")
    return "from __future__ import annotations\n" + ast.unparse(tree) + "\n"


def _with_asserts(material: Material) -> str:
    names = ", ".join(task.name for task in material.exercise.tasks)
    return (
        f"{material.script}\n\nfor my_function in ({names},):\n    assert callable(my_function)\n"
    )
