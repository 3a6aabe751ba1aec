"""Operators on what is passed to a call or a subscript: axes, dtypes, ranges, slices, order."""

from __future__ import annotations

import ast
from enum import Enum, auto
from typing import TYPE_CHECKING

from autograder.authoring.mutation.original import Edit, Number, Original, called, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Role", "argument_order", "axes", "axis", "dtype", "kind", "ranges", "role", "slices"]

AXIS = frozenset({"axis", "dim"})
KEEPDIMS = frozenset({"keepdims", "keepdim"})
REDUCTIONS = frozenset(
    {
        "sum",
        "mean",
        "max",
        "min",
        "amax",
        "amin",
        "argmax",
        "argmin",
        "any",
        "all",
        "std",
        "var",
        "prod",
        "cumsum",
        "median",
        "sort",
        "argsort",
        "concatenate",
        "stack",
        "expand_dims",
        "softmax",
        "log_softmax",
        "logsumexp",
    }
)
SAME_WITHOUT_AXIS = {"concatenate": 0, "stack": 0, "sort": -1, "argsort": -1, "diff": -1}
"""NumPy's own defaults: dropping such an axis changes nothing."""
SHAPED = frozenset({"reshape", "view", "transpose", "swapaxes", "moveaxis", "permute"})
COUNTED = frozenset({"range", "arange"})
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult, ast.Pow)
TWO_SIDED = frozenset({"dot", "matmul", "outer", "subtract", "divide", "power"})


class Role(Enum):
    """The part that a literal plays; it decides what the literal may become."""

    PLAIN = auto()
    AXIS = auto()
    KEEPDIMS = auto()
    DEFAULT = auto()
    HANDLED_ELSEWHERE = auto()


def role(node: ast.AST, original: Original) -> Role:
    """Find the part that a literal plays where it stands."""
    parent = original.parents.get(node)
    if isinstance(parent, ast.keyword):
        return _named(parent.arg or "", Role.PLAIN)
    if isinstance(parent, ast.arguments):
        return _named(_parameter(parent, node), Role.DEFAULT)
    if isinstance(parent, ast.Call):
        if node is _positional_axis(parent, original):
            return Role.AXIS
        if called(parent) in SHAPED or _is_bound_of_range(node, parent):
            return Role.HANDLED_ELSEWHERE
    if isinstance(parent, ast.Subscript) and _is_shape(parent.value):
        return Role.AXIS
    if isinstance(parent, ast.Slice):
        return Role.PLAIN if node is parent.step else Role.HANDLED_ELSEWHERE
    if isinstance(parent, ast.Tuple):
        around = original.parents[parent]
        if isinstance(around, ast.keyword) and around.arg in AXIS:
            return Role.HANDLED_ELSEWHERE
        if called(around) in SHAPED:
            return Role.HANDLED_ELSEWHERE
    negated = isinstance(parent, ast.UnaryOp) and literal(parent) is not None
    return Role.HANDLED_ELSEWHERE if negated else Role.PLAIN


def axes(number: Number) -> list[str]:
    """Write down another axis than the one given."""
    return ["1" if number == 0 else "0"]


