"""A learner's function rewritten by machine, so that nothing of the learner's is left but its idea.

Names become the reference's parameters and ``v1``, ``v2`` …, and those that nothing defines
``undefined1`` …; comments, docstrings, annotations and what is printed go; texts that neither the
exercise nor the mistake needs become empty. What is left is checked against a list of what a
variant may use, because variants run outside the cage.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from autograder.authoring.learning.allowed import refusal
from autograder.authoring.learning.names import imported, lacking_in, other_names, undefined_in
from autograder.errors import GradeFlowError
from autograder.insight.written import Node, reached, written_in
from autograder.submission.functions import definitions
from autograder.wire.protocol import Part, Program

__all__ = ["Reference", "rewritten"]

MOST_TEXT = 4000  # characters of a variant


@dataclass(frozen=True)
class Reference:
    """What a variant will stand beside.

    nodes: the reference's functions; names: all that its top level defines or imports.
    words: the texts that the exercise's own files hold.
    """

    nodes: Mapping[str, Node]
    names: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, source: str, *files: str) -> Reference:
        """Read a reference, and the exercise's other files for the texts in them."""
        program = _program(source)
        tree = ast.parse(source)
        names = set(definitions(program))
        names |= {name for node in tree.body for name in imported(node)}
        words = {
            node.value
            for text in (source, *files)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        nodes = {name: each.node for name, each in written_in(program).items()}
        return cls(nodes, frozenset(names), frozenset(words))


def rewritten(
    program: Program, task: str, tasks: Collection[str], reference: Reference, *, texts: bool
) -> str:
    """Return a learner's function for a task, with all that it needs of theirs within it.

    tasks: functions that stay what the exercise says they are.
    texts: keep the learner's own texts too, for where the mistake hangs on one.

    Raises GradeFlowError, with the reason, where it cannot be a variant.
    """
    known = written_in(program)
    model = reference.nodes.get(task)
    if task not in known or model is None:
        raise GradeFlowError(f"its program defines no {task}")
    own = copy.deepcopy(known[task].node)
    helpers = [name for name in reached(task, known, past=tasks) if name not in tasks]
    inner = [copy.deepcopy(known[name].node) for name in helpers]
    lacking = lacking_in([own, *inner], {*helpers, *reference.names})
    before = list(_needed(program, lacking))
    if isinstance(own, ast.FunctionDef):
        own.body = [*before, *inner, *_without_docstring(own.body)] or [ast.Pass()]
    elif before or inner:
        raise GradeFlowError(f"its {task} is a class that needs more of the program")
    _Plain(reference.words, texts=texts).visit(own)
    undefined = undefined_in(program, lacking)
    names = other_names(own, model, {*tasks, *reference.names}, undefined)
    _Renamed(names).visit(own)
    _set_name(own, task)
    ast.fix_missing_locations(own)
    text = ast.unparse(own)
    why = refusal(ast.parse(text), reference.nodes, frozenset(names[name] for name in undefined))
    if why:
        raise GradeFlowError(why)
    if len(text) > MOST_TEXT:
        raise GradeFlowError(f"it is longer than {MOST_TEXT} characters")
    return text


def _program(source: str) -> Program:
    return Program("reference", (Part("reference.py", source),))


def _set_name(node: Node, name: str) -> None:
    node.name = name
    node.decorator_list = [
        each for each in node.decorator_list if not isinstance(each, ast.Name) or each.id != name
    ]


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body


def _needed(program: Program, names: Collection[str]) -> Iterator[ast.stmt]:
    """Return what a program's top level does to define names: imports, and constants."""
    found = definitions(program)
    waiting = set(names)
    for part in program.parts:
        try:
            body = ast.parse(part.source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if waiting & set(imported(node)):
                waiting -= set(imported(node))
                yield copy.deepcopy(node)
    for name in sorted(waiting & set(found)):
        value = found[name].node
        if isinstance(value, ast.expr) and not any(
            isinstance(e, ast.Call) for e in ast.walk(value)
        ):
            yield ast.Assign([ast.Name(name, ast.Store())], copy.deepcopy(value), lineno=1)


class _Plain(ast.NodeTransformer):
    """Takes out what says something and does nothing."""

    def __init__(self, words: Collection[str], *, texts: bool) -> None:
        self._words = words
        self._texts = texts

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        match node.value:
            case ast.Constant(value=str() | bytes()):
                return ast.Pass()
            case ast.Call(func=ast.Name(id="print")):
                return ast.Pass()
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        foreign = isinstance(node.value, str) and node.value not in self._words
        if foreign and not self._texts:
            node.value = ""
        node.kind = None
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        # An empty text is taken for any: what an exception says is the learner's own.
        if isinstance(node.exc, ast.Call):
            node.exc.args, node.exc.keywords = [], []
        node.cause = None
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.generic_visit(ast.Assign([node.target], node.value, lineno=node.lineno))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.type_comment = None, None
        node.body = _without_docstring(node.body) or [ast.Pass()]
        self.generic_visit(node)
        plain = [each for each in node.body if not isinstance(each, ast.Pass)]
        node.body = plain or [ast.Pass()]
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation, node.type_comment = None, None
        return node


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._names.get(node.name or "", node.name)
        return self.generic_visit(node)
