"""Reading an exception of a program for Keras: which frequent mistake it shows."""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Collection

from autograder.wire.protocol import Missing, Outcome, Raised

__all__ = ["why_stopped"]

# What programs of other years, and of TensorFlow 1, still ask for.
_REMOVED = (
    r"predict_(classes|proba)|nb_epoch|np_utils|layers\.core|tensorflow\.examples|input_data"
    r"|'(Session|placeholder|lr|fit_generator|global_variables_initializer)'|`lr`"
)
_REASONS = (
    ("removed", _REMOVED, ("AttributeError", "TypeError", "ValueError", "ImportError")),
    ("removed", _REMOVED, ("ModuleNotFoundError",)),
    ("size", r"reshape.*(60000|10000|47040000|7840000)", ("ValueError", "InvalidArgumentError")),
    # Outputs of another form than (n, 10) are the model's fault, not the labels'.
    (
        "labels",
        r"(?s)(must have the same (rank|shape)|`target\.ndim - 1`).*output\.shape=\(\w+, 10\)",
        ("ValueError",),
    ),
    ("key", r"^'(val_)?(acc|accuracy|loss)'$", ("KeyError",)),
    ("name", r"", ("NameError",)),
    ("glued", r"concatenate str|for \+: '\w+' and 'str'", ("TypeError",)),
    ("glued", r"'add' did not contain a loop", ("UFuncTypeError", "_UFuncNoLoopError")),
)


# What a program forgets to import, or may call without: no name that a cell has left behind.
_MODULES = frozenset(
    ["np", "numpy", "plt", "matplotlib", "tf", "tensorflow", "keras", "os", "math", "time"]
)


def why_stopped(outcome: Outcome, names: Collection[str] = ()) -> tuple[str, dict[str, str | int]]:
    """Tell from an exception why a program for Keras stopped, with the facts; or ("", {}).

    names: what the program defines, its parameters among them. A name that nothing defines is none
    that is spelt nearly like one of these, nor a module's.

    removed: it asks for what newer versions lack. size: it takes the data set for a greater one.
    labels: their form is not the loss's. key: a history without that series. name: a name that
    nothing defines. glued: a text plus a number. missing: there is no such function.
    """
    if isinstance(outcome, Missing):
        return "missing", {}
    if not isinstance(outcome, Raised):
        return "", {}
    line = outcome.trace[-1].line if outcome.trace else 0
    facts: dict[str, str | int] = {
        "error": f"{outcome.kind}: {outcome.message}"[:200],
        "line": line,
    }
    for reason, pattern, kinds in _REASONS:
        if outcome.kind in kinds and re.search(pattern, outcome.message):
            return ("", {}) if reason == "name" and _is_slip(outcome, names) else (reason, facts)
    return "", {}


def _is_slip(outcome: Raised, names: Collection[str]) -> bool:
    """Tell whether a name that is not defined is a misspelling, or an import that is missing."""
    found = re.search(r"name '(\w+)'", outcome.message)
    name = found[1] if found else ""
    near = (each for each in (*names, *vars(builtins)) if abs(len(each) - len(name)) <= 1)
    known = [each for each in near if each != name]
    return name in _MODULES or bool(difflib.get_close_matches(name, known, n=1, cutoff=0.75))
