"""Whether a function fails because its parameters are not the task's: in another order, too many.

A check passes its arguments by position, so ``def gate(w, b, X)`` meets them in the wrong places,
and stops somewhere inside, or returns something, which says nothing of the reason. That the order
is the reason is proved by asking once more, with each argument under its name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from autograder.catalogue import Exercise
from autograder.checks.compare import difference
from autograder.diagnosis.answers import alike
from autograder.diagnosis.asking import Room, is_quick
from autograder.diagnosis.match import holds_handle
from autograder.model import Diagnosis, Fact
from autograder.sandbox.proxy import Exchange
from autograder.submission.functions import definitions
from autograder.wire.protocol import Call, Code, Name, Outcome, Part, Program, Raised, Returned

__all__ = ["asked_parameters", "misplaced"]

MOST_TRIED = 4  # calls of a check; where the order matters to none of them, it is not the reason
MOST_NODES = 200  # of a list of parameters that is read
LONGEST = 160  # characters of a list of parameters that is shown
# Python's words where a call does not fit a function, or the class that it makes an object of.
OF_METHOD = re.compile(r"(\w+\.(\w+))\(\) (?:takes|missing)")
UNFIT = re.compile(
    r"(?:(\w+)\.__init__|(\w+))\(\) (?:takes|missing|got an unexpected|got multiple)"
)


def asked_parameters(exercise: Exercise) -> dict[str, str]:
    """Return by task the parameters of what is to be written: ``Z, axis=-1``.

    Of a class those of its ``__init__``, without the object itself; of what is neither a function
    nor a class, nothing.
    """
    if exercise.released:
        return exercise.parameters
    source = exercise.source.read_text(encoding="utf-8")
    program = Program(exercise.module, (Part(exercise.source.name, source),))
    return dict(_stated(program, exercise.wanted))


@lru_cache(maxsize=2)
def _stated(program: Program, names: tuple[str, ...]) -> Mapping[str, str]:
    known = definitions(program)
    found = {}
    for name in names:
        stated = known.get(name)
        arguments = _arguments(stated.node) if stated else None
        if arguments is not None and _is_short(arguments):
            with suppress(ValueError, RecursionError):  # a number of too many digits to be written
                found[name] = ast.unparse(_bare(arguments))
    return found


def misplaced(
    departures: Iterable[Exchange], program: Program, wanted: Mapping[str, str], room: Room
) -> Diagnosis | None:
    """Find a function that fails for its parameters, and say which it has and which it was to have.

    departures: calls of which the reference makes something else.
    wanted: by task, its parameters, as :func:`asked_parameters` writes them.
    """
    for exchange in islice(departures, MOST_TRIED):
        if method := _without_self(exchange.outcome, program, wanted):
            _, _, last = method.partition(".")
            return Diagnosis("no_self", facts={"function": method, "method": last})
        name = (
            _refusing(exchange.outcome)
            or _taking_others(exchange, program, wanted, room)
            or _stopped_in(exchange, program, wanted)
        )
        own = _stated(program, tuple(wanted)).get(name)
        if own is not None and own != wanted[name]:
            shown = own if len(own) <= LONGEST else f"{own[:LONGEST]}…"
            facts: dict[str, Fact] = {"function": name, "own": shown, "meant": wanted[name]}
            return Diagnosis("parameters", facts=facts)
    return None


def _arguments(node: ast.AST) -> ast.arguments | None:
    """Return a definition's parameters; None where they cannot be read."""
    if isinstance(node, ast.ClassDef):
        made = (each for each in node.body if isinstance(each, ast.FunctionDef))
        node = next((each for each in made if each.name == "__init__"), node)
        if not isinstance(node, ast.FunctionDef) or not node.args.args:
            return None
        return _with(node.args, args=node.args.args[1:])  # the object itself is not the caller's
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return None
    return node.args


def _is_short(arguments: ast.arguments) -> bool:
    return next(islice(ast.walk(arguments), MOST_NODES, None), None) is None


def _bare(arguments: ast.arguments) -> ast.arguments:
    """Leave out what is said of types."""
    lists = ("posonlyargs", "args", "kwonlyargs")
    return _with(
        arguments,
        **{field: [ast.arg(each.arg) for each in getattr(arguments, field)] for field in lists},
    )


def _with(arguments: ast.arguments, **changed: list[ast.arg]) -> ast.arguments:
    fields = {field: getattr(arguments, field) for field in ast.arguments._fields}
    return ast.arguments(**(fields | changed))


