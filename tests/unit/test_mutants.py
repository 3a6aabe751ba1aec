"""Automatic mutants of a reference: what is changed, what is left alone, what stays the same."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.mutants import Mutant, mutants
from autograder.errors import CourseError

SIGMOID = '''
"""第一课：神经元。"""
import numpy as np


def sigmoid(z):
    """Logistic 曲线: any shape in, the same shape out."""
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    positive = z >= 0  # 非负的一半
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    small = np.exp(z[~positive])
    out[~positive] = small / (1 + small)
    return out
'''

SOFTMAX = """
import numpy as np


def softmax(Z, axis=-1):
    shifted = Z - np.max(Z, axis=axis, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=axis, keepdims=True)
"""

PERCEPTRON = """
import numpy as np


def gate(X, w, b):
    return (X @ w + b > 0).astype(int)


def train_perceptron(X, t, lr=0.1, epochs=100):
    w, b = np.zeros(X.shape[1]), 0.0
    history = []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t):
            y = 1 if x @ w + b > 0 else 0
            if y == target:
                continue
            w = w + lr * (target - y) * x
            b += lr * (target - y)
            errors += 1
        history.append(errors)
        if errors == 0:
            break
    return w, b, history
"""

BATCHES = '''
import numpy as np


def batches(n, size, rng=None):
    """Yield index arrays; the last may be shorter."""
    if size < 1:
        raise ValueError(f"size is {size}, but must be at least {0 + 1}")
    order = np.arange(n)
    if rng is not None:
        rng.shuffle(order)
    start = 0
    while start < n:
        yield order[start : start + size]
        start += size
'''

LESSONS = {"sigmoid": SIGMOID, "softmax": SOFTMAX, "perceptron": PERCEPTRON, "batches": BATCHES}


def new_lines(mutant: Mutant) -> str:
    added = [line[1:].strip() for line in mutant.diff.splitlines()[3:] if line.startswith("+")]
    return " ".join(added)


def changed(body: str, operator: str, head: str = "def f(x, y, n):") -> list[str]:
    """What an operator makes of a body's lines, in order."""
    source = f"import numpy as np\n{head}\n{textwrap.indent(body, '    ')}\n"
    return [new_lines(found) for found in mutants(source) if found.operator == operator]


