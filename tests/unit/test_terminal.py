import io
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console, Group

from autograder.cli.instructor import tell_new
from autograder.model import (
    CheckResult,
    Diagnosis,
    Evidence,
    Result,
    Score,
    SourceLine,
    Verdict,
    for_learner,
)
from autograder.report.terminal import ClassSummary, class_tables, feedback

MARKUP = "[red]boo[/red] [link=http://x]y[/link] :smile:"


def shown(renderable):
    stream = io.StringIO()
    Console(file=stream, width=400, force_terminal=True, color_system="truecolor").print(renderable)
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


def check(task="double", verdict=Verdict.FAILED, hidden=False, **fields):
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult("test_double_doubles", task, hidden, verdict, 2.0, points, **fields)


def result(*checks, **fields):
    return Result("01_tiny", "ann", "tiny.py", Score(6.0, 0.0), checks, **fields)


def all_over(text):
    """A result with a learner's text in every place that may hold one."""
    evidence = Evidence(
        "raised",
        call=text,
        got=text,
        wanted=text,
        lines=(SourceLine(text, 1, text, text),),
        facts={"exception": text, "message": text},
    )
    return result(check(evidence=evidence), load=(evidence,))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_markup_in_a_learners_text_stays_text(tiny_exercise, language):
    text = shown(feedback(all_over(MARKUP), tiny_exercise(), language))
    assert text.count(MARKUP) >= 5


NASTY = st.text(st.sampled_from("a[]/=:\\\x1b\x07\x9b\r\b\u202e中"), max_size=12)


