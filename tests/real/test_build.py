"""Building a course with the real jupytext, nbformat and nbgrader."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution

from autograder.authoring import build as building
from autograder.authoring.audit import audit
from autograder.authoring.build import BuildReport, build
from autograder.authoring.skeleton import new_exercise
from autograder.authoring.source import read_source, regions
from autograder.catalogue import Course, find_course, load_exercise
from autograder.errors import GradeFlowError

pytestmark = pytest.mark.real

LIST = 'exercises = []\n\n[title]\nen = "Small"\nzh = "小课程"\n'
NAME = "13_sums"
FILES = ["answers.json", "exercise.toml", "sums.ipynb", "sums.py", "test_public.py"]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text(LIST, encoding="utf-8")
    course = find_course(tmp_path)
    assert course is not None
    new_exercise(course, NAME)
    found = find_course(tmp_path)
    assert found is not None
    return found


def make(course: Course, language: str = "en", **options: bool) -> BuildReport:
    return build(course, course.exercises, language, **options)


def content(course: Course) -> dict[str, bytes]:
    folder = course.assignments / NAME
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def notebook(course: Course):
    path = course.assignments / NAME / "sums.ipynb"
    return nbformat.read(path, as_version=4)


# ---- what is written ----


def test_a_build_writes_these_files_and_nothing_else(course):
    report = make(course)
    assert sorted(content(course)) == FILES
    assert sorted(path.name for path in report.written) == FILES


def test_building_twice_gives_equal_bytes_and_writes_nothing(course):
    make(course)
    before = content(course)
    assert make(course).written == ()
    again = build(course, course.exercises, "en", course.root / "again")
    assert len(again.written) == len(FILES)
    after = {path.name: path.read_bytes() for path in (course.root / "again" / NAME).iterdir()}
    assert after == before


@pytest.mark.parametrize(
    ("language", "has", "lacks"), [("en", "one sample", "样本"), ("zh", "样本", "one sample")]
)
def test_a_build_speaks_one_language(course, language, has, lacks):
    make(course, language)
    for file in ("sums.py", "sums.ipynb"):
        text = content(course)[file].decode()
        assert has in text
        assert lacks not in text


def test_no_line_of_a_solution_or_a_hidden_check_is_released(course):
    make(course, "en")
    exercise = course.authored(NAME)
    secrets = {"### ", "misconception(", "test_hidden"}
    for cell in read_source(exercise.source):
        lines = cell.text.splitlines()
        for region in regions(cell, exercise.source):
            secrets |= {line.strip() for line in lines[region.first + 1 : region.last]}
    public = (exercise.folder / "test_public.py").read_text(encoding="utf-8")
    hidden = (exercise.folder / "test_hidden.py").read_text(encoding="utf-8")
    secrets |= {line for line in hidden.splitlines() if line.strip() and line not in public}
    assert len(secrets) > 10
    for file, data in content(course).items():
        found = [secret for secret in secrets if secret in data.decode()]
        assert not found, file


def test_the_released_exercise_checks_and_diagnoses_by_itself(course, grade, make_entry):
    make(course)
    exercise = load_exercise(course.assignments / NAME)
    head = "import numpy as np\ndef weighted_sums(X, w, b):\n    return "
    stub = exercise.source.read_text(encoding="utf-8")
    sources = (stub, head + "X @ w + b", head + "X @ w")
    none, full, wrong = grade(exercise, *(make_entry(each, module="sums") for each in sources))
    assert [result.score.points for result in (none, full, wrong)] == [0, 6, 0]
    assert wrong.diagnoses == ("A13.1",)


def test_the_skeleton_is_proved_by_an_audit(course):
    found = audit(course, course.authored(NAME), 1, seeds=5)
    assert found.ok
    assert found.mutants >= 3


@pytest.mark.parametrize("extra", ["jupytext", "nbgrader.preprocessors"])
def test_a_missing_extra_is_told_with_its_remedy(course, monkeypatch, extra):
    monkeypatch.setitem(sys.modules, extra, None)
    with pytest.raises(GradeFlowError, match=r'pip install "gradeflow\[nbgrader\]"'):
        make(course)
    assert not course.assignments.exists()


# ---- the notebook ----


def test_the_notebook_is_valid_for_jupyter_and_for_nbgrader(course):
    make(course)
    nbformat.validate(notebook(course))
    MetadataValidator().validate_nb(notebook(course))
    assert (notebook(course).nbformat, notebook(course).nbformat_minor) == (4, 5)


def test_the_notebook_ends_in_one_newline_and_holds_no_output(course):
    make(course)
    text = content(course)["sums.ipynb"].decode()
    assert text.endswith("}\n")
    assert all(not cell.get("outputs") for cell in notebook(course).cells)


def test_below_each_task_stands_a_locked_check_worth_its_points(course):
    make(course)
    cells = notebook(course).cells
    at = next(n for n, c in enumerate(cells) if c.source == 'check("weighted_sums")')
    task, check = cells[at - 1].metadata.nbgrader, cells[at].metadata.nbgrader
    assert (task.grade_id, task.solution, task.grade, task.locked) == (
        "weighted_sums",
        True,
        False,
        False,
    )
    assert (check.grade_id, check.solution, check.grade, check.locked) == (
        "check-weighted_sums", False, True, True,
    )  # fmt: skip
    assert check.points == 10
    assert cells[at].metadata.editable is False
    assert cells[at - 1].metadata.get("editable", True)


def test_prose_is_locked_and_imports_are_free(course):
    make(course)
    cells = notebook(course).cells
    assert all(is_locked(cell) for cell in cells if cell.cell_type == "markdown")
    (imports,) = [cell for cell in cells if cell.source == "import numpy as np"]
    assert "nbgrader" not in imports.metadata
    assert imports.metadata.get("editable", True)


def test_the_first_code_cell_fetches_check(course):
    make(course)
    first = next(cell for cell in notebook(course).cells if cell.cell_type == "code")
    assert "from autograder.notebook import check" in first.source


def test_checksums_are_nbgraders_own(course):
    make(course)
    signed = [c for c in notebook(course).cells if is_grade(c) or is_solution(c) or is_locked(c)]
    assert len(signed) == 6
    assert all(cell.metadata.nbgrader.checksum == compute_checksum(cell) for cell in signed)


# ---- check ----


def test_check_finds_a_fresh_build_fresh(course):
    make(course)
    assert make(course, check=True).stale == ()


def test_check_lists_what_a_touched_source_makes_stale_and_writes_nothing(course):
    make(course)
    source = course.authored(NAME).source
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("Say here", "Tell here"), encoding="utf-8")
    before = content(course)
    report = make(course, check=True)
    assert [path.name for path in report.stale] == ["sums.ipynb", "sums.py"]
    assert report.outdated == report.stale
    assert content(course) == before


def test_check_lists_what_is_missing_and_what_comes_from_no_source(course):
    make(course)
    (course.assignments / NAME / "sums.py").unlink()
    (course.assignments / NAME / "notes.txt").write_text("mine", encoding="utf-8")
    report = make(course, check=True)
    assert [path.name for path in report.missing] == ["sums.py"]
    assert [path.name for path in report.extra] == ["notes.txt"]
    assert not (course.assignments / NAME / "sums.py").exists()


def test_a_build_leaves_unknown_files_alone_and_reports_them(course):
    make(course)
    notes = course.assignments / NAME / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    assert make(course).extra == (notes,)
    assert notes.read_text(encoding="utf-8") == "mine"


def test_a_build_leaves_alone_what_somebody_has_written_and_names_it(course):
    make(course)
    script = course.assignments / NAME / "sums.py"
    script.write_text("mine = 1\n", encoding="utf-8")
    change(course.authored(NAME).source, "Say here", "Tell here")
    report = make(course)
    assert report.kept == (script,)
    assert [path.name for path in report.written] == ["sums.ipynb"]
    assert script.read_text(encoding="utf-8") == "mine = 1\n"


def test_a_forced_build_keeps_a_copy_of_what_it_replaces(course):
    make(course)
    script = course.assignments / NAME / "sums.py"
    before = script.read_bytes()
    script.write_text("mine = 1\n", encoding="utf-8")
    report = make(course, force=True)
    assert script.read_bytes() == before
    assert report.saved[script].read_text(encoding="utf-8") == "mine = 1\n"
    assert make(course, check=True).stale == ()


def test_what_was_built_before_there_were_digests_is_left_alone_where_it_differs(course):
    make(course)
    (course.assignments / "generated.json").unlink()
    change(course.authored(NAME).source, "Say here", "Tell here")
    assert [path.name for path in make(course).kept] == ["sums.ipynb", "sums.py"]


def test_a_folder_of_an_exercise_that_is_gone_is_reported(course):
    make(course)
    old = course.assignments / "99_gone"
    old.mkdir()
    (old / "exercise.toml").write_text("", encoding="utf-8")
    assert make(course, check=True).stale == (old,)


def nudge(course: Course, factor: float) -> bytes:
    """Change every frozen float by a factor, as another processor might by a rounding."""
    path = course.assignments / NAME / "answers.json"
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=lambda t: float(t) * factor)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path.read_bytes()


def test_answers_that_differ_in_their_last_bits_stay_as_they_are(course):
    make(course)
    before = nudge(course, 1 + 1e-15)
    assert make(course, check=True).stale == ()
    assert make(course).written == ()
    assert content(course)["answers.json"] == before


def test_answers_that_differ_by_more_are_stale(course):
    make(course)
    nudge(course, 1 + 1e-8)
    assert [path.name for path in make(course, check=True).stale] == ["answers.json"]


@pytest.mark.parametrize(
    ("source", "good"), [("def f(m):  # why\n  return 1", True), ("def f(m): pass", False)]
)
def test_a_probe_may_be_written_otherwise_as_long_as_it_says_the_same(source, good):
    old, new = (
        json.dumps({"checksum": "", "call": {"target": {"$code": "f", "source": each}}}).encode()
        for each in ("def f(m):\n    return 1\n", source)
    )
    assert building._as_good("answers.json", old, new) is good


# ---- frozen answers that stay ----


@pytest.fixture
def freezes(monkeypatch):
    """Count how often answers are frozen."""
    made = []
    real = building.freeze
    monkeypatch.setattr(building, "freeze", lambda e: made.append(e.name) or real(e))
    return made


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_answers_are_frozen_again_only_where_what_they_are_made_of_has_changed(course, freezes):
    make(course)
    exercise = course.authored(NAME)
    change(exercise.source, "Say here", "Tell here")
    change(exercise.folder / "exercise.toml", "points = ", "points =  ")
    make(course)
    assert freezes == [NAME]
    with exercise.variants.open("a", encoding="utf-8") as file:
        file.write("\n\nNOTHING = 1\n")
    assert [path.name for path in make(course, check=True).stale] == ["answers.json"]
    make(course)
    assert make(course, check=True).stale == ()
    assert freezes == [NAME] * 3


def test_answers_that_somebody_has_changed_are_frozen_again_where_it_is_forced(course, freezes):
    make(course)
    before = content(course)["answers.json"]
    change(course.assignments / NAME / "answers.json", '"$array": [', '"$array": [7.5, ')
    assert [path.name for path in make(course, check=True).stale] == ["answers.json"]
    assert [path.name for path in make(course).kept] == ["answers.json"]
    make(course, force=True)
    assert content(course)["answers.json"] == before
    assert freezes == [NAME] * 4


def test_answers_can_be_frozen_afresh(course, freezes):
    make(course)
    assert make(course, check=True, fresh=True).stale == ()
    assert freezes == [NAME] * 2


def test_damaged_answers_are_stale(course):
    make(course)
    (course.assignments / NAME / "answers.json").write_text("{", encoding="utf-8")
    assert [path.name for path in make(course, check=True).stale] == ["answers.json"]


def test_advance_is_told_of_each_exercise(course):
    seen: list[tuple[int, int]] = []
    build(course, course.exercises, "en", advance=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 1)]
