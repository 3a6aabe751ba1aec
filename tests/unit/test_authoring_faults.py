"""Each thing an author can get wrong is told with its file, its line and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.authoring.build import BuildError, build, faults
from autograder.authoring.skeleton import new_exercise
from autograder.catalogue import Course, Exercise, find_course, load_exercise

COURSE = '# Ours.\nexercises = []\n\n[title]\nen = "Small"\nzh = "小课程"\n'
SOURCE = "sums.py"
PUBLIC = "test_public.py"
HIDDEN = "test_hidden.py"
MANIFEST = "exercise.toml"
WRONG = "misconceptions.py"

BEGIN = "    ### BEGIN SOLUTION\n"
END = "    ### END SOLUTION\n"
SOLVED = f"{BEGIN}    return np.dot(X, w) + b\n{END}"
TASK_CELL = '# %% task="weighted_sums"\n'
CHINESE = '# %% [markdown] lang="zh"\n'
FIRST_CHECK = '@task("weighted_sums", points=3)\ndef test_weighted_sums_has'


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    found = find_course(tmp_path)
    assert found is not None
    new_exercise(found, "13_sums")
    again = find_course(tmp_path)
    assert again is not None
    return again


def edited(course: Course, file: str, old: str, new: str) -> Exercise:
    """Change the first place in a file where a text stands, and load the exercise."""
    path = course.solutions / "13_sums" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_exercise(path.parent)


def line_of(exercise: Exercise, file: str, text: str, nth: int = 1) -> int:
    lines = (exercise.folder / file).read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line][nth - 1]


def told(exercise: Exercise) -> list[str]:
    return [str(fault) for fault in faults(exercise)]


def test_the_skeleton_has_no_fault(course):
    assert told(course.authored("13_sums")) == []


CASES = {
    # name: (file, old, new, file of the fault, text in its line, which such line, words)
    "a region that is not closed": (
        SOURCE, END, "", SOURCE, "### BEGIN", 1, "is not closed: put `### END SOLUTION`"
    ),
    "a region that is not opened": (
        SOURCE, BEGIN, "", SOURCE, "### END", 1, "closes no region: remove it"
    ),
    "a region inside a region": (
        SOURCE, BEGIN, BEGIN * 2, SOURCE, "### BEGIN", 2, "regions do not nest"
    ),
    "a marker inside prose": (
        SOURCE, "# Say here", "# ### BEGIN SOLUTION", SOURCE, "### BEGIN", 1, "inside prose"
    ),
    "a misspelt marker": (
        SOURCE, "### END SOLUTION", "# end solution", SOURCE, "# end", 1, "alone on its line"
    ),
    "prose inside a region": (
        SOURCE, BEGIN, f'{BEGIN}    pass\n\n\n# %% [markdown] lang="en"\n# Now.\n\n'
        f"{CHINESE}# 现在。\n\n# %%\nif True:\n", SOURCE, "### BEGIN", 1, "in the same cell",
    ),
    "an empty region": (
        SOURCE, SOLVED, f"{BEGIN}{END}    return 0\n", SOURCE, "### BEGIN", 1, "is empty"
    ),
    "a region outside every function": (
        SOURCE, TASK_CELL, f"{TASK_CELL}### BEGIN SOLUTION\nK = 12345\n### END SOLUTION\n\n\n",
        SOURCE, "### BEGIN", 1, "outside every function",
    ),
    "a marker that is not indented like its solution": (
        SOURCE, BEGIN, "  ### BEGIN SOLUTION\n", SOURCE, "### BEGIN", 1, "indent the marker"
    ),
    "prose without a language": (
        SOURCE, '[markdown] lang="en"', "[markdown]", SOURCE, "# # 13", 1, "prose with no lang"
    ),
    "prose in an unknown language": (
        SOURCE, 'lang="zh"', 'lang="de"', SOURCE, "# # 13", 2, 'prose with lang="de"'
    ),
    "English without Chinese": (
        SOURCE, "# %%\nimport", '# %% [markdown] lang="en"\n# More.\n\n# %%\nimport',
        SOURCE, "# More", 1, '`# %% [markdown] lang="zh"` below it',
    ),
    "Chinese without English": (
        SOURCE, "# %%\nimport", f"{CHINESE}# 更多。\n\n# %%\nimport",
        SOURCE, "# 更多", 1, 'prose with lang="zh" without its twin in lang="en" above it',
    ),
    "text above the first cell": (
        SOURCE, "# %%", "# by me\n# %%", SOURCE, "# by me", 1, "must begin with a cell"
    ),
    "a solution without a task": (
        SOURCE, TASK_CELL, "# %%\n", SOURCE, "### BEGIN", 1, "a solution in a cell without a task"
    ),
    "a task cell that defines something else": (
        SOURCE, "def weighted_sums", "def weighted_sum", SOURCE, "def weighted_sum", 1,
        "does not define weighted_sums(...)",
    ),
    "a task without a solution": (
        SOURCE, SOLVED, "    return 0\n", SOURCE, "def weighted", 1, "has no solution"
    ),
    "a task that is not listed": (
        SOURCE, TASK_CELL, '# %% task="other"\ndef other():\n' + SOLVED + "\n\n" + TASK_CELL,
        SOURCE, "def other", 1, "is not listed in exercise.toml: add it there",
    ),
    "a listed task without a cell": (
        SOURCE, TASK_CELL, "# %%\n", MANIFEST, '"weighted_sums"', 1, "has no cell in sums.py"
    ),
    "a top level that needs the solution": (
        SOURCE, TASK_CELL, f"# %%\nK = missing(1)\n\n\n{TASK_CELL}", SOURCE, "K =", 1,
        "the stub cannot be imported",
    ),
    "a solution line in the prose": (
        SOURCE, "# Say here", "# `return np.dot(X, w) + b`; say here", SOURCE, "    return", 1,
        "survives into sums.py, line 4",
    ),
    "a solution line in the Chinese prose alone": (
        SOURCE, "# 在这里", "# `return np.dot(X, w) + b`,在这里", SOURCE, "    return", 1,
        "survives into sums.py",
    ),
    "a solution line in the public checks": (
        PUBLIC, "    X = np", "    # return np.dot(X, w) + b\n    X = np", SOURCE, "    return", 1,
        "survives into test_public.py",
    ),
    "points that do not add up": (
        HIDDEN, "points=2", "points=4", MANIFEST, '"weighted_sums"', 1,
        "add up to 12 points (public 6, hidden 6), but the task has 10",
    ),
    "points that parametrization multiplies": (
        HIDDEN, "def test_weighted_sums_takes_any_number_of_rows(",
        '@__import__("pytest").mark.parametrize("k", [1, 2])\ndef test_rows(k, ', MANIFEST,
        '"weighted_sums"', 1, "add up to 12 points",
    ),
    "a check of an unknown task": (
        PUBLIC, '"weighted_sums"', '"weighed"', PUBLIC, '"weighed"', 1,
        "the tasks are weighted_sums",
    ),
    "a check of no task": (
        PUBLIC, FIRST_CHECK, "def test_weighted_sums_has", PUBLIC, "def test_weighted_sums_has", 1,
        "belongs to no task",
    ),
    "a message that is not defined": (
        HIDDEN, "    got =", '    expect(True, "odd")\n    got =', HIDDEN, '"odd"', 1,
        "add [messages.odd] with en and zh",
    ),
    "a message that nothing says": (
        MANIFEST, "[misconceptions", '[messages.odd]\nen = "Odd."\nzh = "奇。"\n\n[misconceptions',
        MANIFEST, "odd", 1, "no check or picture says the message 'odd'",
    ),
    "a check that names an unknown misconception": (
        HIDDEN, "    got =", '    expect(True, says="x", misconception="A13.9")\n    got =', HIDDEN,
        "A13.9", 1, "A13.9 has no hint",
    ),
    "a variant without a hint": (
        WRONG, '"A13.1"', '"A13.2"', WRONG, "def weighted", 1, "A13.2 has no hint"
    ),
    "a hint that nothing gives": (
        WRONG, '"A13.1"', '"A13.2"', MANIFEST, '"A13.1"', 1, "nothing detects A13.1"
    ),
    "a public check that imports the reference": (
        PUBLIC, "import numpy as np", "import numpy as np\nimport sums", PUBLIC, "import sums", 1,
        "imports sums, which learners may not have",
    ),
    "a public check that reads a file": (
        PUBLIC, "    X = np", '    open("x")\n    X = np', PUBLIC, "open(", 1, "uses open"
    ),
    "a public check that speaks of the solutions": (
        PUBLIC, "    X = np", '    "see solutions/13_sums"\n    X = np', PUBLIC, "see sol", 1,
        "speaks of 'solutions'",
    ),
    "a check file that is not Python": (
        HIDDEN, "import numpy", "import import", HIDDEN, "import import", 1, "not valid Python"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_place_and_its_remedy(course, case):
    file, old, new, where, text, nth, words = CASES[case]
    exercise = edited(course, file, old, new)
    place = f"{exercise.folder / where}:{line_of(exercise, where, text, nth)}: "
    with_place = [each for each in _all(exercise) if each.startswith(place)]
    assert any(words in each for each in with_place), _all(exercise)


def _all(exercise: Exercise) -> list[str]:
    """Every fault, also one that ends the search."""
    try:
        return told(exercise)
    except Exception as error:
        return [str(error)]


def test_a_missing_check_file_is_told(course):
    exercise = course.authored("13_sums")
    (exercise.folder / HIDDEN).unlink()
    assert told(exercise) == [f"{exercise.folder / HIDDEN}: this file is missing; create it"]


def test_frozen_answers_do_not_belong_to_the_authors_room(course):
    exercise = course.authored("13_sums")
    exercise.answers.write_text("{}", encoding="utf-8")
    assert told(exercise) == [
        f"{exercise.answers}: belongs to the learners' folder: remove it here"
    ]


def test_a_short_formula_may_stand_in_a_sentence(course):
    exercise = edited(course, SOURCE, "    return np", "    s = abs(b)\n    return np")
    exercise = edited(course, SOURCE, "# Say here", "# With s = abs(b) one could. Say here")
    assert told(exercise) == []


def test_a_short_line_of_its_own_is_a_leak(course):
    exercise = edited(course, SOURCE, "    return np", "    s = abs(b)\n    return np")
    exercise = edited(course, SOURCE, "# Say here", "# `s = abs(b)`\n# Say here")
    assert ["survives into" in each for each in told(exercise)] == [True]


def test_one_run_tells_the_errors_of_every_exercise(course):
    new_exercise(course, "14_more")
    again = find_course(course.root)
    edited(again, SOURCE, BEGIN, "")
    more = again.solutions / "14_more" / WRONG
    more.write_text(more.read_text(encoding="utf-8").replace("A14.1", "A14.7"), encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        build(again, again.exercises, "en")
    assert "13_sums/sums.py:" in str(caught.value)
    assert "14_more/misconceptions.py:" in str(caught.value)
    assert not again.assignments.exists()


def test_a_check_file_that_cannot_be_collected_is_told(course):
    exercise = edited(course, HIDDEN, "import numpy as np", "import numpy as np\n1 / 0")
    (fault,) = told(exercise)
    assert "ZeroDivisionError" in fault


QUESTION = """
[[written]]
name = "why"
points = 5
title.en = "Why a bias?"
title.zh = "为什么要有偏置？"
"""
ASKED = (
    '# %% [markdown] lang="en" written="why"\n# Why is there a bias?\n\n'
    '# %% [markdown] lang="zh" written="why"\n# 为什么要有偏置？\n\n'
)


def test_a_question_in_words_has_a_cell_for_the_answer_that_people_grade(course):
    edited(course, MANIFEST, "[misconceptions", f"{QUESTION}\n[misconceptions")
    exercise = edited(
        course, SOURCE, '# %% task="weighted_sums"', f'{ASKED}\n# %% task="weighted_sums"'
    )
    assert told(exercise) == []
    build(course, ("13_sums",), "zh")
    folder = course.assignments / "13_sums"
    stub = (folder / "sums.py").read_text(encoding="utf-8")
    assert "# 为什么要有偏置？\n\n# %% [markdown]\n# *请把你的回答写在这里。*\n" in stub
    cells = json.loads((folder / "sums.ipynb").read_text(encoding="utf-8"))["cells"]
    (marks,) = (
        cell["metadata"]["nbgrader"]
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "answer-why"
    )
    kept = {key: marks[key] for key in ("grade", "solution", "locked", "points")}
    assert kept == {"grade": True, "solution": True, "locked": False, "points": 5}


def test_a_question_is_listed_and_asked_in_each_language(course):
    exercise = edited(
        course, SOURCE, '# %% task="weighted_sums"', f'{ASKED}\n# %% task="weighted_sums"'
    )
    assert any("listed in exercise.toml under [[written]]" in each for each in told(exercise))
    edited(course, SOURCE, ' written="why"', "")
    edited(course, MANIFEST, "[misconceptions", f"{QUESTION}\n[misconceptions")
    exercise = course.authored("13_sums")
    assert any("'why' is asked 1 times" in each for each in told(exercise))


def test_a_package_that_the_stub_imports_is_listed_for_learners(course):
    exercise = edited(course, SOURCE, "import numpy as np\n", "import numpy as np\nimport yaml\n")
    assert any('add packages = ["yaml"]' in each for each in told(exercise))
    exercise = edited(course, MANIFEST, "points = 10\n", 'points = 10\npackages = ["yaml"]\n')
    assert told(exercise) == []


def test_public_checks_may_use_a_package_that_learners_are_told_to_install(course):
    exercise = edited(course, PUBLIC, "import numpy as np\n", "import numpy as np\nimport yaml\n")
    assert any("imports yaml" in each and "packages" in each for each in told(exercise))
    exercise = edited(course, MANIFEST, "points = 10\n", 'points = 10\npackages = ["yaml"]\n')
    assert told(exercise) == []
