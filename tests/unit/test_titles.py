"""What a check is called, and what learners are told of the hidden ones that await them."""

import io
import re
import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from autograder.authoring.lint import faults_of_checks, faults_of_texts
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.points import known_checks
from autograder.catalogue import load_exercise
from autograder.catalogue.speaking import sentence
from autograder.model import CheckResult, Evidence, Result, Score, Verdict, for_learner
from autograder.report.cell import task_html
from autograder.report.learner import learner_page
from autograder.report.terminal import class_tables, feedback

FOLDERS = sorted((Path(__file__).parents[2] / "solutions").glob("[01]*_*"))
FLOOR = """
[messages.floor]
en = "It reached {reached}, wanted at least {floor}."
zh = "达到 {reached}，至少要 {floor}。"
"""
AHEAD = "\n[hidden]\ndouble = { extremes = 2, shapes = 1 }\n"


def shown(renderable):
    console = Console(file=io.StringIO(), width=100)
    console.print(renderable)
    return " ".join(console.file.getvalue().split())


def check(verdict=Verdict.PASSED, name="test_double_doubles", **fields):
    return CheckResult(name, "double", False, verdict, 2.0, 2.0, **fields)


def result(*checks):
    return Result("01_tiny", "", "tiny.py", Score(6.0, 2.0), checks=checks)


def with_manifest(exercise, more):
    path = exercise.folder / "exercise.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return load_exercise(exercise.folder)


@pytest.fixture
def released(tiny_exercise):
    return with_manifest(tiny_exercise(), AHEAD)


def pages(result, exercise, language):
    """The same result in a terminal, below a cell and on a page."""
    task = exercise.task("double")
    return (
        shown(feedback(result, exercise, language)),
        task_html(task, result, exercise, language, points=""),
        learner_page(result, exercise, language),
    )


def test_a_task_right_so_far_says_how_many_hidden_checks_await_it_and_of_which_kinds(released):
    for page in pages(result(check(), check()), released, "en"):
        assert "Right in 2 of 2 checks that you have. 3 more run when you hand in:" in page
        assert "extreme values (2), other shapes and sizes (1)" in page
    for page in pages(result(check()), released, "zh"):
        assert "极端的值（2 项）、其他形状和大小（1 项）" in page


def test_a_task_with_a_fault_says_nothing_of_what_is_to_come(released):
    for page in pages(result(check(), check(Verdict.FAILED)), released, "en"):
        assert "when you hand in:" not in page


def test_where_hidden_checks_have_run_none_is_said_to_be_to_come(released):
    hidden = CheckResult("h", "double", True, Verdict.PASSED, 1.0, 1.0, kind="shapes")
    for page in pages(result(check(), hidden), released, "en"):
        assert "when you hand in:" not in page


def test_a_hidden_check_is_called_by_its_number_and_its_kind_and_by_nothing_else(tiny_exercise):
    hidden = CheckResult("test_secret", "double", True, Verdict.FAILED, 1.0, kind="extremes")
    exercise = tiny_exercise()
    for language, title in (("en", "Hidden check 1: extreme values"), ("zh", "1：极端的值")):
        page = learner_page(for_learner(result(check(), hidden)), exercise, language)
        assert title in page
        assert "secret" not in page


def test_the_release_counts_hidden_checks_by_task_and_kind_and_names_none(
    tiny_exercise, tiny_files
):
    text = tiny_files["test_hidden.py"].replace("points=2)", 'points=2, kind="extremes")', 1)
    exercise = tiny_exercise(hidden=text)
    written = manifest_for_learners(exercise.folder / "exercise.toml", known_checks(exercise))
    ahead = tomllib.loads(written)["hidden"]
    hidden = [each for each in known_checks(exercise) if each.hidden]
    assert sum(sum(kinds.values()) for kinds in ahead.values()) == len(hidden)
    assert "extremes" in str(ahead)
    assert not any(each.name in written for each in hidden)


def test_a_kind_that_no_catalogue_knows_is_a_fault(tiny_exercise, tiny_files):
    text = tiny_files["test_hidden.py"].replace("points=2)", 'points=2, kind="odd")', 1)
    faults = [str(each) for each in faults_of_checks(tiny_exercise(hidden=text))]
    assert any("no kind 'odd'" in each and "extremes" in each for each in faults)


def test_a_title_is_the_author_s_then_the_engine_s_then_the_name(tiny_exercise):
    exercise = with_manifest(tiny_exercise(), '\n[checks]\ndoubles.zh = "翻倍"\n')
    assert sentence(check(), exercise, "zh") == "double：翻倍"
    assert sentence(check(), exercise, "en") == "double doubles"
    assert sentence(check(name="test_double_keeps_the_shape"), exercise, "zh") == "double：保持形状"
    assert sentence(check(name="test_other_thing[3-a_b]"), exercise, "zh") == "other thing [3-a b]"


