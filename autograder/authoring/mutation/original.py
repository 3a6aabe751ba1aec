"""A parsed program with its text, so that one fragment can be changed and the rest kept."""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.wire.lines import lines_in

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Edit", "Number", "Original", "Scope", "called", "compiled", "lines_of", "literal"]

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
COMMENT = re.compile(r"#[^\r\n]*")
ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call)
BARE_ONLY_INSIDE_BRACKETS = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Starred)
TIGHT = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Attribute, ast.Subscript, ast.Await)

Number = bool | int | float
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@dataclass(frozen=True)
class Edit:
    """One change of the text: characters ``start`` to ``end`` become ``text``."""

    operator: str
    start: int
    end: int
    text: str


class Original:
    """Source text with its syntax tree; positions are character offsets into ``source``.

    Raises `CourseError` with the line when the source is not Python.
    """

    def __init__(self, source: str, filename: str) -> None:
        self.source = source
        self.filename = filename
        try:
            self.tree = compiled(source, filename)
        except SyntaxError as error:
            told = f"not Python, so no mutants can be made: {error.msg}"
            raise CourseError(told, Path(filename), error.lineno) from error
        except ValueError as error:
            told = f"not Python, so no mutants can be made: {error}"
            raise CourseError(told, Path(filename)) from error
        self.starts = [match.start() for match in LINE.finditer(source)]
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def offset(self, line: int, column: int) -> int:
        """Turn the parser's line (from 1) and column (in UTF-8 bytes) into a character offset."""
        start = self.starts[line - 1]
        ahead = self.source[start : start + column]
        if ahead.isascii():
            return start + column
        return start + len(ahead.encode()[:column].decode())

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return lines_of(self.source)

    def line(self, offset: int) -> int:
        """Line, counted from 1, of a character offset."""
        return bisect.bisect_right(self.starts, offset)

    def span(self, node: ast.stmt | ast.expr | ast.keyword) -> tuple[int, int]:
        """First character of a node and the one after its last."""
        if node.end_lineno is None or node.end_col_offset is None:
            raise ValueError("a parsed node has an end")
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def text(self, node: ast.stmt | ast.expr | ast.keyword) -> str:
        """Give a node as its author wrote it."""
        start, end = self.span(node)
        return self.source[start:end]

    def outer_span(self, node: ast.expr) -> tuple[int, int]:
        """Span of a node with the parentheses right around it."""
        start, end = self.span(node)
        while True:
            before = len(self.source[:start].rstrip()) - 1
            after = end + len(self.source[end:]) - len(self.source[end:].lstrip())
            if before < 0 or self.source[before] != "(" or self.source[after : after + 1] != ")":
                return start, end
            start, end = before, after + 1

    def between(self, start: int, end: int, pattern: str) -> tuple[int, int] | None:
        """Where ``pattern`` stands between two offsets, comments aside."""
        gap = COMMENT.sub(lambda found: " " * len(found[0]), self.source[start:end])
        found = re.search(pattern, gap)
        return None if found is None else (start + found.start(), start + found.end())

    def operand(self, node: ast.expr) -> str:
        """Text of a node that binds tightly enough to stand beside any operator."""
        text = self.text(node)
        return text if isinstance(node, ATOMS) and "\n" not in text else f"({text})"

    def grouped(self, node: ast.expr, text: str, inner: ast.expr | None = None) -> str:
        """Parenthesise ``text`` if it would otherwise not stay together in the place of ``node``.

        ``inner`` is the node that ``text`` was taken from, if it was taken from one.
        """
        start, end = self.span(node)
        if self.outer_span(node) != (start, end):
            return text
        parent = self.parents[node]
        tight = isinstance(parent, TIGHT) or (isinstance(parent, ast.Call) and parent.func is node)
        loose = tight and not isinstance(inner, ATOMS)
        bare = isinstance(inner, BARE_ONLY_INSIDE_BRACKETS)
        return f"({text})" if loose or bare or "\n" in text or "\r" in text else text

    def replace(self, operator: str, node: ast.stmt | ast.expr, text: str) -> Edit:
        """Edit that puts ``text`` in the place of a node."""
        return Edit(operator, *self.span(node), text)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Iterate over the nodes around a node, innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def scope(self, node: ast.AST) -> Scope | None:
        """Find the function or class that a node stands in."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        return next((outer for outer in self.above(node) if isinstance(outer, kinds)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """Find the innermost statement that holds a node, or is it."""
        if isinstance(node, ast.stmt):
            return node
        return next(outer for outer in self.above(node) if isinstance(outer, ast.stmt))

    @cached_property
    def modules(self) -> frozenset[str]:
        """Names that imports bind: ``np`` in ``np.exp`` is a module, not a value."""
        return frozenset(
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        )

    @cached_property
    def defined(self) -> frozenset[str]:
        """Names of the functions and methods that the program itself defines."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return frozenset(node.name for node in ast.walk(self.tree) if isinstance(node, kinds))

    def of_module(self, function: ast.expr) -> bool:
        """Whether a call reads ``np.linalg.norm(x)`` rather than ``x.norm()``."""
        while isinstance(function, ast.Attribute):
            function = function.value
        return isinstance(function, ast.Name) and function.id in self.modules


def compiled(source: str, filename: str) -> ast.Module:
    """Parse and compile without a warning, and give the tree.

    Raises SyntaxError, or ValueError for text that cannot be source at all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source, filename)
        compile(tree, filename, "exec", dont_inherit=True)
    return tree


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without their ends."""
    return [line.rstrip("\r\n") for line in lines_in(text)]


def called(node: ast.AST) -> str:
    """Name what a call calls (``exp`` for ``np.exp(z)``); of anything else, nothing."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literal(node: ast.AST | None) -> Number | None:
    """Read the number that a literal such as ``3``, ``-0.5`` or ``True`` writes down."""
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    if not isinstance(inner, ast.Constant) or not isinstance(inner.value, bool | int | float):
        return None
    if negative and isinstance(inner.value, bool):
        return None
    return -inner.value if negative else inner.value