def _refusing(outcome: Outcome) -> str:
    """Return the function that cannot be called as a check calls it, by Python's words."""
    if not isinstance(outcome, Raised) or outcome.kind != "TypeError" or outcome.trace:
        return ""  # a call on a line of the learner's own is theirs
    said = UNFIT.match(outcome.message)
    return said[1] or said[2] if said else ""


def _stopped_in(exchange: Exchange, program: Program, wanted: Mapping[str, str]) -> str:
    """Return the function in which a probe stopped, where its names are the task's in other order.

    Within a probe of ours nothing can be asked again; but it, too, gives its arguments by position.
    """
    outcome = exchange.outcome
    if not isinstance(exchange.call.target, Code) or not isinstance(outcome, Raised):
        return ""
    within = {at.function for at in outcome.trace[:1]}
    own = _stated(program, tuple(wanted))
    for name in wanted.keys() & own.keys():
        mine, meant = _names(own[name]), _names(wanted[name])
        made = "__init__" if _is_class(program, name) else name
        if made in within and mine != meant and sorted(mine) == sorted(meant):
            return name
    return ""


def _is_class(program: Program, name: str) -> bool:
    return isinstance(definitions(program)[name].node, ast.ClassDef)


def _without_self(outcome: Outcome, program: Program, names: Iterable[str]) -> str:
    """Return the method that an exception is about where it uses ``self`` and does not take it."""
    if not isinstance(outcome, Raised):
        return ""
    lacking = _selfless(program, tuple(names))
    if said := OF_METHOD.match(outcome.message):
        method = lacking.get(said[2], "")
        return method if method == said[1] else ""
    unknown = outcome.kind == "NameError" and outcome.trace
    return lacking.get(outcome.trace[-1].function, "") if unknown else ""


@lru_cache(maxsize=2)
def _selfless(program: Program, names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the methods that use ``self`` and do not take it, with their classes."""
    known = definitions(program)
    found = {}
    for stated in (known[name] for name in names if name in known):
        body = stated.node.body if isinstance(stated.node, ast.ClassDef) else []
        for node in body:
            if isinstance(node, ast.FunctionDef) and _lacks_self(node):
                found[node.name] = f"{stated.name}.{node.name}"
    return found


def _lacks_self(method: ast.FunctionDef) -> bool:
    """Tell whether ``self`` is read in a method and comes from nowhere: no parameter, no line."""
    read = False
    for node in ast.walk(method):
        match node:
            case ast.Name(id="self", ctx=ast.Load()):
                read = True
            case ast.Name(id="self") | ast.arg(arg="self"):
                return False
    return read


def _taking_others(
    exchange: Exchange, program: Program, wanted: Mapping[str, str], room: Room
) -> str:
    """Return the called function where its arguments, each under its name, make another outcome."""
    call = exchange.call
    name = call.target.name if isinstance(call.target, Name) else ""
    own = _stated(program, tuple(wanted)).get(name)
    places = _places(own, wanted[name], len(call.args)) if own is not None else None
    if places is None or holds_handle(call.args) or call.keep or not is_quick(exchange):
        return ""
    if not room.bound.left():
        return ""
    named = dict(zip(places, call.args, strict=False)) | call.kwargs
    mine = room.bound.call(room.learner, Call(call.target, (), named))
    if set(places) == set(_names(wanted[name])):
        proved = not alike(mine, exchange.outcome)
    else:  # a name of their own stands for one of the task's: only the right value proves that
        proved = _is_right(mine, room.bound.call(room.reference, call))
    return name if proved else ""


def _is_right(mine: Outcome, right: Outcome) -> bool:
    if not isinstance(mine, Returned) or not isinstance(right, Returned):
        return False
    return difference(mine.value, right.value, rtol=1e-6) is None


def _places(own: str, wanted: str, given: int) -> list[str] | None:
    """Return for each argument the learner's name for it; None where the names stand as wanted.

    Names that only one side has belong to each other, in their order.
    """
    mine, meant = _names(own), _names(wanted)
    shared = set(mine) & set(meant)
    if not len(mine) == len(meant) >= given or len(set(mine)) != len(mine) or not shared:
        return None
    rest = iter([each for each in mine if each not in shared])
    named = [each if each in shared else next(rest) for each in meant]
    return named[:given] if named != mine else None


def _names(parameters: str) -> list[str]:
    """Return the names of parameters that take their arguments by position or by name."""
    function = ast.parse(f"def f({parameters}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    stated = function.args
    if stated.posonlyargs or stated.vararg or stated.kwonlyargs or stated.kwarg:
        return []
    return [each.arg for each in stated.args]