def axis(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Leave out the axis of a reduction."""
    if not isinstance(node, ast.Call):
        return
    positional = _positional_axis(node, original)
    named = (keyword for keyword in node.keywords if keyword.arg in AXIS)
    arguments: list[ast.expr | ast.keyword] = [*([positional] if positional else []), *named]
    for given in arguments:
        value = given.value if isinstance(given, ast.keyword) else given
        default = SAME_WITHOUT_AXIS.get(called(node)) if original.of_module(node.func) else None
        nothing = isinstance(value, ast.Constant) and value.value is None
        same = default is not None and literal(value) == default
        if not (nothing or same):
            yield _without("axis", node, given, original)


def kind(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Leave out ``kind="stable"``: equal items may then change places."""
    if isinstance(node, ast.Call) and called(node) in ("sort", "argsort"):
        for keyword in node.keywords:
            if keyword.arg == "kind":
                yield _without("kind", node, keyword, original)


def dtype(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Ask for whole numbers where ``dtype=`` asks for floats, for floats where not."""
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        if keyword.arg != "dtype" or literal(keyword.value) is not None:
            continue
        value = keyword.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            other = '"int64"' if "float" in value.value else '"float64"'
        elif isinstance(value, ast.Name) and value.id in ("float", "int", "bool"):
            other = "int" if value.id == "float" else "float"
        elif isinstance(value, ast.Attribute) and original.of_module(value):
            module = original.text(value.value)
            other = f"{module}.int64" if "float" in value.attr else f"{module}.float64"
        else:
            continue
        yield original.replace("dtype", value, other)


def ranges(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Let a range start one late or stop one early."""
    if not isinstance(node, ast.Call) or called(node) not in COUNTED or not node.args:
        return
    if any(isinstance(bound, ast.Starred) for bound in node.args):
        return
    if len(node.args) == 1:
        (stop,) = node.args
        yield original.replace("range", stop, _moved(stop, -1, original))
        yield original.replace("range", stop, f"1, {original.text(stop)}")
    else:
        start, stop, *_ = node.args
        yield original.replace("range", start, _moved(start, 1, original))
        yield original.replace("range", stop, _moved(stop, -1, original))


def slices(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Move the bounds of a slice by one."""
    if not isinstance(node, ast.Slice):
        return
    if node.lower is not None:
        # One before 0, or before an offset that is 0, would count from the end.
        number = literal(node.lower)
        for step in (1, -1) if number else (1,):
            yield original.replace("slice", node.lower, _moved(node.lower, step, original))
    if node.upper is not None:
        for step in (-1, 1):
            yield original.replace("slice", node.upper, _moved(node.upper, step, original))


def argument_order(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Exchange two arguments, or the branches of ``np.where``, which negates its mask."""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    arguments = node.args
    if any(isinstance(argument, ast.Starred) for argument in arguments):
        return
    name = called(node)
    if name == "where" and len(arguments) == 3:
        first, second = arguments[1:]
    elif len(arguments) == 2 and (name in original.defined or name in TWO_SIDED):
        first, second = arguments
    else:
        return
    start, middle = original.outer_span(first)
    resume, end = original.outer_span(second)
    source = original.source
    yield Edit(
        "order", start, end, source[resume:end] + source[middle:resume] + source[start:middle]
    )


def _named(name: str, otherwise: Role) -> Role:
    if name in AXIS:
        return Role.AXIS
    return Role.KEEPDIMS if name in KEEPDIMS else otherwise


def _parameter(arguments: ast.arguments, default: ast.AST) -> str:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(with_default, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next(parameter.arg for parameter, value in pairs if value is default)


def _positional_axis(call: ast.Call, original: Original) -> ast.expr | None:
    """Find the ``0`` of ``np.sum(x, 0)`` and of ``x.sum(0)``."""
    if called(call) not in REDUCTIONS or not isinstance(call.func, ast.Attribute):
        return None
    place = 1 if original.of_module(call.func) else 0
    given = call.args[place] if len(call.args) > place else None
    return given if type(literal(given)) is int else None


def _is_shape(node: ast.expr) -> bool:
    """Tell ``x.shape``, whose items are counted by axis, from other sequences."""
    return isinstance(node, ast.Attribute) and node.attr == "shape"


def _is_bound_of_range(node: ast.AST, call: ast.Call) -> bool:
    return called(call) in COUNTED and any(node is bound for bound in call.args[:2])


def _moved(bound: ast.expr, step: int, original: Original) -> str:
    number = literal(bound)
    if number is not None:
        return str(number + step)
    counts = isinstance(bound, ast.BinOp) and isinstance(bound.op, ARITHMETIC)
    text = original.text(bound)
    text = text if counts and "\n" not in text else original.operand(bound)
    return f"{text} {'+' if step > 0 else '-'} {abs(step)}"


def _without(
    operator: str, call: ast.Call, given: ast.expr | ast.keyword, original: Original
) -> Edit:
    """Remove one argument with the comma that goes with it."""
    start, end = (
        original.span(given) if isinstance(given, ast.keyword) else original.outer_span(given)
    )
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    others = [item for item in arguments if item is not given]
    ends = [original.span(item)[1] for item in others]
    before = max((stop for stop in ends if stop <= start), default=None)
    if before is not None:
        comma = original.between(before, start, ",")
        return Edit(operator, comma[0] if comma else start, end, "")
    after = original.between(end, original.span(call)[1], r"^\s*,\s*")
    return Edit(operator, start, after[1] if after else end, "")
