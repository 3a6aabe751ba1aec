"""A task may ask for a function to be written without certain things, and says what it found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import CallFailed, Mismatch, Student, avoids
from autograder.messages import explain_evidence
from autograder.sandbox.inprocess import InProcessSession
from autograder.submission.functions import definitions
from autograder.wire.protocol import Missing, Part, Program, Raised


def student(*sources: str) -> Student:
    parts = tuple(Part(f"cell {n}", source) for n, source in enumerate(sources, 1))
    program = Program("work", parts)
    return Student(InProcessSession(program), program=program)


def told(*sources: str, **rule: object) -> tuple[str, str]:
    """Return the kind of what was found in f, and the line that it stands on."""
    with pytest.raises(Mismatch) as caught:
        avoids(student(*sources).f, **rule)  # type: ignore[arg-type]
    (line,) = caught.value.evidence.lines
    return caught.value.evidence.kind, line.text


@pytest.mark.parametrize(
    "source",
    [
        "def f(xs):\n    return sorted(xs)",
        "def f(xs):\n    xs.sort()\n    return xs",
        "def f(xs):\n    key = sorted\n    return key(xs)",
        "f = sorted",
        "f = lambda xs: sorted(xs)",
        "order = sorted\ndef f(xs):\n    return order(xs)",
        "def f(xs):\n    return g(xs)\ndef g(xs):\n    return h(xs)\nh = sorted",
        "from builtins import sorted as s\ndef f(xs):\n    return s(xs)",
        "def f(xs):\n    from builtins import sorted as s\n    return s(xs)",
        "class Box:\n    def all(self, xs):\n        return sorted(xs)\n"
        "def f(xs):\n    return Box().all(xs)",
        "if True:\n    def f(xs):\n        return sorted(xs)",
    ],
)
def test_a_name_to_be_avoided_is_found_wherever_the_function_leads(source):
    kind, line = told(source, calls=("sort", "sorted"))
    assert kind == "uses_name"
    assert "sort" in line


@pytest.mark.parametrize(
    "source",
    [
        "def f(xs):\n    'as sorted does'\n    return xs  # sorted",
        "def f(sorted):\n    return sorted",
        "def sorted(xs):\n    return xs\ndef f(xs):\n    return sorted(xs)",
        "def g(xs):\n    return sorted(xs)\ndef f(xs):\n    return xs",
    ],
)
def test_what_only_looks_like_the_name_is_the_learner_s_to_use(source):
    avoids(student(source).f, calls=("sort", "sorted"))


def test_loops_comprehensions_and_recursion_are_each_told_as_what_they_are():
    loop = "def f(xs):\n    for x in xs:\n        pass"
    listed = "def f(xs):\n    return [x for x in xs]"
    itself = "def f(n):\n    return n and g(n - 1)\ndef g(n):\n    return f(n)"
    assert told(loop, loops=True) == ("uses_loop", "for x in xs:")
    assert told(listed, comprehensions=True) == ("uses_comprehension", "return [x for x in xs]")
    assert told(itself, recursion=True) == ("uses_itself", "return f(n)")
    avoids(student(listed).f, loops=True)
    avoids(student(loop).f, comprehensions=True, recursion=True)


def test_the_last_definition_counts_and_magics_of_a_notebook_are_no_hindrance():
    first = "%matplotlib inline\ndef f(xs):\n    return sorted(xs)"
    second = "%%time\nfiles = !ls\ndef f(xs):\n    return xs"
    avoids(student_of_text(first, second), calls=("sorted",))
    with pytest.raises(Mismatch):
        avoids(student_of_text(second, first), calls=("sorted",))


def student_of_text(*sources: str):
    parts = tuple(Part(f"cell {n}", source) for n, source in enumerate(sources, 1))
    plain = InProcessSession.of("def f(xs):\n    return xs", "work")
    return Student(plain, program=Program("work", parts)).f


def test_a_missing_function_and_one_not_written_yet_are_told_as_that():
    with pytest.raises(CallFailed) as caught:
        avoids(student("x = 1").f, loops=True)
    assert isinstance(caught.value.exchange.outcome, Missing)
    with pytest.raises(CallFailed) as caught:
        avoids(student("def f(x):\n    'Later.'\n    raise NotImplementedError('f')").f, loops=True)
    assert isinstance(caught.value.exchange.outcome, Raised)


def test_a_function_that_no_text_defines_is_not_taken_for_right():
    with pytest.raises(Mismatch) as caught:
        avoids(student("exec('def f(x):\\n    return sorted(x)')").f, calls=("sorted",))
    assert caught.value.evidence.kind == "unread"


def test_every_finding_has_a_sentence_in_both_languages():
    for source, rule in (
        ("f = sorted", {"calls": ("sorted",)}),
        ("def f(x):\n    while x:\n        pass", {"loops": True}),
        ("def f(x):\n    return {y for y in x}", {"comprehensions": True}),
        ("def f(x):\n    return f(x)", {"recursion": True}),
    ):
        with pytest.raises(Mismatch) as caught:
            avoids(student(source).f, **rule)
        for language in ("en", "zh"):
            said = explain_evidence(caught.value.evidence, language, lambda *_: None)
            assert "f" in said.headline
            assert "{" not in said.headline


@given(st.text(max_size=200) | st.text("()[]{}:\n \t%!?=#'\"\\abdef", max_size=200))
def test_whatever_a_learner_writes_is_read_or_left_alone(text):
    definitions(Program("work", (Part("work.py", text),)))


def test_a_text_nested_a_hundred_thousand_deep_defines_nothing():
    assert not definitions(Program("work", (Part("work.py", "f = " + "(" * 100_000),)))
    assert not definitions(Program("work", (Part("work.py", "f = " + "-" * 100_000 + "1"),)))
    chain = "if a:\n    f = 1\n" + "elif a:\n    f = 1\n" * 1500
    assert not definitions(Program("work", (Part("work.py", chain),)))
