"""Points and checks are told on one scale, whoever tells them, in both languages.

Checks are counted, out of those that ran. Points are out of the whole: of the task, the exercise,
the course. Nothing says that all points are earned while hidden checks are to come.
"""

import re
import shutil

import msgspec
import pytest
from rich.console import Console

from autograder.authoring.freeze import freeze
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.points import known_checks
from autograder.catalogue import load_exercise
from autograder.cli.listing import list_exercises
from autograder.cli.progress import Progress
from autograder.diagnosis.frozen import to_json
from autograder.export.gradescope import results_for_gradescope
from autograder.model import for_learner
from autograder.nbgrader.words import html_of_task, text_of_task
from autograder.notebook import _html, _text
from autograder.report.learner import learner_page
from autograder.report.terminal import class_tables, feedback
from autograder.report.words import standing
from autograder.watch.screen import Lines
from autograder.watch.state import State

RIGHT = """
import numpy as np
def double(z):
    return 2 * z
def total(z):
    return float(np.sum(z))
"""
HALF = RIGHT.replace("2 * z", "z")
POINTS = re.compile(r"([\d.]+) of (?:the )?([\d.]+) points|([\d.]+) / ([\d.]+) 分")
CHECKS = re.compile(r"([\d]+) of ([\d]+) checks|([\d]+) 项检查通过 ([\d]+) 项")
WHOLE = {4.0, 2.0, 6.0}  # of the tasks double and total, and of the exercise
SO_FAR = {"en": "so far", "zh": "目前"}


def found(pattern, text):
    return [tuple(float(x) for x in each if x) for each in pattern.findall(text)]


def printed(what):
    console = Console(width=300)
    with console.capture() as captured:
        console.print(what)
    return captured.get()


@pytest.fixture
def course(tmp_path, tiny_exercise):
    """A course with its author's exercise, and the same as learners have it."""
    author = tiny_exercise()
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny"]\ntitle = { en = "Small", zh = "小" }\n', encoding="utf-8"
    )
    room = tmp_path / "assignments" / "01_tiny"
    room.mkdir(parents=True)
    manifest = manifest_for_learners(author.folder / "exercise.toml", known_checks(author))
    (room / "exercise.toml").write_text(manifest, encoding="utf-8")
    (room / "answers.json").write_text(to_json(freeze(author)), encoding="utf-8")
    shutil.copy(author.folder / "test_public.py", room)
    return author, load_exercise(room)


def watched(result, exercise, language, console):
    Lines(console).show(State.at(exercise, language).checked(result))


def of_learner(result, exercise, language):
    """Return all that a learner is told of their own check, by who tells it."""
    console = Console(width=300)
    with console.capture() as captured:
        watched(result, exercise, language, console)
    page = learner_page(result, exercise, language)
    part = page.partition(f'<main class="in-{exercise.languages.index(language) + 1}"')[2]
    told = {
        "check": printed(feedback(result, exercise, language)),
        "page": part.partition("</main>")[0],
        "watch": captured.get(),
    }
    for task in exercise.wanted:
        own = [each for each in result.checks if each.task == task]
        alone = msgspec.structs.replace(result, checks=tuple(own))
        told[f"cell {task}"] = _html(alone, exercise, task, language)
        told[f"cell {task} as text"] = _text(alone, exercise, language)
    return told


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("source", [RIGHT, HALF], ids=["right", "half right"])
def test_before_it_is_handed_in(course, grade, source, language):
    _, given = course
    (result,) = grade(given, source)
    told = of_learner(result, given, language)
    for who, text in told.items():
        points, checks = found(POINTS, text), found(CHECKS, text)
        assert checks, who
        assert {whole for _, whole in points} <= WHOLE, who
        for earned, whole in points:
            # Half of the points of double hang on its hidden check; total has none.
            assert (earned < whole) or whole == 2.0, who
        if points and "cell total" not in who:
            assert SO_FAR[language] in text, who
    page, check = told["page"], told["check"]
    assert found(POINTS, page)[0] == found(POINTS, check)[0]
    cell = found(POINTS, told["cell double"])[0]
    assert cell == ((2.0, 4.0) if source is RIGHT else (0.0, 4.0))
    assert cell in found(POINTS, page)
    assert cell == found(POINTS, told["cell double as text"])[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_after_grading_points_are_points(course, grade, language):
    author, _ = course
    (result,) = grade(author, RIGHT)
    seen = for_learner(result)
    double = author.task("double")
    told = {
        "page": learner_page(result, author, language),
        "nbgrader's page": html_of_task(double, seen, author, language, 4.0),
        "nbgrader's text": text_of_task(double, seen, author, language, 4.0),
        "terminal": printed(feedback(result, author, language)),
    }
    for who, text in told.items():
        points = found(POINTS, text)
        assert points, who
        assert SO_FAR[language] not in text, who
        assert all(earned == whole for earned, whole in points), who
    tests = results_for_gradescope(result, author, language)["tests"]
    assert sum(each["max_score"] for each in tests) == author.points
    (table,) = class_tables([result])
    assert re.search(r"\b6 +3/3", printed(table))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_counts_checks_and_the_course_s_points(
    course, grade, monkeypatch, capsys, language
):
    _, given = course
    (result,) = grade(given, RIGHT)
    monkeypatch.chdir(given.folder.parent.parent)
    Progress(given.folder.parent).remember(result)
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", language)
    list_exercises()
    text = " ".join(capsys.readouterr().out.split())
    assert sorted(found(CHECKS, text)[0]) == [2, 2]
    assert found(POINTS, text) == [(4.0, 6.0)]
    assert SO_FAR[language] in text


def test_of_one_task_alone_the_page_says_what_the_terminal_says(course, grade):
    _, given = course
    (result,) = grade(given, RIGHT)
    own = tuple(each for each in result.checks if each.task == "double")
    alone = msgspec.structs.replace(result, checks=own)
    told = (learner_page(alone, given, "en"), printed(feedback(alone, given, "en")))
    assert [found(POINTS, each)[0] for each in told] == [(2.0, 4.0), (2.0, 4.0)]


def test_a_task_without_hidden_checks_says_nothing_of_them(course, grade):
    _, given = course
    (result,) = grade(given, RIGHT)
    own = [each for each in result.checks if each.task == "total"]
    said, later = standing(own, 2.0, given, "en")
    assert (said, later) == ("1 of 1 checks pass: 2 of 2 points so far", "")
    own = [each for each in result.checks if each.task == "double"]
    assert standing(own, 4.0, given, "en") == (
        "1 of 1 checks pass: 2 of 4 points so far",
        "Hidden checks, which run when you hand in, decide on 2 of the 4 points.",
    )