@pytest.mark.parametrize(
    ("operator", "body", "wanted"),
    [
        ("arithmetic", "return x + y", ["return x - y"]),
        ("arithmetic", "return x - y", ["return x + y"]),
        ("arithmetic", "return x * y", ["return x / y"]),
        ("arithmetic", "return x / y", ["return x * y", "return x // y"]),
        ("arithmetic", "return x // y", ["return x / y"]),
        ("arithmetic", "return x % y", ["return x * y"]),
        ("arithmetic", "return x @ y", ["return x * y"]),
        ("arithmetic", "return n - x ** y", ["return n + x ** y", "return n - x * y"]),
        ("arithmetic", "return n / x**y",
         ["return n * x**y", "return n // x**y", "return n / (x*y)"]),
        ("arithmetic", "return 'a' + x", []),
        ("augmented", "x += y", ["x -= y", "x = y"]),
        ("augmented", "x -= y", ["x += y"]),
        ("augmented", "x *= y", ["x /= y"]),
        ("order", "return x @ y.T", ["return y.T @ x"]),
        ("order", "return n * x @ y", ["return y @ (n * x)"]),
        ("order", "return np.dot((x), y + 1)", ["return np.dot(y + 1, (x))"]),
        ("order", "return np.where(x > 0, x, y)", ["return np.where(x > 0, y, x)"]),
        ("order", "return f(x, y)", ["return f(y, x)"]),
        ("order", "return f(x, x)", []),
        ("order", "return len(x, y)", []),
        ("sign", "return x", ["return -x"]),
        ("sign", "return x + y", ["return -(x + y)"]),
        ("sign", "return (x + y)", ["return -(x + y)"]),
        ("sign", "return x, (y)", ["return -x, (y)", "return x, -(y)"]),
        ("sign", "return np.exp(-x * y)", ["return -np.exp(-x * y)", "return np.exp(x * y)"]),
        ("sign", "return -x", ["return x"]),
        ("sign", "return x > y", []),
        ("sign", "return None", []),
        ("comparison", "return x < y", ["return x <= y", "return x >= y"]),
        ("comparison", "return x <= y", ["return x < y", "return x > y"]),
        ("comparison", "return x > y", ["return x >= y", "return x <= y"]),
        ("comparison", "return x >= y", ["return x > y", "return x < y"]),
        ("comparison", "return x == y", ["return x != y"]),
        ("comparison", "return x is not y", ["return x is y"]),
        ("comparison", "return x not  in y", ["return x in y"]),
        ("comparison", "return x == y < n",
         ["return x != y < n", "return x == y <= n", "return x == y >= n"]),
        ("boolean", "return x and y", ["return x or y"]),
        ("boolean", "return x or y", ["return x and y"]),
        ("boolean", "return not x", ["return x"]),
        ("boolean", "return (x > 0) & ~y", ["return (x > 0) | ~y", "return (x > 0) & y"]),
        ("constant", "return x * 0", ["return x * 1"]),
        ("constant", "return x * 1", ["return x * 0", "return x * 2"]),
        ("constant", "return x * 7", ["return x * 8", "return x * 6"]),
        ("constant", "return x[-1]", ["return x[0]", "return x[-2]"]),
        ("constant", "return x * 0.5", ["return x * -0.5", "return x * 1.0"]),
        ("constant", "return 0.5**x", ["return (-0.5)**x", "return 1.0**x"]),
        ("constant", "return x + 0.0", ["return x + 1.0"]),
        ("constant", "return x + 1e-12", ["return x + 1e-3", "return x + 0.0"]),
        ("constant", "return f(True)", ["return f(False)"]),
        ("constant", "return f('1', None, ...)", []),
        ("axis", "return np.sum(x, axis=-1)", ["return np.sum(x)", "return np.sum(x, axis=0)"]),
        ("axis", "return x.sum(axis=0)", ["return x.sum()", "return x.sum(axis=1)"]),
        ("axis", "return x.mean(1, y)", ["return x.mean(y)", "return x.mean(0, y)"]),
        ("axis", "return np.max(x, 1)", ["return np.max(x)", "return np.max(x, 0)"]),
        ("axis", "return x.sum(axis=(0, 1))", ["return x.sum()"]),
        ("axis", "return x.shape[1]", ["return x.shape[0]"]),
        ("axis", "return x.sum(axis=None)", []),
        ("axis", "return np.sort(x, axis=-1)", ["return np.sort(x, axis=0)"]),
        ("keepdims", "return x.sum(keepdims=True)", ["return x.sum(keepdims=False)"]),
        ("dtype", "return np.zeros(n, dtype=float)", ["return np.zeros(n, dtype=int)"]),
        ("dtype", "return np.zeros(n, dtype=np.float32)", ["return np.zeros(n, dtype=np.int64)"]),
        ("dtype", "return np.zeros(n, dtype=bool)", ["return np.zeros(n, dtype=float)"]),
        ("range", "return range(n)", ["return range(n - 1)", "return range(1, n)"]),
        ("range", "return range(9)", ["return range(8)", "return range(1, 9)"]),
        ("range", "return range(0, n + 1)",
         ["return range(1, n + 1)", "return range(0, n + 1 - 1)"]),
        ("slice", "return x[1:]", ["return x[2:]", "return x[0:]"]),
        ("slice", "return x[:n]", ["return x[:n - 1]", "return x[:n + 1]"]),
        ("slice", "return x[:, y:]", ["return x[:, y + 1:]"]),
        ("call", "return np.maximum(x, y)", ["return np.minimum(x, y)"]),
        ("call", "return x.sum()", ["return x.mean()"]),
        ("call", "return np.zeros(n)", ["return np.ones(n)"]),
        ("call", "return np.argmax(x)", ["return np.argmin(x)"]),
        ("call", "return max(x)", ["return min(x)"]),
        ("call", "return np.log(x)", ["return np.log2(x)"]),
        ("call", "return 1 / np.sqrt(x + y)", ["return 1 / (x + y)"]),
        ("call", "return abs(x)", ["return x"]),
        ("call", "return np.clip(x, 0, 1)", ["return x"]),
        ("call", "return x.copy()", ["return x"]),
        ("call", "return (x > y).astype(int)", ["return x > y"]),
        ("call", "return x.T @ y", ["return x @ y"]),
        ("call", "return np.abs(\n    x -\n    y\n)", ["return (x - y)"]),
        ("statement", "x = y", ["pass"]),
        ("statement", "z = y", []),
        ("statement", "x[0] = y", ["pass"]),
        ("statement", "n.w: float = y", ["pass"]),
        ("statement", "x.append(y)", ["pass"]),
        ("statement", "x = x", []),
        ("statement", "if x:\n    z = 1\n    z += y", ["pass", "pass"]),
        ("statement", "if x: return y", ["if x: pass"]),
        ("raise", "if x:\n    raise ValueError(x + 1)", ["pass"]),
        ("condition", "if x:\n    return y", ["if True:", "if not x:"]),
        ("condition", "if(x > y):\n    return y", ["if True:"]),
        ("condition", "if x < y:\n    return y\nelse:\n    return n", ["if True:", "if False:"]),
        ("condition", "return x if not y else n",
         ["return x if True else n", "return x if False else n"]),
        ("condition", "while x < n:\n    f(x)", ["while False:"]),
        ("condition", "while x < n:\n    break", ["while True:", "while False:"]),
        ("condition", "return [a for a in x if a]",
         ["return [a for a in x if True]", "return [a for a in x if not a]"]),
        ("loop", "for a in x:\n    if a:\n        break\n    f(a)", ["pass", "continue"]),
        ("loop", "for a in x:\n    if a:\n        continue\n    f(a)", ["pass", "break"]),
        ("loop", "for a in x:\n    f(a)\n    if a:\n        continue", ["break"]),
    ],
)  # fmt: skip
def test_an_operator_makes_these_changes_and_no_other(operator, body, wanted):
    assert changed(body, operator) == wanted