def test_a_title_of_no_check_is_a_fault(tiny_exercise):
    exercise = with_manifest(tiny_exercise(), '\n[checks]\nnever_written.zh = "没有"\n')
    assert any("never_written" in str(each) for each in faults_of_texts(exercise))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_public_check_of_the_course_has_a_title_in_chinese(folder):
    exercise = load_exercise(folder)
    tasks = "|".join(exercise.wanted)
    text = (folder / "test_public.py").read_text(encoding="utf-8")
    found = re.findall(rf'@task\("({tasks})"(?:.*\n)+?def (test_\w+)', text)
    assert len(found) == text.count("\n@task(")
    for task, name in found:
        title = sentence(CheckResult(name, task, False, Verdict.PASSED, 1.0), exercise, "zh")
        assert re.search(r"[\u4e00-\u9fff]", title), name


def test_a_file_with_nothing_that_is_asked_for_is_asked_about_once(tiny_exercise):
    exercise = tiny_exercise()
    lacks = [
        CheckResult(f"test_{task}", task, False, Verdict.ERROR, 2.0, evidence=missing(task))
        for task in ("double", "total")
    ]
    for language, asked in (("en", "file of another exercise"), ("zh", "别的练习的文件")):
        text = shown(feedback(result(*lacks), exercise, language))
        page = learner_page(result(*lacks), exercise, language)
        assert text.count(asked) == page.count(asked) == 1
        assert "does not define" not in text + page
        assert "double" in text
        assert "total" in text


def test_a_file_of_another_exercise_is_told_which_one_it_looks_like(tiny_exercise):
    exercise = tiny_exercise()
    other = exercise.folder.parent / "02_other"
    shutil.copytree(exercise.folder, other)
    manifest = (other / "exercise.toml").read_text(encoding="utf-8")
    manifest = manifest.replace('"double"', '"halve"').replace('"total"', '"mean"')
    (other / "exercise.toml").write_text(manifest, encoding="utf-8")
    facts = {"there": "np, halve, mean"}
    lacks = [
        CheckResult("t", task, False, Verdict.ERROR, 2.0, evidence=Evidence("missing", facts=facts))
        for task in ("double", "total")
    ]
    for language, asked in (("en", "the one of 02_other"), ("zh", "看起来是 02_other")):
        assert asked in shown(feedback(result(*lacks), exercise, language))
        assert asked in learner_page(result(*lacks), exercise, language)


def test_several_missing_functions_beside_a_written_one_are_one_card(tiny_exercise):
    exercise = tiny_exercise()
    third = msgspec.structs.replace(exercise.tasks[1], name="third")
    exercise = msgspec.structs.replace(exercise, tasks=(*exercise.tasks, third))
    lacks = [
        CheckResult("t", task, False, Verdict.ERROR, 2.0, evidence=missing(task))
        for task in ("total", "third")
    ]
    page = learner_page(result(check(), *lacks), exercise, "en")
    assert page.count("does not define") == 1
    assert "Your file does not define these: total, third." in page


def test_a_missing_function_has_no_row_for_a_call_that_was_not_made(tiny_exercise):
    lack = Evidence("missing", call="total([1])", facts={"name": "total"})
    checks = check(), CheckResult("t", "total", False, Verdict.ERROR, 2.0, evidence=lack)
    for text in pages(result(*checks), tiny_exercise(), "en"):
        assert "total([1])" not in text


def test_a_floor_that_a_hidden_check_wants_is_told_with_what_was_reached(tiny_exercise):
    exercise = with_manifest(tiny_exercise(), FLOOR)
    facts = {"says": "floor", "reached": 0.71, "floor": 0.9, "secret": 3}
    evidence = Evidence("statement", facts=facts)
    lack = CheckResult("t", "double", True, Verdict.FAILED, 2.0, evidence=evidence)
    kept = for_learner(result(lack))
    assert "reached 0.71, wanted at least 0.9" in shown(feedback(kept, exercise, "en"))
    assert "secret" not in kept.checks[0].evidence.facts


def test_a_file_with_one_of_two_functions_is_not_another_exercise_s(tiny_exercise):
    lack = CheckResult("t", "total", False, Verdict.ERROR, 2.0, evidence=missing("total"))
    text = shown(feedback(result(check(), lack), tiny_exercise(), "en"))
    assert "another exercise" not in text
    assert "Your file does not define total" in text


def test_names_that_one_broken_import_left_undefined_are_lines_below_its_card(tiny_exercise):
    broken = Evidence("raised", facts={"exception": "ModuleNotFoundError", "message": "no nump"})
    echo = [
        CheckResult(task, task, False, Verdict.ERROR, 2.0, evidence=Evidence("unreached"))
        for task in ("double", "total")
    ]
    graded = msgspec.structs.replace(result(*echo), load=(broken,))
    exercise = tiny_exercise()
    page = learner_page(graded, exercise, "en")
    # The error and the list below it, in each language.
    assert page.count('<section class="card') == 2 * len(exercise.languages)
    assert "was never defined" not in page
    table = shown(next(class_tables([graded])))
    assert "top level: ModuleNotFoundError" in table
    assert "unreached" not in table


def missing(name):
    return Evidence("missing", facts={"name": name})
