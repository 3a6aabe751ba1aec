"""What an exception says is read by its kind: each real one gets the advice that mends it."""

import builtins

import numpy as np
import pytest

from autograder.messages import LANGUAGES, explain_evidence, translate
from autograder.model import Evidence, SourceLine
from autograder.plugin.outcomes import outcome_evidence
from autograder.sandbox.inprocess import InProcessSession
from autograder.wire.protocol import Call, Name, Part, Program, Raised


def nothing(_kind, _key):
    return None


def stopped(source):
    """Run a program whose f(a) stops, and return the outcome."""
    session = InProcessSession(Program("m", (Part("m.py", source),)))
    loaded = session.load()
    if loaded.failures:
        return loaded.failures[0].outcome
    return session.call(Call(Name("f"), (np.array([1, 2]),)))


def advice(outcome, language="en"):
    lines = tuple(SourceLine(at.label, at.line, "x") for at in outcome.trace)
    facts = {"exception": outcome.kind, "message": outcome.message}
    return explain_evidence(Evidence("raised", lines=lines, facts=facts), language, nothing).advice


BODIES = {
    "g(a)[0]": "none_used",
    "g(a) + 1": "none_used",
    "g(a).sum()": "none_used",
    "tuple(a)['W']": "position",
    "{'W': 1}.W": "dotted",
    "{[1]: 2}": "unhashable",
    "np.add(a, 0.5, out=a)": "cast",
    "1.5 ^ 2": "power",
    "math.exp(a)": "whole_array",
    "g(a, a)": "parameters",
    "a.size(a)": "not_a_function",
    "'relu'(a)": "text_called",
    "'n = ' + 3": "text_computed",
    "[].append(1).append(2)": "in_place",
    "[i for i in len(a)]": "one_number",
    "a.append(3)": "no_append",
    "exec('t = (1, 2); t[0] = 3')": "fixed",
    "np.float(3)": "old_name",
    "np.array([[1, 2], [3]])": "ragged",
    "np.stack([a, np.ones(3)])": "unfit_shapes",
    "a @ np.array(['W', 'b'])": "text_computed",
    "a + np.ones(3)": "unfit_shapes",
    "a @ np.ones((3, 2))": "unfit_shapes",
    "1 if a > 0 else 2": "truth",
    "g(*[(x, y) for x, y in [(1, 2, 3)]])": "unpacked",
    "null": "json",
    "open('nowhere.txt')": "FileNotFoundError",
    "np.expp(a)": "AttributeError",
    "a.nothing": "raised",
    "np.array([1, 2], [3, 4])": "rows",
    "np.zeros(3, 2)": "rows",
    "len(a[0])": "no_len",
    "np.max(0, a)": "an_axis",
    "g + 1": "not_called",
    "np.sqrt(g)": "not_called",
    "[1.0] - [2.0]": "arithmetic_of_lists",
    "[1.0] * 0.5": "arithmetic_of_lists",
    "range(2.0)": "no_whole",
    "a[np.array([0.0])]": "no_whole",
    "a.shape[1]": "shape_short",
    "a[0, 0]": "axes",
    "a.sum(axis=1)": "axes",
    "np.float64(a[0])[0]": "scalar_index",
    "a @ 3": "no_axes",
    "np.zeros(2).__setitem__(0, [1, 2])": "one_place",
    "len(a)[0]": "not_subscriptable",
    "a[7]": "IndexError",
    "loads_an_object()": "object_array",
}
KEEPS_A_DICT = """def loads_an_object():
    import io
    file = io.BytesIO()
    np.savez(file, model={"W": np.eye(2)})
    file.seek(0)
    return np.load(file)["model"]
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("body", BODIES)
def test_an_exception_gets_the_advice_of_its_kind(body, language):
    source = f"import math\nimport numpy as np\ndef g(x):\n    pass\ndef f(a):\n    return {body}\n"
    outcome = stopped(KEEPS_A_DICT + source)
    assert isinstance(outcome, Raised)
    assert advice(outcome, language) == translate(f"advice.{BODIES[body]}", language)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("def f（a）:\n    return a\n", "full_width"),
        ("x = [1，2]\n", "full_width"),
        ("def f(a):\nreturn a\n", "no_block"),
        ("def f(a):\n    return 2a\n", "literal"),
        ("return 3\n", "outside"),
        ("def f(a):\n    n += 1\n", "UnboundLocalError"),
        ("import bdb\nraise bdb.BdbQuit\n", "debugger"),
        ("import tensorflow_is_not_here\n", "tensorflow_missing"),
        ("import my_helper_file\n", "ModuleNotFoundError"),
    ],
)
def test_so_does_what_python_cannot_read_or_find(source, key):
    if key == "tensorflow_missing":
        outcome = Raised("ModuleNotFoundError", "No module named 'tensorflow'")
    else:
        outcome = stopped(source)
    assert advice(outcome) == translate(f"advice.{key}", "en")


def test_nothing_is_added_where_python_says_what_is_missing():
    assert advice(stopped("def f(a):\n    return (a\n")) == ""


@pytest.mark.parametrize(
    ("line", "said", "key"),
    [
        ("""print(f"{h["loss"]:.2f}, {x}")""", "f-string: unmatched '['", "newer_f_string"),
        ("""y = F'{x:.1f} {', '.join(a)}'""", "f-string: expecting '}'", "newer_f_string"),
        (
            "y = f'{c.join(a)}'",
            "f-string expression part cannot include a backslash",
            "newer_f_string",
        ),
        ("""print(f"{x")""", "f-string: expecting '}'", "SyntaxError"),
        ("""print(f"{x:.2f" + f"{y}")""", "f-string: expecting '}'", "SyntaxError"),
    ],
)
def test_what_a_newer_python_reads_in_an_f_string_is_told_so_by_an_older_one(line, said, key):
    facts = {"exception": "SyntaxError", "message": said}  # the words of Python 3.11
    evidence = Evidence("raised", lines=(SourceLine("m.py", 1, line),), facts=facts)
    assert explain_evidence(evidence, "en", nothing).advice == translate(f"advice.{key}", "en")


def told_of_text(source, language="en"):
    """Return what is said of a program that cannot be read."""
    program = Program("m", (Part("m.py", source),))
    failure = InProcessSession(program).load().failures[0]
    return explain_evidence(outcome_evidence(failure.outcome, program), language, nothing).advice


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("def f(x):\n    retrun x", "return"),
        ("def f(x):\n    Return 'a'", "return"),
        ("whle True:\n    pass", "while"),
        ("fro i in range(3):\n    pass", "for"),
        ("if x:\n    pass\neles :  # or\n    pass", "else"),
        ("if x:\n    pass\nelsif y:\n    pass", "elif"),
        ("try:\n    pass\nexcpet ValueError:\n    pass", "except"),
        ("form numpy import exp", "from"),
        ("def f(x):\n    rraise ValueError('x')", "raise"),
    ],
)
def test_a_word_of_pythons_that_is_misspelt_is_named(line, meant):
    assert told_of_text(line).endswith(f"Did you mean {meant}?")
    assert told_of_text(line, "zh").endswith(f"你是想写 {meant} 吗？")


@pytest.mark.parametrize(
    "line",
    [
        "def f(x):\n    return x y",
        "far from all of it",
        "four x = 3",
        "form the sum of all",
        "or x = 3",
        "define f(x):\n    pass",
        "tr: int = 3 4",
        "retrun = 3 4",
        "retrun.x y",
    ],
)
def test_what_cannot_be_read_for_another_reason_names_no_word(line):
    assert "Did you mean" not in told_of_text(line)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("def f(z):\n    return (z => 0)", "order"),
        ("if x:\n    y = 1\nz = 2\nelse:\n    y = 3", "no_if"),
        ("if x:\n    y = 1\nz = 2\nelif x > 3:\n    y = 3", "no_if"),
        ("y = 1 x = -2", "SyntaxError"),
        ("f('=>' 2 3)", "SyntaxError"),
    ],
)
def test_an_invalid_line_is_told_by_what_it_looks_like(source, key):
    assert told_of_text(source) == translate(f"advice.{key}", "en")


def test_a_prompt_in_a_script_is_told():
    evidence = Evidence(
        "raised",
        lines=(SourceLine("m.py", 1, ">>> x = 1"),),
        facts={"exception": "SyntaxError", "message": "invalid syntax"},
    )
    told = explain_evidence(evidence, "en", nothing).advice
    assert told == translate("advice.prompt", "en")


@pytest.mark.parametrize(
    ("wanted", "key"),
    [("tuple", "tuple"), ("dict", "dict"), ("int", "int"), ("bool", "bool"), ("float64", "float")],
)
def test_the_next_step_follows_the_wanted_type(wanted, key):
    facts = {"got_type": "str", "wanted_type": wanted}
    told = explain_evidence(Evidence("type", facts=facts), "en", nothing).advice
    assert told == translate(f"advice.type_{key}", "en")
    hidden = explain_evidence(Evidence("type"), "en", nothing).advice
    assert hidden == translate("advice.type", "en")


def test_an_array_that_is_wanted_is_asked_for():
    facts = {"got_type": "list", "wanted_type": "numpy.ndarray"}
    assert "NumPy array" in explain_evidence(Evidence("type", facts=facts), "en", nothing).advice


def test_an_exception_that_is_not_the_wanted_one_says_which_was_wanted():
    facts = {"exception": "KeyError", "message": "'x'", "wanted_exception": "ValueError"}
    told = explain_evidence(Evidence("raised", facts=facts), "en", nothing)
    assert "Here ValueError was wanted." in told.details
    assert told.advice.endswith("where it does not fit, raise ValueError(...).")


def refused(source, exception, language="en"):
    evidence = Evidence(
        "raised",
        lines=(SourceLine("m.py", 2, source),),
        facts={"exception": exception, "message": "m", "wanted_exception": "ValueError"},
    )
    return explain_evidence(evidence, language, nothing).advice


def test_only_a_line_that_raises_by_its_own_word_is_to_raise_another_exception():
    for line in ('raise TypeError("x")', "assert y.shape == p.shape"):
        assert refused(line, "TypeError") == "Write raise ValueError(...) there."
    assert refused("n = len(y[0])", "TypeError").startswith("Look at the input first")
    assert refused("return loss / N", "NameError") == translate("advice.NameError", "en")


def test_a_file_that_cannot_be_read_gets_no_advice_on_functions():
    for kind in ("submission.json", "submission.no_code_cells"):
        assert explain_evidence(Evidence(kind), "en", nothing).advice == ""


def test_a_wrong_value_without_a_name_says_what_to_do_with_its_example():
    shown = Evidence("differs", call="f(1.0)", got="2.0", wanted="3.0")
    assert "on paper" in explain_evidence(shown, "en", nothing).advice
    assert explain_evidence(Evidence("differs"), "en", nothing).advice == ""


def test_what_stopped_in_another_task_points_there_in_one_line():
    facts = {"exception": "TypeError", "message": "x", "cause": "sigmoid"}
    told = explain_evidence(Evidence("raised", call="f(1)", facts=facts), "en", nothing)
    assert "sigmoid" in told.headline
    assert (told.values, told.details, told.advice) == ((), (), "")


def test_every_exception_that_has_advice_is_one_of_python():
    known = {name for name in vars(builtins) if name.endswith(("Error", "Exit"))}
    assert {"UnboundLocalError", "FileNotFoundError"} <= known
