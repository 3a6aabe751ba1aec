"""What a learner returns or prints costs the trusted side time and memory in proportion to it."""

import contextlib
import re
import sys
import time
import tracemalloc
import weakref
from pathlib import Path

import numpy as np
import pytest

from autograder.checks import show
from autograder.checks.compare import difference
from autograder.checks.dense import demand_chain, forward, row_gradients
from autograder.checks.digits import forward as digits_forward
from autograder.checks.leftovers import says_share, says_ten, without_bars
from autograder.checks.torch_script import _read
from autograder.diagnosis import (
    RememberingSession,
    called_by,
    meant_keyword,
    parameters,
    pattern,
    returns_a_value,
)
from autograder.errors import SubmissionError
from autograder.messages.exceptions import advice_on
from autograder.model import Evidence, SourceLine
from autograder.sandbox.needs import needs_cells
from autograder.sandbox.proxy import Exchange, Recorder
from autograder.sandbox.stepping import BREAK
from autograder.submission.content import form_of, work_in
from autograder.submission.dates import read_date
from autograder.submission.functions import _stated
from autograder.submission.notebook import _only_checks
from autograder.submission.scanner import Scanner, conflict_line
from autograder.wire.protocol import (
    Call,
    Code,
    Name,
    Opaque,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
)
from autograder.wire.text import clean
from autograder.wire.weight import weight

