"""Wrong variants: what a learner with a known misunderstanding writes.

``misconceptions.py`` holds them as ordinary functions under the name that they replace::

    @misconception("A1.1")
    def d_sigmoid(z):
        return z * (1 - z)

A class groups the functions of one misunderstanding that shows in several. One id may have several
variants. The file is read, not run: a variant is the reference's own source with those functions
replaced, so that it can also be graded as a submission.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.errors import CourseError
from autograder.submission.places import places_of, replaced
from autograder.wire.lines import lines_in

__all__ = ["Variant", "misconception", "read_variants"]

T = TypeVar("T")


def misconception(name: str) -> Callable[[T], T]:
    """Mark a wrong variant with the id of its misconception; it changes nothing else."""
    del name

    def same(thing: T) -> T:
        return thing

    return same


@dataclass(frozen=True)
class Variant:
    """The whole program of a learner who has one misconception.

    key: the id, with an ordinal where an id has several variants: ``A1.6``, ``A1.6#2``.
    replaced: the functions that are wrong.
    line: where it stands in misconceptions.py.
    """

    key: str
    name: str
    replaced: frozenset[str]
    source: str
    line: int


def read_variants(path: Path, reference: str) -> tuple[Variant, ...]:
    """Read the variants of an exercise, in the file's order.

    Raises CourseError, located, for a variant without an id or of a function that the reference
    does not define.
    """
    if not path.is_file():
        return ()
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"is not valid Python: {error.msg}", path, error.lineno) from None
    variants: list[Variant] = []
    places = places_of(reference, decorated=False)
    for node in tree.body:
        name = _misconception_of(node)
        if name is None or not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        replacements = _replacements(node, text)
        for function, code in replacements.items():
            if function not in places:
                raise CourseError(
                    f"replaces {function!r}, which the reference does not define at its top level",
                    path,
                    node.lineno,
                )
            _must_parse(code, name, path, node.lineno)
        source = replaced(reference, places, replacements)
        count = sum(variant.name == name for variant in variants)
        key = f"{name}#{count + 1}" if count else name
        variants.append(Variant(key, name, frozenset(replacements), source, node.lineno))
    return tuple(variants)


def _misconception_of(node: ast.stmt) -> str | None:
    for decorator in getattr(node, "decorator_list", []):
        match decorator:
            case ast.Call(func=ast.Name(id="misconception"), args=[ast.Constant(value=str(name))]):
                return name
    return None


def _replacements(node: ast.FunctionDef | ast.ClassDef, text: str) -> dict[str, str]:
    """Source by name; what a variant's class holds beside functions is not carried over."""
    functions = [node] if isinstance(node, ast.FunctionDef) else node.body
    lines = lines_in(text)
    return {
        # FunctionDef.lineno is the line of `def`, below its decorators.
        function.name: _ended(lines[function.lineno - 1 : function.end_lineno])
        for function in functions
        if isinstance(function, ast.FunctionDef | ast.ClassDef)
    }


def _ended(lines: Sequence[str]) -> str:
    return textwrap.dedent("".join(lines)).rstrip("\n") + "\n"


def _must_parse(code: str, name: str, path: Path, line: int) -> None:
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise CourseError(
            f"{name} does not fit into the reference ({error.msg}): indent every line of it",
            path,
            line,
        ) from None