@given(text=NASTY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_whatever_a_learner_says_is_shown_and_nothing_more(exercise, text):
    said = shown(feedback(all_over(text), exercise, "en"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise()


def test_a_wrong_value_is_shown_with_call_place_and_advice(exercise):
    evidence = Evidence(
        "differs", "double(1)", "1.0", "2.0", (0,), "1.0", "2.0", difference=1.0, wrong=1, size=3
    )
    text = shown(
        feedback(result(check(evidence=evidence, diagnosis=Diagnosis("T1", True))), exercise, "en")
    )
    for said in (
        "double doubles",
        "double(1)",
        "First difference at index [0]: got 1.0, wanted 2.0.",
        "1 of 3 entries differ; the greatest difference is 1.",
        "→ You squared instead of doubling.",
        "0 of 1 checks pass: 0 of 4 points.",  # of this task, the only one checked
        "gradeflow hint double",
    ):
        assert said in text


def test_the_exercises_own_message_is_filled_in(exercise):
    evidence = Evidence("statement", facts={"says": "negative", "sum": -3.0})
    text = shown(feedback(result(check("total", evidence=evidence)), exercise, "zh"))
    assert "和是 -3.0,小于 0。" in text


def test_a_hidden_check_keeps_its_name_and_values(exercise):
    evidence = Evidence("differs", "double(0.731)", "0.731", "1.462", facts={"item": "0.731"})
    private = for_learner(result(check(hidden=True, evidence=evidence)))
    text = shown(feedback(private, exercise, "en"))
    assert "Hidden check 1: other inputs" in text
    assert "0.731" not in text
    assert "doubles" not in text.replace("double ", "")


def test_the_worst_check_of_a_task_is_the_one_explained(exercise):
    checks = (
        check(verdict=Verdict.PASSED),
        check(evidence=Evidence("none")),
        check(verdict=Verdict.ERROR, evidence=Evidence("missing", facts={"name": "double"})),
    )
    text = shown(feedback(result(*checks), exercise, "en"))
    assert "Your file does not define double" in text
    assert "1 of 3 checks pass" in text


def test_a_task_that_is_not_written_takes_one_line(exercise):
    todo = check(verdict=Verdict.SKIPPED, evidence=Evidence("todo"))
    text = shown(feedback(result(todo), exercise, "en"))
    assert "○ double" in text
    assert "Not written yet." in text


def test_when_all_is_right_nothing_is_left_to_do(exercise):
    checks = (check(verdict=Verdict.PASSED), check("total", Verdict.PASSED))
    assert "Well done!" in shown(feedback(result(*checks), exercise, "en"))


def test_an_unreadable_file_is_explained_and_nothing_else(exercise):
    problem = Evidence("submission.not_json", facts={"line": 4})
    text = shown(feedback(result(problem=problem), exercise, "en"))
    assert "damaged at line 4" in text
    assert "points" not in text


def test_the_class_table_shows_names_as_they_are_written(exercise):
    results = [
        Result("01_tiny", "[bold]ann", "[x].py", Score(6.0, 6.0), (check(verdict=Verdict.PASSED),)),
        Result("01_tiny", "bob", "b.py", Score(6.0), problem=Evidence("fault")),
        result(
            check(diagnosis=Diagnosis("T1", True)),
            check(evidence=Evidence("none")),
            check(evidence=Evidence("raised", facts={"exception": "KeyError"})),
            check(evidence=Evidence("statement", facts={"says": "no_biases"})),
            check(evidence=Evidence("stopped", facts={"limit": "wall"})),
        ),
        Result("01_tiny", "eve", "e.py", Score(6.0, 0.0), problem=Evidence("submission.not_json")),
    ]
    text = shown(Group(*class_tables(results)))
    found = "T1, returned none, KeyError, no biases, stopped (wall)"
    for said in ("[bold]ann", "[x].py", "withheld", found, "unreadable: not json"):
        assert said in text


def summed_up(results, exercise):
    """Return what is said below a class's table, which is told of each result."""
    summary, stream = ClassSummary(exercise), io.StringIO()
    assert list(class_tables(results, summary))
    summary.tell("en", Console(file=stream, width=200))
    return stream.getvalue()


def test_the_summary_counts_marks_and_explains_misconceptions(exercise):
    results = [
        Result("e", "a", "f", Score(6.0, 6.0)),
        Result("e", "b", "f", Score(6.0, 3.0), (check(diagnosis=Diagnosis("T1", True)),)),
        Result("e", "c", "f", Score(6.0), problem=Evidence("fault", facts={"error": "disk"})),
    ]
    text = summed_up(results, exercise)
    assert "3 submissions; 1 with full marks; mean 4.5 of 6" in text
    assert "T1 ×1: You squared instead of doubling." in text
    assert "withheld, which is our fault: c: disk" in text


def test_a_class_that_seems_to_be_for_another_exercise_is_pointed_out(exercise):
    missing = check(verdict=Verdict.ERROR, evidence=Evidence("missing", facts={"name": "double"}))
    text = summed_up([result(missing)], exercise)
    assert "were they handed in for another exercise?" in text


def test_a_file_that_broke_off_is_not_praised_and_its_echoes_are_left_out(exercise):
    broken = Evidence("raised", facts={"exception": "SyntaxError", "message": "invalid syntax"})
    echo = check(verdict=Verdict.ERROR, evidence=Evidence("unreached", facts={"name": "double"}))
    text = shown(feedback(result(echo, load=(broken,)), exercise, "en"))
    assert "mend the error shown above first" in text
    assert "was never defined" not in text
    assert "Your functions were not reached" in text
    assert "· double" in text  # what nobody has read is not called wrong
    passed = result(check(verdict=Verdict.PASSED), load=(broken,))
    assert "Well done" not in shown(feedback(passed, exercise, "en"))


def test_what_the_code_printed_is_shown(exercise):
    text = shown(
        feedback(result(check(evidence=Evidence("none", printed="z = 3"))), exercise, "en")
    )
    assert "printed" in text
    assert "z = 3" in text


@pytest.mark.parametrize(
    ("before", "new", "told"),
    [
        ({"ann", "bob"}, ["bob", "homework"], "new beside 2 graded before: homework."),
        ({"ann"}, [f"learner {n}" for n in range(30)], ""),
        (set(), ["ann"], ""),
        ({"ann"}, ["ann"], ""),
    ],
)
def test_who_is_new_beside_a_class_is_named_for_it_may_be_another_name(before, new, told):
    stream = io.StringIO()
    tell_new(new, frozenset(before), Path("results"), Console(file=stream, width=200))
    assert stream.getvalue().startswith(told)
    assert bool(stream.getvalue()) == bool(told)


def test_an_empty_class_has_a_summary_too(exercise):
    assert "0 submissions" in summed_up([], exercise)


def test_the_table_of_a_large_class_comes_in_pieces_with_columns_of_one_width():
    results = [
        Result("01_tiny", f"learner {n}" + "x" * (n == 150), "tiny.py", Score(6.0, 6.0))
        for n in range(450)
    ]
    pieces = [shown(each).splitlines() for each in class_tables(results)]
    assert [len(piece) for piece in pieces] == [201, 200, 50]
    assert {line.index("tiny.py") for piece in pieces for line in piece[1:]} == {
        len("learner 150x") + 2
    }


def absent(name, there="half"):
    return check(task=name, verdict=Verdict.ERROR, evidence=missing(name, there))


def missing(name, there):
    return Evidence("missing", call=f"{name}(1)", facts={"name": name, "there": there})


THIRD = """
[[tasks]]
name = "mean"
points = 2
title.en = "The mean"
title.zh = "平均"
hints.en = ["Add them up, and divide."]
hints.zh = ["加起来再除。"]

[messages"""


@pytest.mark.parametrize("everything", [True, False])
def test_several_functions_that_are_missing_are_told_once(tiny_exercise, tiny_files, everything):
    manifest = tiny_files["exercise.toml"].replace("points = 6", "points = 8")
    exercise = tiny_exercise(manifest=dedent(manifest).replace("\n[messages", THIRD, 1))
    whole = result(check(verdict=Verdict.PASSED), absent("total"), absent("total"), absent("mean"))
    text = shown(feedback(whole, exercise, "en", everything=everything))
    assert text.count("does not define") == 1
    assert "Your file does not define these: total, mean." in text
    assert "✘ mean" in text
    assert "(1)" not in text


def test_where_another_task_is_in_hand_each_missing_one_is_counted(tiny_exercise, tiny_files):
    manifest = tiny_files["exercise.toml"].replace("points = 6", "points = 8")
    exercise = tiny_exercise(manifest=dedent(manifest).replace("\n[messages", THIRD, 1))
    wrong = check(evidence=Evidence("value"))
    whole = result(wrong, absent("total"), absent("mean"))
    text = shown(feedback(whole, exercise, "en", everything=False))
    assert text.count("0 of 1 checks pass") == 3


def test_an_advice_in_chinese_begins_beside_its_arrow(tiny_exercise):
    stream = io.StringIO()
    wrong = result(check(evidence=Evidence("value", got="1", wanted="2")))
    Console(file=stream, width=40).print(feedback(wrong, tiny_exercise(), "zh"))
    (line,) = (line for line in stream.getvalue().splitlines() if "→" in line)
    assert len(line.strip()) > 1


def test_one_function_that_is_missing_is_told_by_its_name(tiny_exercise):
    whole = result(check(verdict=Verdict.PASSED), absent("total"))
    assert "Your file does not define total." in shown(feedback(whole, tiny_exercise(), "en"))