MIB = 2**20
HALF = 20_000
WHOLE = 8 * HALF
# One line each, as long as asked; what makes a careless pattern look at it again and again.
HOSTILE = {
    "digits": lambda n: "1" * n,
    "dotted": lambda n: "1." * (n // 2),
    "numbers": lambda n: "0.5, " * (n // 5),
    "blanks": lambda n: "x" + " " * n + "y",
    "indented": lambda n: " " * n + "x",
    "zone": lambda n: "2026-01-01 00:00 A" + "_" * n + "!",
    "steps": lambda n: "1/1 " * (n // 4),
    "questions": lambda n: "a? " * (n // 3) + "#",
    "brackets": lambda n: "([{" * (n // 3),
    "quotes": lambda n: "'''" + "''\\" * (n // 3),
    "escapes": lambda n: "\x1b[" * (n // 2),
    "assignments": lambda n: "a, " * (n // 3) + "= %",
    "calls": lambda n: "get_ipython().system(" + ")" * n,
    "check": lambda n: "check(" + " " * n,
    "definitions": lambda n: "def f(): pass;" * (n // 14),
    "parameters": lambda n: "def f(" + "x" + ", x".join(map(str, range(n // 9))) + "): pass",
    "default": lambda n: "def f(x=" + "[" * 90 + "0, " * (n // 3) + "]" * 90 + "): pass",
    "signature": lambda n: f"def f(x: '{'参' * (n // 2)}', ª='{chr(92) * (n // 2)}'): pass",
    "number": lambda n: "def f(x=0x" + "f" * n + "): pass",
    "methods": lambda n: "class f:\n" + f" def f(x): self  #{'#' * 200}\n" * (n // 219),
    "refusals": lambda n: "f" * n + ".f() ",
    "bindings": lambda n: "x:" * (n // 2),
    "imports": lambda n: "import " + "a, " * (n // 3),
    "lines": lambda n: "\n" * n,
    "blocks": lambda n: "def f():\n" * (n // 9),
    "f_strings": lambda n: 'f"' * (n // 4) + '{"' * (n // 4),
    "in_braces": lambda n: 'f"{' + '"' * n,
}


def one_part(text, **fields):
    return Program("neuron", (Part("neuron.py", text),), **fields)


def parameters_of(text):
    for own in parameters._stated.__wrapped__(one_part(text), ("f",)).values():
        parameters._names(own)


def form_of_text(text):
    with contextlib.suppress(SubmissionError):
        form_of(text.encode(), "essay.txt")


def advise(text):
    lines = (SourceLine("neuron.py", 1, text),)
    for said in ("invalid syntax", "f-string: expecting '}'", text):
        facts = {"exception": "SyntaxError", "message": said}
        advice_on(Evidence("raised", lines=lines, facts=facts))


READERS = {
    "advice": advise,
    "without_bars": without_bars,
    "says_ten": lambda text: says_ten({}, text, [1] * 10),
    "says_share": lambda text: says_share({}, text, 0.123456),
    "scanner": lambda text: Scanner().read(text),
    "conflict": lambda text: conflict_line(text + "\n<<<<<<< x"),
    "only_checks": _only_checks,
    "clean": clean,
    "work_in": lambda text: work_in([Part("neuron.py", text)], {"neuron"}),
    "form_of": form_of_text,
    "definitions": _stated.__wrapped__,  # it remembers what it has read
    # These read what the last one remembers; of Python alone they have anything to do.
    "parameters": parameters_of,
    "selfless": lambda text: parameters._selfless.__wrapped__(one_part(text), ("f",)),
    "refusing": lambda text: parameters._refusing(Raised("TypeError", text)),
    "methods": lambda text: parameters.OF_METHOD.match(text),
    "keyword": meant_keyword,
    "returns": lambda text: returns_a_value(one_part(text), "f"),
    "called": lambda text: called_by(one_part(text), "f"),
    "read_date": read_date,
    "breakpoints": BREAK.search,
    "needs_cells": lambda text: needs_cells(one_part(text)),
    "needs_cells_of_a_notebook": lambda text: needs_cells(one_part(text, notebook=True)),
}


def seconds(work, text):
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        work(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("reader", READERS)
def test_what_reads_a_learners_text_takes_time_in_proportion_to_it(reader):
    for name, line in HOSTILE.items():
        # Eight times the text takes eight times as long; sixty-four times where it is quadratic,
        # and that each time: a busy machine lengthens now this and now that.
        assert any(in_proportion(READERS[reader], line) for _ in range(3)), name


def in_proportion(work, line):
    short, long = (seconds(work, line(n)) for n in (HALF, WHOLE))
    return long < 24 * short + 0.05


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("a\rb\rc\nd", "c\nd"),
        ("10/10 \b\b\b\b\bdone", "done"),
        ("bar\r\nnext", "\nnext"),
        ("plain\nlines\n", "plain\nlines\n"),
        ("end\r", ""),
    ],
)
def test_of_a_line_stays_what_was_written_over_it_last(printed, left):
    assert without_bars(printed) == left == re.sub(r"[^\n]*[\b\r]+", "", printed)


def test_a_number_of_thousands_of_digits_is_no_class_and_no_share():
    assert not says_ten({}, "9" * 5000, [9] * 10)
    assert not says_share({}, "0." + "9" * 5000, 0.5)
    assert says_share({}, "test accuracy: 0.9312", 0.93124)


def peak(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


N = 20_000
COLUMN, ROW = np.ones((N, 1)), np.ones((1, N))


@pytest.mark.parametrize(("got", "wanted"), [(COLUMN, ROW), (ROW, COLUMN), (COLUMN[:, 0], COLUMN)])
def test_arrays_of_other_shapes_are_compared_without_stretching_them(got, wanted):
    def compare():
        found = difference(got, wanted)
        assert found is not None
        assert found.kind == "shape"
        pattern(found, got, wanted)

    assert peak(compare) < 20 * MIB


def test_layers_that_do_not_fit_are_refused_before_any_arithmetic():
    x = np.ones((N, 2))
    misfits = [
        [(np.ones((2, 1)), np.ones((N,)))],
        [(np.ones((2, 3)), np.ones((3, 1)))],
        [(np.ones((2, 3)), np.ones(3)), (np.ones((1, 4)), np.ones(4))],
        [(np.ones(2), np.ones(1))],
    ]
    for layers in misfits:

        def refused(layers=layers):
            stack = [("relu", W, b) for W, b in layers]
            for work in (
                lambda: demand_chain(layers, 2),
                lambda: forward(layers, "relu", x),
                lambda: row_gradients(layers, "relu", x, np.ones((N, 1))),
                lambda: digits_forward(x, stack),
            ):
                with pytest.raises(ValueError, match="do not follow"):
                    work()

        assert peak(refused) < 20 * MIB


@pytest.mark.parametrize("noted", ["gradients", "earlier", "before"])
def test_what_is_noted_of_layers_in_another_shape_is_refused_before_any_arithmetic(noted):
    told = {
        "outputs": np.ones(4),
        "layers": [[np.ones((1, N)), np.ones(1)]],
        "gradients": None,
        "earlier": None,
        "before": None,
        "wide": np.ones((9, 1)),
        "untrained": 0,
        noted: [[np.ones((N, 1)), np.ones(1)]],
    }

    def read():
        with pytest.raises(ValueError, match="shapes"):
            _read(told, np.ones((4, 2)))

    assert peak(read) < 20 * MIB


@pytest.mark.parametrize(
    "value",
    [
        np.zeros((7,) * 8, dtype="i1"),
        [0.5] * 200_000,
        [[[0.5] * 100] * 40] * 40,
        {n: n for n in range(200_000)},
        set(range(200_000)),
        "x" * (30 * MIB),
        b"x" * (30 * MIB),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_shown_without_writing_all_of_it(value):
    start = time.process_time()
    text = show(value)
    assert time.process_time() - start < 0.3
    assert len(text) <= 600
    assert peak(lambda: show(value)) < MIB


# ---- what was exchanged ----


def exchange(value, name="f", target=Name):
    return Exchange(Call(target(name) if target is Name else target), Returned(value))


def test_a_recorder_keeps_a_bounded_number_of_bytes_and_the_call_that_was_last():
    recorder = Recorder()
    large = [exchange(np.ones(8 * MIB)) for _ in range(6)]  # 64 MiB each
    stopped = Exchange(Call(Name("g")), Stopped("wall", 1.0))
    for each in (stopped, *large):
        recorder.keep(each)
    assert weight([(e.call, e.outcome) for e in recorder.exchanges]) <= 257 * MIB
    assert recorder.exchanges[0] is stopped
    assert recorder.exchanges[-1] is large[-1]
    assert not recorder.complete


def test_of_some_calls_alone_no_misunderstanding_is_named(tiny_exercise, grade, monkeypatch):
    squared = "import numpy as np\ndef double(z):\n    return z * z\ntotal = np.sum\n"
    exercise = tiny_exercise(
        public="""
            from autograder.checks import agree, task

            @task("double", points=2)
            def test_double(student, reference, rng):
                for _ in range(3):
                    z = rng.normal(size=4)
                    got = student.double(z)
                agree(got, reference.double(z))
            """,
        hidden="",
    )
    (named,) = grade(exercise, squared)
    monkeypatch.setattr("autograder.sandbox.proxy.MOST_KEPT", 2000)
    (unnamed,) = grade(exercise, squared)
    assert (named.diagnoses, unnamed.diagnoses) == (("T1",), ())
    assert unnamed.score.points == 0


class Echo:
    """A session that returns what it is given, and counts."""

    def __init__(self):
        self.asked = 0

    def load(self):
        raise NotImplementedError

    def call(self, call):
        self.asked += 1
        return Returned(call.args[0])

    def close(self):
        pass


def test_answers_are_remembered_up_to_a_limit_and_those_asked_last_stay():
    inner = Echo()
    session = RememberingSession(inner, most=MIB)
    calls = [Call(Name("f"), (np.full(32_000, n),)) for n in range(20)]  # 256 kB each
    for call in calls:
        session.call(calls[0])
        session.call(call)
    assert inner.asked == 20
    session.call(calls[0])
    session.call(calls[-1])
    assert inner.asked == 20
    session.call(calls[1])
    assert inner.asked == 21


def test_of_a_submission_little_is_kept_for_its_picture(tiny_exercise):
    from autograder.plugin.bench import open_bench
    from autograder.plugin.sitting import Sitting

    sitting = Sitting(open_bench(tiny_exercise()), Program("tiny", ()), Echo())
    probe = Code("look", "def look(module): pass")
    answers = [exchange(np.ones(8 * MIB), target=probe) for _ in range(5)]
    loop = Exchange(Call(Name("f"), (np.ones(MIB), "relu")), Stopped("wall", 1.0))
    sitting.remember([*answers, exchange(np.ones(8 * MIB)), loop])
    assert weight(sitting.asked) < 130 * MIB
    assert sitting.asked[-1].call.args == ("relu",)
    assert sitting.asked[-1].outcome == loop.outcome


def test_for_a_second_look_little_is_kept_however_many_checks_failed(tiny_exercise):
    from autograder.diagnosis import Question
    from autograder.model import CheckResult, Verdict
    from autograder.plugin.bench import open_bench
    from autograder.plugin.run import Judged
    from autograder.plugin.sitting import Sitting

    sitting = Sitting(open_bench(tiny_exercise()), Program("tiny", ()), Echo())
    for n in range(5):
        departed = exchange(np.ones(8 * MIB))
        result = CheckResult(f"test_{n}", "double", False, Verdict.FAILED, 2.0)
        sitting.keep(Judged(result, Question((departed,), (), None), departed))
    assert [result.name for result in sitting.results] == [f"test_{n}" for n in range(5)]
    assert sum(each.question is not None for each in sitting.judged) == 1


def test_what_a_check_keeps_of_the_reference_goes_with_the_submission(
    tiny_exercise, grade, monkeypatch
):
    monkeypatch.setattr(sys, "living", weakref.WeakSet(), raising=False)
    exercise = tiny_exercise(
        public="""
            import sys

            from autograder.checks import expect, probe, task

            def made(module):
                import sys

                class Kept:
                    pass

                one = Kept()
                sys.living.add(one)
                return one

            @task("double", points=4)
            def test_double(student, reference):
                probe(reference, made).kept()
                left = len(sys.living)
                expect(left == 1, "negative", sum=left)

            @task("total", points=2)
            def test_total(student):
                student.total([1])
            """,
        hidden="",
    )
    right = "def double(z):\n    return 2 * z\ndef total(z):\n    return sum(z)\n"
    assert [result.score.points for result in grade(exercise, right, right, right)] == [6, 6, 6]


def test_what_is_shown_of_an_opaque_value_is_its_kind():
    assert show(Opaque("Tensor", "x" * MIB)) == "<Tensor>"


# ---- our own bounds ----


def cells(tmp_path, count):
    import json

    def cell(source):
        return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}

    right = cell(
        "import numpy as np\ndef double(z):\n    return 2 * z\ndef total(z):\n    return sum(z)"
    )
    path = Path(tmp_path) / "tiny.ipynb"
    further = [cell("x = 1")] * count
    path.write_text(json.dumps({"cells": [*further, right], "metadata": {}, "nbformat": 4}))
    return path


def test_a_right_notebook_with_thousands_of_further_cells_gets_its_points(tiny_exercise, tmp_path):
    from autograder.grading.alone import check_alone

    result = check_alone(tiny_exercise(), cells(tmp_path, 2001))
    assert result.score.points == 6
    assert result.load == ()


def test_a_notebook_with_more_cells_than_are_read_is_told_so(tiny_exercise, tmp_path):
    from autograder.grading.alone import check_alone

    result = check_alone(tiny_exercise(), cells(tmp_path, 20_001))
    assert result.problem == Evidence("submission.too_many_cells", facts={"limit": 20_000})


def test_a_program_with_thousands_of_names_is_asked_for_each(tiny_exercise, grade):
    names = "".join(f"x{n} = {n}\n" for n in range(3000))
    right = "def double(z):\n    return 2 * z\ndef total(z):\n    return sum(z)\n"
    exercise = tiny_exercise(
        public="""
            from autograder.checks import defines, expect, task

            @task("double", points=2)
            def test_double(student):
                expect(defines(student, "total") == "function", "negative", sum=0)
            """,
        hidden="",
    )
    (result,) = grade(exercise, names + right, kind="plain")
    assert result.score.points == 2
