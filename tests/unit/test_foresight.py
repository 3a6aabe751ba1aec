"""What a check asks of every program is sent ahead; what hangs on the program's answers is not."""

import textwrap
from collections import Counter

import msgspec
import pytest

from autograder.catalogue import load_exercise
from autograder.grading.loop import run_checks
from autograder.model import Verdict, for_learner, to_json
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.remote import RemoteSession

PUBLIC = """
    import numpy as np

    from autograder.checks import agree, task


    @task("double", points=2)
    def test_double_in_several_shapes(student, reference, rng):
        for size in (2, 3, 4):
            z = rng.normal(size=size)
            agree(student.double(z), reference.double(z))


    @task("total", points=2)
    def test_total_of_what_was_doubled(student, reference, rng):
        twice = student.double(rng.normal(size=3))
        agree(student.total(twice), float(np.sum(twice)))
"""
HIDDEN = """
    from autograder.checks import agree, task


    @task("double", points=2)
    def test_double_of_one_and_two(student):
        agree(student.double(1.0), 2.0)
        agree(student.double(2.0), 4.0)
"""
RIGHT = "import numpy as np\ndef double(z): return 2 * z\ndef total(z): return float(np.sum(z))\n"
WRONG = RIGHT.replace("2 * z", "z + 1")
STOPS = RIGHT.replace("return 2 * z", "return 2 * z if np.size(z) != 3 else exec('while 1: pass')")


@pytest.fixture
def asked(monkeypatch):
    """Count what is sent to programs, by its kind."""
    sent = Counter()
    exchange = RemoteSession._exchange

    def counted(self, request):
        sent[type(request).__name__] += 1
        return exchange(self, request)

    monkeypatch.setattr(RemoteSession, "_exchange", counted)
    return sent


def whole(exercise, *entries, ahead):
    results = []
    sandbox = Sandbox("plain")
    try:
        run_checks(open_bench(exercise), sandbox, entries, results.append, whole=False, ahead=ahead)
    finally:
        sandbox.close()
    return results


def graded(exercise, entries, *, ahead):
    return [
        [
            (check.name, check.verdict, check.evidence, check.diagnosis, check.example)
            for check in result.checks
        ]
        for result in whole(exercise, *entries, ahead=ahead)
    ]


def test_a_right_program_is_asked_in_few_messages(tiny_exercise, make_entry, asked):
    exercise = tiny_exercise(public=PUBLIC, hidden=HIDDEN)
    graded(exercise, [make_entry(RIGHT)], ahead=True)
    # Four public calls and two hidden ones; by itself goes what is made of an answer.
    assert asked == {"Program": 1, "Calls": 2, "Call": 1}


def test_verdicts_and_evidence_are_those_of_one_call_after_the_other(tiny_exercise, make_entry):
    exercise = tiny_exercise(public=PUBLIC, hidden=HIDDEN)
    entries = [make_entry(source, named=False) for source in (RIGHT, WRONG, STOPS, "x = 1")]
    alone = graded(exercise, entries, ahead=False)
    assert graded(exercise, entries, ahead=True) == alone
    assert alone[2][0][2].kind == "stopped"


def test_inputs_that_learners_do_not_have_are_sent_ahead_too(tiny_exercise, make_entry, asked):
    exercise = tiny_exercise(public=PUBLIC, hidden=HIDDEN)
    graded(exercise, [make_entry(RIGHT, unseen=True)], ahead=True)
    assert asked["Calls"] == 3


DRAWN = """
    from autograder.checks import agree, task


    @task("total", points=2)
    def test_total_of_several(student, reference, rng):
        for size in (2, 3, 4, 5):
            z = rng.normal(size=size)
            agree(student.total(z), reference.total(z))
"""