@pytest.mark.parametrize(
    ("head", "operator", "wanted"),
    [
        ("def f(x, lr=0.1):", "default", ["def f(x, lr=-0.1):", "def f(x, lr=0.2):"]),
        ("def f(x, *, eps=1e-12):", "default", ["def f(x, *, eps=1e-3):", "def f(x, *, eps=0.0):"]),
        ("def f(x, training=False):", "default", ["def f(x, training=True):"]),
        ("def f(x, axis=-1):", "axis", ["def f(x, axis=0):"]),
        ("def f(x, y=None, name='1'):", "default", []),
    ],
)
def test_default_arguments_are_changed(head, operator, wanted):
    assert changed("return x", operator, head) == wanted


@pytest.mark.parametrize(
    "body",
    [
        '"""Adds 1 + 1."""',
        "x: Literal[1 + 1]",
        'print(f"{x + 1}", x - 1)',
        'warnings.warn("lost" + str(x + 1))',
        'assert x, f"{x + 1}"',
        "if False:\n    return x + 1",
        "if TYPE_CHECKING:\n    y = x + 1",
        "return\nx = x + 1",
        'f"{x + 1} {n:>{1}}"',
        "global z",
    ],
)
def test_what_does_not_compute_is_left_alone(body):
    assert changed(body, "arithmetic") == changed(body, "constant") == []


def test_only_functions_and_classes_at_the_top_level_are_changed():
    source = "A = 1 + 2\nif __name__ == '__main__':\n    print(A < 3)\n    A -= 1\n"
    assert list(mutants(source)) == []


def test_decorators_bases_and_annotations_are_left_alone():
    source = "@given(1)\ndef f(x: 'a[1]') -> 'b[1]': ...\n@g(1)\nclass C(B[1]):\n    x: D[1]\n"
    assert list(mutants(source)) == []


def test_methods_and_inner_functions_carry_dotted_names():
    source = (
        "class Net:\n    rate = 2\n    def up(self):\n"
        "        def inner(a):\n            return a\n        return inner\n"
    )
    assert {found.function for found in mutants(source)} == {"Net", "Net.up", "Net.up.inner"}


