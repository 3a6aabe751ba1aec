"""Reading an exception by kind: which piece of advice its text calls for."""

from __future__ import annotations

import re

from autograder.model import Evidence

__all__ = ["advice_on", "advice_on_refusal", "refuses_itself"]

# In this order; each a key under ``advice`` and what "Kind: message" looks like.
SIGNS = tuple(
    (key, re.compile(sign))
    for key, sign in (
        ("in_place", r"AttributeError: 'NoneType' .* attribute '(append|extend|insert|remove)'"),
        ("none_used", r"(Type|Attribute)Error: .*'?NoneType'?"),
        ("position", r"TypeError: (tuple|list) indices must be integers"),
        ("dotted", r"AttributeError: '(tuple|list|dict)' object has no attribute"),
        ("unhashable", r"TypeError: (unhashable|cannot use .* as a (dict|set))"),
        ("text_computed", r"\w*UFunc\w*: .*did not contain a loop .*<U\d"),
        ("text_computed", r"TypeError: (can only concatenate str|unsupported operand .*'str')"),
        ("cast", r"(\w*UFunc\w*|TypeError): Cannot cast"),
        ("power", r"TypeError: .*(for \^|bitwise_xor)"),
        ("whole_array", r"TypeError: only .*(length-1|0-dimensional|size-1) arrays"),
        ("an_axis", r"TypeError: only integer scalar arrays"),
        ("rows", r"TypeError: (Field elements must be|Cannot interpret '.*' as a data type)"),
        ("no_len", r"TypeError: object of type '(numpy\.)?(int|float|bool)\w*' has no len"),
        ("not_called", r"TypeError: .*(type function|'function'|'builtin_function_or_method')"),
        ("one_number", r"TypeError: '(numpy\.)?(int|float|bool)\w*' object is not iterable"),
        ("fixed", r"TypeError: 'tuple' object does not support item assignment"),
        ("no_append", r"AttributeError: 'numpy\.\w+' object has no attribute '(append|extend)'"),
        ("old_name", r"AttributeError: module 'numpy' has no attribute '(int|float|bool|object)'"),
        ("not_subscriptable", r"TypeError: '\w+' object is not subscriptable"),
        ("arithmetic_of_lists", r"TypeError: (unsupported operand .*'list'|can't multiply seq)"),
        ("arithmetic_of_lists", r"TypeError: can only concatenate (list|tuple)"),
        ("no_whole", r"TypeError: .*(interpreted as an integer|expected a sequence of integ)"),
        ("no_whole", r"(Index|Type)Error: .*(integer \(or bool|only integers|must be integers)"),
        ("scalar_index", r"IndexError: invalid index to scalar"),
        ("shape_short", r"IndexError: tuple index out of range"),
        ("axes", r"AxisError|IndexError: too many indices"),
        ("parameters", r"TypeError: .*(positional argument|required .*argument|keyword argument)"),
        ("text_called", r"TypeError: 'str' object is not callable"),
        ("not_a_function", r"TypeError: .*object is not callable"),
        ("no_axes", r"ValueError: matmul: .*does not have enough dimensions"),
        ("ragged", r"ValueError: .*inhomogeneous shape"),
        ("one_place", r"ValueError: setting an array element with a sequence"),
        ("no_tensor", r"(?s)ValueError: Passed in object .* not tf\.Tensor"),
        ("one_sample", r"(?s)ValueError: .*(Invalid input shape|incompatible with the layer)"),
        ("object_array", r"ValueError: Object arrays cannot be loaded"),
        ("unfit_shapes", r"ValueError: all (the )?input arrays? "),
        ("unfit_shapes", r"ValueError: .*(broadcast|matmul|shapes .* not aligned|mismatch in its)"),
        ("truth", r"ValueError: .*truth value of an array"),
        ("unpacked", r"(ValueError|TypeError): .*unpack"),
        ("super_init", r"AttributeError: cannot assign .* before Module\.__init__"),
        ("json", r"NameError: name '(null|true|false)' is not defined"),
        ("full_width", r"SyntaxError: invalid (non-printable )?character"),
        ("literal", r"SyntaxError: invalid \w+ literal"),
        ("no_block", r"IndentationError: expected an indented block"),
        ("newer_f_string", r"SyntaxError: f-string expression part cannot include a backslash"),
        ("outside", r"SyntaxError: '(return|yield|await)' outside"),
        ("debugger", r"BdbQuit"),
        ("torch_missing", r"ModuleNotFoundError: No module named 'torch"),
        ("tensorflow_missing", r"ModuleNotFoundError: No module named '(tensorflow|keras)"),
    )
)
# Python says what is missing in these: nothing is to be added.
SAYS_IT = re.compile(r"SyntaxError: .*(was never closed|expected ':'|unterminated|unmatched|Maybe)")
# What stops a program whatever it is given: there is something to mend before any input is refused.
BROKEN = frozenset(
    {
        "parameters",
        "not_a_function",
        "not_called",
        "rows",
        "none_used",
        "power",
        "text_called",
        "text_computed",
    }
)
BROKEN_KINDS = frozenset({"NameError", "UnboundLocalError", "ModuleNotFoundError", "ImportError"})
OWN_WORD = re.compile(r"(raise|assert)\b")
OWN_RAISE = re.compile(r"raise\s+[A-Z]")
PROMPT = re.compile(r"(>>>|\.\.\.|In \[\d+\]:)")
# What a line looks like of which Python says no more than that its syntax is invalid.
UNREAD = (
    ("order", re.compile(r"[^\"'#]*=\s?[<>!]")),
    ("no_if", re.compile(r"(else\s*:|elif\b.*:)")),
)
# What Python reads in an f-string from 3.12 on, as 3.11 speaks of it: its own quotes within braces.
OWN_QUOTES = re.compile(r"SyntaxError: f-string: (expecting '}'|unmatched '[(\[{]')")
QUOTED = re.compile(r"\b[rR]?[fF][rR]?([\"'])(?:(?!\1).)*\{(?:(?!\1)[^{}])*\1[^{}]*\}")
SPELT = re.compile(r"AttributeError: module ")


