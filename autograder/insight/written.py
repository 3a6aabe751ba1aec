"""A learner's functions as they are written: what each calls, and the lines of it that matter."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from autograder.messages import clean
from autograder.model import SourceLine
from autograder.submission.functions import definitions
from autograder.wire.lines import lines_in
from autograder.wire.protocol import Program

__all__ = ["Node", "Written", "lines_of", "reached", "written_in"]

MOST_LINES, WIDEST = 60, 160  # of what is shown of a program
Node: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Written:
    """A function or class of a program's top level.

    label: of the part in which it stands (``neuron.py``, ``cell 4``), whose text source is.
    calls: all names that it speaks of.
    """

    name: str
    label: str
    node: Node
    source: str
    calls: frozenset[str]


def written_in(program: Program) -> dict[str, Written]:
    """Return the functions and classes of a program, by name; of several the last, as it runs."""
    sources = {part.label: part.source for part in program.parts}
    found: dict[str, Written] = {}
    for name, each in definitions(program).items():
        node = each.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))
            found[name] = Written(name, each.label, node, sources[each.label], names)
    return found


def reached(name: str, known: Mapping[str, Written], *, past: Collection[str] = ()) -> list[str]:
    """Return the functions that one calls, itself or through others, nearest first.

    past: functions of which it is not asked what they call.
    """
    found: list[str] = []
    waiting = [name]
    while waiting:
        written = known.get(waiting.pop(0))
        for other in sorted(written.calls) if written else ():
            if other in known and other not in (*found, name):
                found.append(other)
                if other not in past:
                    waiting.append(other)
    return found


def lines_of(written: Written) -> tuple[SourceLine, ...]:
    """Return the lines of a function that matter: no docstring, no comment, none that is empty.

    Without control characters, and no more than can be looked at.
    """
    texts = lines_in(written.source)
    first = written.node.lineno
    last = written.node.end_lineno or first
    told = set(_told(written.node))
    shown = []
    for number in [n for n in range(first, last + 1) if n not in told][:MOST_LINES]:
        text = texts[number - 1] if number <= len(texts) else ""
        if text.strip() and not text.lstrip().startswith("#"):
            line = clean(text).rstrip()[:WIDEST]
            shown.append(SourceLine(written.label, number, line, written.name))
    return tuple(shown)


def _told(node: ast.AST) -> Iterator[int]:
    """Yield the lines of docstrings."""
    for each in ast.walk(node):
        match each:
            case ast.Expr(value=ast.Constant(value=str())) as text:
                yield from range(text.lineno, (text.end_lineno or text.lineno) + 1)