def test_only_the_functions_asked_for_are_changed():
    assert {m.function for m in mutants(PERCEPTRON, functions={"gate"})} == {"gate"}


def test_asking_for_a_function_that_is_not_there_is_an_error_before_the_first_mutant():
    with pytest.raises(CourseError, match=r"neuron\.py: no function or class tanh at the top"):
        mutants(SIGMOID, "neuron.py", {"tanh", "sigmoid"})


@pytest.mark.parametrize("source", ["def f(:\n", "\n\nreturn 1\n", "x = 1\0\n", "x = '\udc80'"])
def test_a_source_that_is_not_python_is_a_located_error(source):
    with pytest.raises(CourseError, match=r"neuron\.py.*not Python"):
        mutants(source, "neuron.py")


def test_literals_that_give_the_same_number_either_way_are_no_mutant():
    assert changed("return 2 ** 2 + x", "arithmetic") == ["return 2 ** 2 - x"]


def test_the_rest_of_the_file_keeps_its_bytes():
    source = SIGMOID.replace("\n", "\r\n")
    before, after = source.split("positive = z >= 0")
    found = [m for m in mutants(source) if m.operator == "comparison"]
    assert [m.source for m in found] == [
        f"{before}positive = z {new} 0{after}" for new in (">", "<")
    ]


def test_columns_are_counted_in_characters_beside_chinese_text():
    assert changed("权重 = '神经元', x + y  # 相加", "arithmetic") == [
        "权重 = '神经元', x - y  # 相加"
    ]


def test_a_diff_names_the_file_and_the_line_and_shows_one_line_around():
    found = next(m for m in mutants(SIGMOID, "neuron.py") if m.operator == "comparison")
    assert found.line == 10
    assert found.diff == (
        "--- neuron.py:10\n+++ neuron.py:10 (comparison)\n@@ -9,3 +9,3 @@\n"
        "     out = np.empty_like(z)\n"
        "-    positive = z >= 0  # 非负的一半\n"
        "+    positive = z > 0  # 非负的一半\n"
        "     out[positive] = 1 / (1 + np.exp(-z[positive]))"
    )


def test_a_diff_at_the_end_of_a_file_without_a_last_newline_shows_no_line_more():
    (found,) = mutants("def f(x):\n    return -x")
    assert found.diff.splitlines()[2:] == [
        "@@ -1,2 +1,2 @@", " def f(x):", "-    return -x", "+    return x",
    ]  # fmt: skip


@pytest.mark.parametrize("name", LESSONS)
def test_every_mutant_of_a_lesson_compiles_differs_and_comes_once(name):
    found = list(mutants(LESSONS[name]))
    original = ast.dump(ast.parse(LESSONS[name]))
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in found]
    for mutant in found:
        compile(mutant.source, "mutant.py", "exec")
    assert original not in dumps
    assert len(set(dumps)) == len(dumps) > 10
    assert len({mutant.id for mutant in found}) == len(found)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_no_explosion_of_mutants(name):
    found = list(mutants(LESSONS[name]))
    code = [line for line in LESSONS[name].splitlines() if line.strip()]
    assert max(Counter(mutant.line for mutant in found).values()) <= 12
    assert len(found) <= 6 * len(code)


@pytest.mark.parametrize("name", LESSONS)
def test_the_same_source_gives_the_same_mutants_in_the_same_order(name):
    assert list(mutants(LESSONS[name])) == list(mutants(LESSONS[name]))


def ids(source: str, function: str) -> list[str]:
    return [mutant.id for mutant in mutants(source) if mutant.function == function]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import numpy as np", "import math\n\n\nimport numpy as np"),
        ("def gate(X, w, b):", 'def gate(X, w, b):\n    """0 or 1."""'),
        ("def gate(X, w, b):", "def half(x):\n    return x / 2\n\n\ndef gate(X, w, b):"),
        ("return (X @ w + b > 0).astype(int)", "z = X @ w + b\n    return z >= 0"),
        ("    history = []", '    # 历史\n    history = []\n'),
        ("lr=0.1, epochs=100):", 'lr=0.1, epochs=100):\n    """Train 感知机."""\n'),
        ("lr * (target - y) * x", "(\n                lr * (target-y)  # step\n * x)"),
    ],
)  # fmt: skip
def test_ids_outlive_edits_elsewhere_and_another_layout(old, new):
    assert old in PERCEPTRON
    edited = PERCEPTRON.replace(old, new)
    assert ids(edited, "train_perceptron") == ids(PERCEPTRON, "train_perceptron")


