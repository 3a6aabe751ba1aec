"""What the text of a program defines, read and never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from autograder.wire.protocol import Program

__all__ = ["Definition", "definitions"]

LONGEST = 200_000  # characters of a part that are read
# What IPython adds to Python's syntax: magics, commands of the shell, questions.
MAGIC = re.compile(r"^([ \t]*)(?:%|!|\?).*$|^([ \t]*)[\w.]+\?\??[ \t]*$", re.MULTILINE)
MAGIC_VALUE = re.compile(r"^([ \t]*+\w[\w, ]*+=[ \t]*+)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Definition:
    """What a name stands for at a program's top level, as it was written last.

    label: the part that it stands in. node: a function, a class, or the value of an assignment; of
    an import, the name of what is imported.
    """

    name: str
    label: str
    node: ast.AST


def definitions(program: Program) -> Mapping[str, Definition]:
    """Return what a program's text defines at its top level, by name.

    A part that is no Python, or longer than 200,000 characters, defines nothing here.
    """
    found: dict[str, Definition] = {}
    for part in program.parts:
        for name, node in _stated(part.source).items():
            found[name] = Definition(name, part.label, node)
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def _stated(source: str) -> dict[str, ast.AST]:
    if len(source) > LONGEST:
        return {}
    plain = MAGIC_VALUE.sub(r"\1None", MAGIC.sub(r"\1\2pass", source))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the learner's own text: "\d" in a string
            return dict(_names(ast.parse(plain).body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _names(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Assign(targets=targets, value=value):
                yield from ((each.id, value) for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.ImportFrom(names=names):
                for each in names:
                    original = ast.Name(each.name, ast.Load(), lineno=node.lineno)
                    yield each.asname or each.name, original
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                for inner in ("body", "handlers", "orelse", "finalbody"):
                    for each in getattr(node, inner, ()):
                        yield from _names(
                            each.body if isinstance(each, ast.ExceptHandler) else [each]
                        )
