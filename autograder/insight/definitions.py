"""A learner's functions, read from the text of their program: nothing of it runs."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from autograder.messages import clean
from autograder.model import SourceLine
from autograder.wire.protocol import Program

__all__ = ["Definition", "definitions_of", "lines_of", "parsed", "reached"]

LONGEST = 200_000  # characters of a part that is read
MOST_LINES, WIDEST = 60, 160  # of what is shown of a program
MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)  # what IPython reads before Python does


@dataclass(frozen=True)
class Definition:
    """A function or class of a program's top level.

    label: of the part in which it stands (``neuron.py``, ``cell 4``); line: where, from 1.
    calls: all names that it speaks of.
    """

    name: str
    label: str
    line: int
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    source: str
    calls: frozenset[str]


def definitions_of(program: Program) -> dict[str, Definition]:
    """Return what a program defines at its top level, by name; of several the last, as it runs.

    What cannot be read as Python, or is very long, defines nothing.
    """
    found: dict[str, Definition] = {}
    for part in program.parts:
        tree = parsed(part.source)
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names = frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
                source = part.source
                found[node.name] = Definition(
                    node.name, part.label, node.lineno, node, source, names
                )
    return found


@lru_cache(maxsize=256)
def parsed(source: str) -> ast.Module | None:
    """Read a part of a program; None where it is no Python, or too much of it."""
    if len(source) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in (source, MAGIC.sub(r"\1pass", source)):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def reached(name: str, known: Mapping[str, Definition], *, past: Collection[str] = ()) -> list[str]:
    """Return the functions that one calls, itself or through others, nearest first.

    past: functions of which it is not asked what they call.
    """
    found: list[str] = []
    waiting = [name]
    while waiting:
        definition = known.get(waiting.pop(0))
        for other in sorted(definition.calls) if definition else ():
            if other in known and other not in (*found, name):
                found.append(other)
                if other not in past:
                    waiting.append(other)
    return found


def lines_of(definition: Definition) -> tuple[SourceLine, ...]:
    """Return the lines of a function that matter: no docstring, no comment, none that is empty.

    Without control characters, and no more than can be looked at.
    """
    texts = re.split(r"\r\n|\r|\n", definition.source)
    last = definition.node.end_lineno or definition.line
    kept = [n for n in range(definition.line, last + 1) if n not in set(_told(definition.node))]
    shown = []
    for number in kept[:MOST_LINES]:
        text = texts[number - 1] if number <= len(texts) else ""
        if text.strip() and not text.lstrip().startswith("#"):
            line = clean(text).rstrip()[:WIDEST]
            shown.append(SourceLine(definition.label, number, line, definition.name))
    return tuple(shown)


def _told(node: ast.AST) -> Iterator[int]:
    """Yield the lines of docstrings."""
    for each in ast.walk(node):
        match each:
            case ast.Expr(value=ast.Constant(value=str())) as text:
                yield from range(text.lineno, (text.end_lineno or text.lineno) + 1)