def test_ids_of_other_statements_outlive_an_edit_in_the_same_function():
    edited = PERCEPTRON.replace("errors += 1", "errors = errors + 1")
    before, after = set(ids(PERCEPTRON, "train_perceptron")), set(ids(edited, "train_perceptron"))
    lost = [m for m in mutants(PERCEPTRON) if m.id in before - after]
    assert {mutant.line for mutant in lost} == {20}
    assert len(before & after) > 30


def test_an_edit_of_a_statement_changes_the_ids_of_its_mutants():
    edited = SOFTMAX.replace("e / e.sum(", "2 * e / e.sum(")
    lost = {m.id for m in mutants(SOFTMAX)} - {m.id for m in mutants(edited)}
    assert lost == {m.id for m in mutants(SOFTMAX) if m.line == 8}


def test_an_id_is_the_same_on_every_version_of_python():
    found = next(m for m in mutants(SOFTMAX) if m.operator == "keepdims")
    assert found.id == "softmax:keepdims:a1df4e"


def test_equal_expressions_in_one_statement_have_ids_of_their_own():
    source = "def f(x):\n    return g(x + 1, x + 1)\n"
    found = [m.id for m in mutants(source) if m.operator == "arithmetic"]
    assert len(found) == len(set(found)) == 2
    assert not any("-2" in name for name in found)


def test_equal_statements_of_one_function_are_numbered():
    source = "def f(x):\n    x *= n\n    x *= n\n    return x\n"
    first, second = (m.id for m in mutants(source) if m.operator == "augmented")
    assert second == f"{first}-2"


def test_warnings_of_a_mutant_or_of_the_source_are_not_raised():
    source = "def f(x):\n    '''\\d'''\n    return x == 1 and x\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(mutants(source))) == 4


def answers(source: str, name: str, inputs: list[np.ndarray]) -> list[np.ndarray]:
    space: dict[str, object] = {}
    exec(compile(source, "mutant.py", "exec"), space)
    given = [array.copy() for array in inputs]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        # What was given counts too: it must be as it was.
        return [space[name](array) for array in given] + given


def survives(mutant: Mutant, name: str, inputs: list[np.ndarray]) -> bool:
    wanted = answers(LESSONS[name], name, inputs)
    try:
        got = answers(mutant.source, name, inputs)
        return all(np.allclose(a, b, rtol=1e-12) for a, b in zip(got, wanted, strict=True))
    except (ArithmeticError, LookupError, TypeError, ValueError, NameError, AttributeError):
        return False


@pytest.mark.parametrize(
    ("name", "extreme", "survivors"),
    [
        # Between the extremes both halves say the same, so it does not matter where they meet.
        (
            "sigmoid",
            [[-800, 0, 800], [2, -3, 1]],
            {"positive = z > 0  # 非负的一半", "positive = z >= 1  # 非负的一半"},
        ),
        ("softmax", [[0.0, 900.0, 1.5], [0.0, -900.0, 2.0]], set()),
    ],
)
def test_good_inputs_kill_every_mutant_but_those_that_mean_the_same(name, extreme, survivors):
    inputs = [np.random.default_rng(7).normal(scale=3, size=(3, 5)), np.array(extreme)]
    alive = [mutant for mutant in mutants(LESSONS[name]) if survives(mutant, name, inputs)]
    assert {new_lines(mutant) for mutant in alive} == survivors