def test_a_fresh_example_takes_two_messages_and_no_process_more(tiny_exercise, make_entry, asked):
    exercise = tiny_exercise(hidden=DRAWN)
    late = RIGHT.replace("float(np.sum(z))", "float(np.sum(z)) if np.size(z) < 5 else 0.0")
    entry = make_entry(late, examples=True, named=False)
    ((*_, (*_, example)),) = graded(exercise, [entry], ahead=True)
    assert example.wanted
    # The program's own process, and one that no hidden check has asked, once more of one call.
    assert asked["Program"] == 2
    assert asked["Call"] == 1


SAME_NAME = """
    from autograder.checks import agree, task


    @task("double", points=2)
    def test_double_in_several_shapes(student, reference, rng):
        for size in (7, 6, 5):
            z = rng.normal(size=size)
            agree(student.double(z), reference.double(z))
"""


def test_a_hidden_check_is_foreseen_though_a_public_one_bears_its_name(
    tiny_exercise, make_entry, asked
):
    exercise = tiny_exercise(public=PUBLIC, hidden=SAME_NAME)
    graded(exercise, [make_entry(RIGHT)], ahead=True)
    assert asked == {"Program": 1, "Calls": 2, "Call": 1}


def test_a_picture_asks_in_one_message(tiny_exercise, make_entry, asked):
    exercise = tiny_exercise(public=PUBLIC, hidden=HIDDEN)
    (exercise.folder / "plot.py").write_text(PLOT)
    graded(load_exercise(exercise.folder), [make_entry(RIGHT, draws=True)], ahead=True)
    assert asked == {"Program": 1, "Calls": 3, "Call": 1}


PLOT = """
from autograder.checks import bars, panel, picture
import numpy as np

def plot(student, reference):
    student.double(np.full(3, 13.0))
    return picture(panel(bars("learner", ["seen"], [student.total(np.ones(1))])))
"""
COUNTS = """
import os
import numpy as np
SEEN = []
def double(z):
    SEEN.append(z)
    if np.all(z == 13):
        DIES
    return 2 * z
def total(z):
    return float(np.sum(z)) if np.size(z) > 1 else len(SEEN) - 1.0
"""


@pytest.mark.parametrize("ending", ["pass", "os._exit(3)", "while True: pass"])
def test_a_picture_asks_a_right_program_before_hidden_checks_and_costs_it_nothing(
    tiny_exercise, make_entry, asked, ending
):
    exercise = tiny_exercise(public=PUBLIC, hidden=HIDDEN)
    (exercise.folder / "plot.py").write_text(PLOT)
    entry = make_entry(COUNTS.replace("DIES", ending), draws=True)
    results = whole(load_exercise(exercise.folder), entry, ahead=True)
    assert {check.verdict for check in results[0].checks} == {Verdict.PASSED}
    lives, plot = ending == "pass", results[0].plot
    # The four public calls, and none of the two hidden ones; nothing where the process has died.
    assert plot.panels[0].marks[0].y == (4.0,) if lives else plot is None
    # What has died is asked once more, one call after the other: which of them was it?
    assert asked["Program"] == (1 if lives else 3)


def test_whether_a_picture_comes_early_hangs_on_what_a_program_computes_and_not_on_the_clock(
    tiny_exercise, make_entry, asked, monkeypatch
):
    monkeypatch.setattr("autograder.grading.showing.QUICK", 0.05)
    waits = "        __import__('time').sleep(0.06)\n        twice ="
    slow = PUBLIC.replace("        twice =", waits)
    exercise = tiny_exercise(public=slow, hidden=HIDDEN)
    (exercise.folder / "plot.py").write_text(PLOT)
    graded(load_exercise(exercise.folder), [make_entry(RIGHT, draws=True)], ahead=True)
    assert asked["Program"] == 1  # one that is drawn afterwards has another process for it


def test_a_second_look_asks_for_several_answers_at_once(tiny_exercise, make_entry, asked):
    squares = RIGHT.replace("2 * z", "z**2")
    ((first, *_),) = graded(tiny_exercise(), [make_entry(squares)], ahead=False)
    assert first[3].name == "T1"
    assert asked["Calls"] > 0


