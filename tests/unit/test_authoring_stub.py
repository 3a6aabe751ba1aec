"""What learners get of a source: stub, manifest and the skeleton of a new exercise."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import jupytext
import pytest

from autograder.authoring.build import build, faults
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.skeleton import new_exercise
from autograder.authoring.source import read_source
from autograder.authoring.stub import stub_of
from autograder.catalogue import Course, Exercise, find_course
from autograder.errors import CourseError, GradeFlowError
from autograder.messages import translate
from autograder.model import Verdict

LIST = 'exercises = []\n\n[title]\nen = "Small"\nzh = "小课程"\n'
PERCENT = {"extension": ".py", "format_name": "percent"}


def course_in(root: Path, text: str = LIST) -> Course:
    (root / "course.toml").write_text(text, encoding="utf-8")
    course = find_course(root)
    assert course is not None
    return course


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    new_exercise(course_in(tmp_path), "13_sums")
    course = find_course(tmp_path)
    assert course is not None
    return course.authored("13_sums")


# ---- the source ----


def test_every_cell_knows_the_line_where_its_text_begins(exercise):
    lines = exercise.source.read_text(encoding="utf-8").splitlines()
    for cell in read_source(exercise.source):
        first = cell.text.splitlines()[0]
        comment = "# " if cell.kind == "prose" else ""
        assert lines[cell.line - 1] == comment + first


def test_cells_carry_kind_language_and_task(exercise):
    cells = read_source(exercise.source)
    found = [(cell.kind, cell.language, cell.task) for cell in cells]
    pair = [("prose", "en", None), ("prose", "zh", None)]
    code = [("code", None, None)]
    assert found == [*pair, *code, *pair, ("code", None, "weighted_sums")]


# ---- the stub ----


def test_the_stub_raises_the_tasks_name(exercise):
    scope: dict[str, object] = {}
    exec(stub_of(exercise, "en"), scope)
    with pytest.raises(NotImplementedError, match=r"^weighted_sums$"):
        scope["weighted_sums"](None, None, None)  # type: ignore[operator]


def test_the_stub_keeps_signature_shapes_and_example(exercise):
    stub = ast.parse(stub_of(exercise, "en"))
    own = ast.parse(exercise.source.read_text(encoding="utf-8"))
    after, before = stub.body[-1], own.body[-1]
    assert isinstance(after, ast.FunctionDef)
    assert isinstance(before, ast.FunctionDef)
    assert ast.dump(after.args) == ast.dump(before.args)
    assert ast.get_docstring(after) == ast.get_docstring(before)


@pytest.mark.parametrize(
    ("language", "has", "lacks"), [("en", "row", "样本"), ("zh", "样本", "row of")]
)
def test_the_stub_speaks_one_language(exercise, language, has, lacks):
    prose = "\n".join(
        cell.source
        for cell in jupytext.reads(stub_of(exercise, language), PERCENT).cells
        if cell.cell_type == "markdown"
    )
    assert has in prose
    assert lacks not in prose


def test_jupytext_opens_the_stub_as_the_cells_it_was_made_of(exercise):
    notebook = jupytext.reads(stub_of(exercise, "en"), PERCENT)
    cells = [cell for cell in read_source(exercise.source) if cell.language != "zh"]
    kinds = {"markdown": "prose", "code": "code"}
    assert [kinds[cell.cell_type] for cell in notebook.cells] == [cell.kind for cell in cells]
    first, *others = notebook.cells[:-1]
    assert first.source.startswith(cells[0].text)
    assert [cell.source for cell in others] == [cell.text for cell in cells[1:-1]]


@pytest.mark.parametrize(("language", "told"), [("en", "for 5 s"), ("zh", "最多计算 5 秒")])
def test_a_stub_tells_its_limits_at_its_beginning(exercise, language, told):
    first = jupytext.reads(stub_of(exercise, language), PERCENT).cells[0]
    assert told in first.source


def test_the_stub_holds_no_marker_of_ours(exercise):
    stub = stub_of(exercise, "en")
    assert not [word for word in ("SOLUTION", "lang=", "task=", "np.dot") if word in stub]


def test_the_stub_of_a_script_with_windows_line_ends_is_the_same(exercise):
    before = stub_of(exercise, "en")
    text = exercise.source.read_bytes().replace(b"\n", b"\r\n")
    exercise.source.write_bytes(text)
    assert stub_of(exercise, "en") == before


def test_two_regions_in_one_function_raise_at_each(exercise):
    text = exercise.source.read_text(encoding="utf-8")
    region = text[text.index("    ### BEGIN") :]
    second = text.replace(
        region,
        "    if b:\n        ### BEGIN SOLUTION\n        b = b * 1.0\n        ### END SOLUTION\n"
        + region,
    )
    exercise.source.write_text(second, encoding="utf-8")
    raised = (
        '        raise NotImplementedError("weighted_sums")\n    raise NotImplementedError("weig'
    )
    assert raised in stub_of(exercise, "en")


def test_the_stub_earns_nothing(exercise, grade, make_entry):
    (result,) = grade(exercise, make_entry(stub_of(exercise, "en"), module="sums"))
    assert result.score.points == 0
    assert {check.verdict for check in result.checks} == {Verdict.SKIPPED}


# ---- the manifest ----


def test_the_learners_manifest_lacks_what_is_for_authors(exercise):
    path = exercise.folder / "exercise.toml"
    own = path.read_text(encoding="utf-8")
    secret = (
        '# How the hidden check works.\n[equivalent]\n"f:sign:abc" = "reference uses [squares]"\n'
    )
    code = '[messages.note]\nen = """\n# kept\n[kept]\n"""\nzh = "好"\n'
    path.write_text(f"{own}\n{secret}\n{code}", encoding="utf-8")
    text = manifest_for_learners(path)
    assert "hidden check" not in text
    assert "squares" not in text
    assert tomllib.loads(text) == {"name": "13_sums"} | tomllib.loads(f"{own}\n{code}")