NAMES = st.sampled_from(["x", "y", "权重", "n"])
LITERALS = st.sampled_from(["0", "1", "-1", "3", "0.5", "-2.0", "1e-12", "True", "'a'", "None"])
ATOMS = NAMES | LITERALS
BINARY = ["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", " and ", " or ", " < ", ">=", "=="]
SHAPES = [
    "({})", "(-{})", "-{}", "not {}", "~{}", "({}).T", "np.sqrt({})", "np.abs(\n {} # 注\n)",
    "({}).copy()", "np.sum({}, axis=0)", "({}).sum(-1, keepdims=True)", "range({})",
    "x[{}:]", "x[:({})]", "lambda a=0.1: {}", "[a for a in y if {}]", 'f"{{1 + n}}"', "f({}, y)",
]  # fmt: skip


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.builds(lambda a, op, b: f"{a}{op}{b}", inner, st.sampled_from(BINARY), inner)
    chosen = st.builds(lambda a, b, c: f"({a} if {b} else {c})", inner, inner, inner)
    wrapped = st.builds(lambda shape, a: shape.format(a), st.sampled_from(SHAPES), inner)
    return binary | chosen | wrapped


EXPRESSIONS = st.recursive(ATOMS, grow, max_leaves=5)
SIMPLE = st.builds(
    lambda shape, a: shape.format(a),
    st.sampled_from(["x = {}", "x += {}", "y[0] = {}", "return {}", "f({}); y = n", "raise {}"]),
    EXPRESSIONS,
) | st.just("pass")
COMPOUND = st.builds(
    lambda head, test, one, two: f"{head.format(test)}\n{textwrap.indent(f'{one}{two}', '    ')}",
    st.sampled_from(["if {}:", "while {}:", "for a in {}:"]),
    EXPRESSIONS,
    SIMPLE,
    st.sampled_from(["", "\nbreak", "\ncontinue", "\nif x:\n    continue\nelse:\n    y = 1"]),
)


def is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "program.py", "exec")
    except SyntaxError:
        return False
    return True


def program(statements: list[str]) -> str:
    # A break that ended up outside a loop makes no program; the rest is kept.
    body = [line for line in statements if is_python(f"def f():\n{textwrap.indent(line, '  ')}")]
    inside = textwrap.indent("\n".join(body), "    ")
    return f"import numpy as np\ndef f(x, y=0):\n{inside}\n    pass"


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(SIMPLE | COMPOUND, min_size=1, max_size=4).map(program))
def test_all_mutants_of_any_program_compile_differ_and_change_one_place(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        original = ast.parse(source)
        seen = {ast.dump(original)}
        names = set()
        for mutant in mutants(source):
            compile(mutant.source, "mutant.py", "exec")
            tree = ast.parse(mutant.source)
            seen_before = len(seen)
            seen.add(ast.dump(tree))
            assert len(seen) == seen_before + 1, mutant.diff
            assert mutant.id not in names
            names.add(mutant.id)
            if mutant.operator in ("arithmetic", "comparison"):
                assert without_operators(tree) == without_operators(original), mutant.diff


def without_operators(tree: ast.AST) -> str:
    """What a tree says once every operator is the same: its form."""
    tree = ast.parse(ast.unparse(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            node.op = ast.Add()
        elif isinstance(node, ast.Compare):
            node.ops = [ast.Eq() for _ in node.ops]
    return ast.dump(tree)


# ---- writing into an argument ----

IN_PLACE = """
import numpy as np


def loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    inner = np.clip(inner_of(p), 0, 1)
    return -np.mean(y * np.log(p)) + inner


def softmax(Z):
    s = Z - np.max(Z)
    return np.exp(s) / np.sum(np.exp(s))


def ranks(x):
    x = np.array(x)
    return np.argsort(x, kind="stable")
"""


def lines_by(operator):
    """Give the changed lines of all mutants that an operator makes of the program above."""
    found = [m for m in mutants(IN_PLACE) if m.operator == operator]
    return [line[1:].strip() for m in found for line in m.diff.splitlines()[3:] if line[0] == "+"]


def test_what_an_argument_is_turned_into_may_be_written_into_it():
    assert lines_by("in_place") == [
        "p = np.clip(p, eps, 1 - eps, out=p)",
        "return -np.mean(y * np.log(p, out=p)) + inner",
        "s = np.subtract(Z, np.max(Z), out=Z)",
        "x = np.asarray(x)",
    ]


def test_a_stable_order_may_become_an_unstable_one():
    assert lines_by("kind") == ["return np.argsort(x)"]