BOTH = """
    from autograder.checks import agree, task


    @task("double", points=2)
    def test_double_of_drawn_numbers(student, reference, rng):
        for size in (2, 3, 30):
            z = rng.normal(size=size)
            agree(student.double(z), reference.double(z))
"""
LONG = PUBLIC.replace("(2, 3, 4)", "(40, 50)")


def test_what_is_shown_of_a_wrong_program_takes_no_process_more(tiny_exercise, make_entry, asked):
    exercise = tiny_exercise(public=LONG, hidden=BOTH)
    (exercise.folder / "plot.py").write_text(PLOT)
    entry = make_entry(RIGHT.replace("2 * z", "z**2"), draws=True, examples=True, unseen=True)
    (result,) = whole(load_exercise(exercise.folder), entry, ahead=True)
    public, _, hidden = result.checks
    assert asked["Program"] == 1
    assert len(public.evidence.call) < 100  # a smaller one than the check's own forty numbers
    assert (public.diagnosis.name, hidden.diagnosis.name) == ("T1", "T1")
    assert hidden.example.wanted
    assert result.plot is not None


def told(exercise, entry, *, ahead):
    """Return all that a class is told of a program, but for what no two runs have alike."""
    (result,) = whole(exercise, entry, ahead=ahead)
    return [repr(msgspec.structs.replace(check, seconds=0)) for check in result.checks]


@pytest.mark.parametrize("wrong", ["z**2", "z + 1", "-2 * z", "z * np.nan", "z[:1]", "[*z]"])
def test_what_is_asked_beforehand_is_told_as_what_is_asked_afterwards(
    tiny_exercise, make_entry, wrong
):
    exercise = tiny_exercise(public=LONG, hidden=BOTH)
    entry = make_entry(RIGHT.replace("2 * z", wrong), examples=True, unseen=True)
    assert told(exercise, entry, ahead=True) == told(exercise, entry, ahead=False)


def test_a_program_that_gives_each_time_another_answer_has_no_example_in_a_class_either(
    tiny_exercise, make_entry
):
    counts = RIGHT.replace("return 2 * z", "SEEN.append(1); return 2 * z + len(SEEN)")
    entry = make_entry(f"SEEN = []\n{counts}", examples=True)
    (result,) = whole(tiny_exercise(public=PUBLIC, hidden=BOTH), entry, ahead=True)
    assert result.checks[-1].verdict is Verdict.FAILED
    assert result.checks[-1].example is None


def test_who_is_asked_beforehand_has_seen_no_hidden_input(tiny_exercise, make_entry):
    """What came of a hidden check is in nothing that is shown, though the program puts it there."""
    carries = """
        import numpy as np
        SEEN = []
        def double(z):
            SEEN.append(float(np.sum(z)))
            return np.asarray(z) * 0 + max((s for s in SEEN if s == 7319.25), default=0.5)
        def total(z):
            return float(np.sum(z))
    """
    constant = BOTH.replace("for size", "student.double(7319.25)\n        for size")
    entry = make_entry(textwrap.dedent(carries), examples=True, draws=True)
    exercise = tiny_exercise(public=PUBLIC, hidden=constant)
    (exercise.folder / "plot.py").write_text(PLOT)
    (result,) = whole(load_exercise(exercise.folder), entry, ahead=True)
    assert "7319" not in to_json(for_learner(result)).decode()


@pytest.mark.parametrize("ending", ["os._exit(3)", "exec('while 1: pass')"])
def test_a_program_that_dies_of_what_is_asked_beforehand_is_graded_as_ever(
    tiny_exercise, make_entry, ending
):
    """It lives through the checks of what is public, and not through the second look."""
    dies = f"SEEN = []\nimport os\n{RIGHT}".replace(
        "return 2 * z", f"SEEN.append(1); return z + 1 if len(SEEN) < 5 else {ending}"
    )
    entry = make_entry(dies, examples=True)
    exercise = tiny_exercise(public=PUBLIC, hidden=BOTH)
    assert told(exercise, entry, ahead=True) == told(exercise, entry, ahead=False)
