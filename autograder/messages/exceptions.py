"""Reading an exception by kind: which piece of advice its text calls for."""

from __future__ import annotations

import re

from autograder.model import Evidence

__all__ = ["advice_on"]

# In this order; each a key under ``advice`` and what "Kind: message" looks like.
SIGNS = tuple(
    (key, re.compile(sign))
    for key, sign in (
        ("none_used", r"(Type|Attribute)Error: .*'?NoneType'?"),
        ("position", r"TypeError: (tuple|list) indices must be integers"),
        ("dotted", r"AttributeError: '(tuple|list|dict)' object has no attribute"),
        ("unhashable", r"TypeError: (unhashable|cannot use .* as a (dict|set))"),
        ("cast", r"UFuncTypeError|UFuncOutputCastingError|TypeError: Cannot cast|_UFunc"),
        ("power", r"TypeError: .*(for \^|bitwise_xor)"),
        ("whole_array", r"TypeError: only .*(length-1|0-dimensional|size-1|scalar) arrays"),
        ("parameters", r"TypeError: .*(positional argument|required .*argument|keyword argument)"),
        ("not_a_function", r"TypeError: .*object is not callable"),
        ("unfit_shapes", r"ValueError: .*(broadcast|matmul|shapes .* not aligned|mismatch in its)"),
        ("truth", r"ValueError: .*truth value of an array"),
        ("unpacked", r"(ValueError|TypeError): .*unpack"),
        ("json", r"NameError: name '(null|true|false)' is not defined"),
        ("full_width", r"SyntaxError: invalid (non-printable )?character"),
        ("no_block", r"IndentationError: expected an indented block"),
        ("outside", r"SyntaxError: '(return|yield|await)' outside"),
        ("debugger", r"BdbQuit"),
        ("torch_missing", r"ModuleNotFoundError: No module named 'torch"),
        ("tensorflow_missing", r"ModuleNotFoundError: No module named '(tensorflow|keras)"),
    )
)
# Python says what is missing in these: nothing is to be added.
SAYS_IT = re.compile(r"SyntaxError: .*(was never closed|expected ':'|unterminated|unmatched|Maybe)")
PROMPT = re.compile(r"(>>>|\.\.\.|In \[\d+\]:)")
SPELT = re.compile(r"AttributeError: module ")


def advice_on(evidence: Evidence) -> str | None:
    """Return the key of the advice on an exception; "" for none, None where its kind decides."""
    exception = str(evidence.facts.get("exception", ""))
    text = f"{exception}: {evidence.facts.get('message', '')}"[:2000]
    if exception == "SyntaxError" and any(PROMPT.match(at.text) for at in evidence.lines):
        return "prompt"
    for key, sign in SIGNS:
        if sign.match(text):
            return key
    if SAYS_IT.match(text):
        return ""
    # An AttributeError of an object and a TypeError of another sort say themselves what is wrong.
    if exception == "AttributeError" and not SPELT.match(text):
        return "raised"
    return None
