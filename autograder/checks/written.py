"""Checks of how a function is written: what a task asks to do without."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from autograder.checks.evidence import Mismatch
from autograder.model import Evidence, Fact, SourceLine
from autograder.sandbox.proxy import CallFailed, Exchange, Function
from autograder.submission.functions import Definition, definitions
from autograder.wire.protocol import Call, Missing, Name, Outcome, Program, Raised, TraceLine

__all__ = ["avoids"]

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class _Rule:
    calls: frozenset[str]
    loops: bool
    comprehensions: bool
    recursion: bool


def avoids(
    function: Function,
    *,
    calls: Collection[str] = (),
    loops: bool = False,
    comprehensions: bool = False,
    recursion: bool = False,
    misconception: str | None = None,
) -> None:
    """Demand that a function of the learner's is written without certain things.

    What is read is the function's own text and that of the learner's functions that it uses,
    wherever in the program they stand; nothing is run for it. A name counts wherever it is
    mentioned, called or not: ``key = sorted`` uses ``sorted``; so does ``x.sort()`` use ``sort``,
    and ``from heapq import nsmallest as n`` makes ``n`` stand for ``nsmallest``. A function of the
    learner's own under such a name is theirs to use. It is a rule of the course, not a protection:
    ``eval`` and ``getattr`` get around it. So put it in a check that asks for a value too.

    calls: names of functions and methods, without what stands before a dot.
    loops: whether ``for`` and ``while`` are to be avoided; comprehensions are not meant by it.
    comprehensions: whether those of lists, sets and dicts, and generator expressions, are.
    recursion: whether it is, that a function calls itself, directly or by another.
    misconception: the id of the misunderstanding that it proves, if it proves one.

    Raises Mismatch with the learner's line; CallFailed where the function is missing, or not
    written yet; TypeError for what is no function of the learner's by name.
    """
    if not isinstance(function.target, Name):
        raise TypeError("avoids takes a function by its name: student.f")
    if function.program is None:
        return  # the reference in the learner's place: an audit has read it as a submission
    name = function.target.name
    known = definitions(function.program)
    if name not in known:
        if name not in function.session.load().names:
            raise _failed(function, Missing(name))
        raise Mismatch(Evidence("unread", facts={"function": name}))
    if (todo := _unwritten(known[name])) is not None:
        raise _failed(function, todo)
    rule = _Rule(frozenset(calls), loops, comprehensions, recursion)
    found = next(_offences(name, known, rule), None)
    if found is not None:
        raise Mismatch(_told(found, function.program), misconception=misconception)


@dataclass(frozen=True)
class _Offence:
    kind: str
    where: Definition
    line: int
    used: str = ""


def _offences(name: str, known: Mapping[str, Definition], rule: _Rule) -> Iterator[_Offence]:
    """Find what breaks the rule in a function and in those that it leads to, nearest first."""
    waiting, leads = [name], {name: {name}}
    while waiting:
        current = waiting.pop(0)
        definition = known[current]
        for node in _parts(definition):
            line = getattr(node, "lineno", 1)
            if rule.loops and isinstance(node, LOOPS):
                yield _Offence("uses_loop", definition, line)
            if rule.comprehensions and isinstance(node, COMPREHENSIONS):
                yield _Offence("uses_comprehension", definition, line)
            for used in _mentioned(node):
                own = known.get(used) if isinstance(node, ast.Name) else None
                if own is None or (isinstance(own.node, ast.Name) and own.node.id == used):
                    if used in rule.calls:
                        yield _Offence("uses_name", definition, line, used)
                elif used in leads[current] and isinstance(own.node, FUNCTIONS):
                    if rule.recursion:
                        yield _Offence("uses_itself", definition, line)
                elif used not in leads:
                    leads[used] = {*leads[current], used}
                    waiting.append(used)


def _parts(definition: Definition) -> Iterator[ast.AST]:
    """Walk a definition without what it merely names itself, in the order of its lines."""
    node = definition.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inside = [each for statement in node.body for each in ast.walk(statement)]
        inside += [each for default in node.args.defaults for each in ast.walk(default)]
    else:
        inside = list(ast.walk(node))
    local = _bound(node)
    found = [each for each in inside if not (isinstance(each, ast.Name) and each.id in local)]
    return iter(sorted(found, key=lambda each: getattr(each, "lineno", 0)))


def _bound(node: ast.AST) -> set[str]:
    """Return the names that a function gives a meaning of its own."""
    names = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    stored = (ast.Store, ast.Del)
    found = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    return names | {each.id for each in found if isinstance(each.ctx, stored)}


def _mentioned(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(attr=name):
            return (name,)
        case ast.ImportFrom(names=names):
            return tuple(each.name for each in names)
    return ()


def _unwritten(definition: Definition) -> Raised | None:
    """Return what a stub does when it is called, where the function is one still."""
    body = list(getattr(definition.node, "body", ())) if _is_def(definition.node) else []
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        del body[0]
    match body:
        case [ast.Raise(exc=exc, lineno=line)] if "NotImplementedError" in ast.dump(
            exc or ast.Constant(0)
        ):
            trace = (TraceLine(definition.label, line, definition.name),)
            return Raised("NotImplementedError", "", trace)
    return None


def _is_def(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _failed(function: Function, outcome: Outcome) -> CallFailed:
    exchange = Exchange(Call(function.target), outcome)
    function.recorder.keep(exchange)
    return CallFailed(exchange)


def _told(found: _Offence, program: Program) -> Evidence:
    where = found.where
    text = next(part.source for part in program.parts if part.label == where.label)
    line = text.split("\n")[found.line - 1].strip()[:200]
    facts: dict[str, Fact] = {"function": where.name}
    if found.used:
        facts["used"] = found.used
    shown = (SourceLine(where.label, found.line, line, where.name),)
    return Evidence(found.kind, facts=facts, lines=shown)