def test_an_equivalent_that_is_no_table_is_told(exercise):
    path = exercise.folder / "exercise.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'equivalent = {{ "f:x:1" = "why" }}\n{text}', encoding="utf-8")
    with pytest.raises(CourseError, match=r"exercise.toml:1: write \[equivalent\] as a table"):
        manifest_for_learners(path)


# ---- a new exercise ----


@pytest.mark.parametrize(
    "name", ["convolution", "1_x", "13-x", "13_X", "13_", "../13_x", "13_random"]
)
def test_a_name_that_does_not_fit_is_refused(tmp_path, name):
    course = course_in(tmp_path)
    with pytest.raises(GradeFlowError):
        new_exercise(course, name)
    assert not course.solutions.exists()


@pytest.mark.parametrize("name", ["13_sums", "13_other"])
def test_a_name_or_number_that_is_taken_is_refused(exercise, name):
    course = find_course(exercise.folder)
    with pytest.raises(GradeFlowError, match="13_sums"):
        new_exercise(course, name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("exercises = []", 'exercises = ["13_sums"]'),
        ("exercises = [\n  # none ] yet\n]", 'exercises = ["13_sums"\n  # none ] yet\n]'),
    ],
)
def test_course_toml_keeps_its_comments(tmp_path, before, after):
    text = LIST.replace("exercises = []", f"# Ours.\n{before} # in order")
    new_exercise(course_in(tmp_path, text), "13_sums")
    expected = text.replace(before, after)
    assert (tmp_path / "course.toml").read_text(encoding="utf-8") == expected


def test_a_second_exercise_is_listed_last(exercise):
    course = find_course(exercise.folder)
    new_exercise(course, "02_gates")
    assert find_course(exercise.folder).exercises == ("13_sums", "02_gates")


# ---- a course in other languages ----


@pytest.mark.parametrize("language", ["en", "zh", "de"])
def test_a_course_in_one_language_builds_whichever_it_is(tmp_path, language):
    text = f'exercises = []\nlanguages = ["{language}"]\n[title]\n{language} = "C"\n'
    folder = new_exercise(course_in(tmp_path, text), "13_sums")
    course = find_course(tmp_path)
    exercise = course.authored("13_sums")
    assert exercise.languages == (language,)
    assert [str(fault) for fault in faults(exercise)] == []
    # Prose of one language need not say which it is.
    source = folder / "sums.py"
    marked = source.read_text(encoding="utf-8")
    source.write_text(marked.replace(f' lang="{language}"', ""), encoding="utf-8")
    assert [str(fault) for fault in faults(exercise)] == []
    build(course, course.exercises, course.language)
    stub = (course.assignments / "13_sums" / "sums.py").read_text(encoding="utf-8")
    assert "# # 13. Sums" in stub
    assert ("任务 1" in stub) == (language == "zh")
    # Whoever asks for another language gets the one that there is.
    assert stub_of(exercise, "fr") == stub


def test_the_engine_speaks_english_where_it_does_not_speak_the_course_s_language():
    assert translate("evidence.shape", "de") == translate("evidence.shape", "en")
    assert translate("evidence.shape", "zh") != translate("evidence.shape", "en")