def advice_on(evidence: Evidence) -> str | None:
    """Return the key of the advice on an exception; "" for none, None where its kind decides."""
    exception = str(evidence.facts.get("exception", ""))
    text = f"{exception}: {evidence.facts.get('message', '')}"[:2000]
    if exception == "SyntaxError" and any(PROMPT.match(at.text) for at in evidence.lines):
        return "prompt"
    if text == "SyntaxError: invalid syntax":
        for key, sign in UNREAD:
            if any(sign.match(at.text) for at in evidence.lines):
                return key
    if OWN_QUOTES.match(text) and any(QUOTED.search(at.text) for at in evidence.lines):
        return "newer_f_string"
    for key, sign in SIGNS:
        if sign.match(text):
            return key
    if SAYS_IT.match(text):
        return ""
    # An AttributeError of an object and a TypeError of another sort say themselves what is wrong.
    if exception == "AttributeError" and not SPELT.match(text):
        return "raised"
    return None


def refuses_itself(evidence: Evidence) -> bool:
    """Tell whether the line that stopped raises an exception that the learner has chosen.

    ``raise`` and ``raise error`` let one of another line through.
    """
    return any(OWN_RAISE.match(at.text) for at in evidence.lines[-1:])


def advice_on_refusal(evidence: Evidence) -> str | None:
    """Return the key of the advice where another exception was wanted; None as for any other.

    A line that raises by its own word raises the wrong exception; a name that is not defined stops
    the program for any input; what stops half-way, or where a hidden check keeps it back, has not
    looked at its input first.
    """
    if any(OWN_WORD.match(at.text) for at in evidence.lines[-1:]):
        return "another_exception"
    read = advice_on(evidence)
    broken = read in BROKEN or str(evidence.facts.get("exception", "")) in BROKEN_KINDS
    return None if broken else "refuse_first"
