from pathlib import Path

import pytest

from autograder.catalogue import find_course, find_exercise, load_exercise
from autograder.errors import CourseError, GradeFlowError


def test_an_exercise_is_read_as_typed_records(tiny_exercise):
    exercise = tiny_exercise()
    assert (exercise.name, exercise.module, exercise.points) == ("01_tiny", "tiny", 6.0)
    assert [task.name for task in exercise.tasks] == ["double", "total"]
    assert exercise.limits.wall == 1
    assert exercise.task("double").title.in_("zh") == "加倍"
    assert exercise.task("nothing") is None


def test_an_exercise_knows_its_files_and_that_it_is_not_released(tiny_exercise):
    exercise = tiny_exercise()
    assert [path.name for path in exercise.tests] == ["test_public.py", "test_hidden.py"]
    assert exercise.source.is_file()
    assert not exercise.released


def test_a_relative_folder_is_remembered_as_an_absolute_one(tiny_exercise, tmp_path, monkeypatch):
    tiny_exercise()
    monkeypatch.chdir(tmp_path / "solutions")
    assert load_exercise(Path("01_tiny")).folder.is_absolute()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("points = 6", "points = 7", 2, "add up to 6, but the exercise has 7"),
        ('module = "tiny"', 'module = "not a name"', 1, "is not a Python module's name"),
        ("hint.en =", 'raises = ["("]\n        hint.en =', 32, "which is no pattern"),
        ("wall = 1", "wal = 1", 9, "there is no limit 'wal'"),
        ("wall = 1", "wall = -1", 9, "must be more than 0"),
        ("wall = 1", "wall = nan", 9, "must be more than 0"),
        ("points = 4", "points = nan", 13, "must have points"),
        ('name = "total"', 'name = "double"', 13, "is listed twice"),
        ('hints.en = ["Add them up."]', "hints.en = []", 21, "0 rungs in en but 1 in zh"),
        ('title.zh = "加倍"', 'title.zh = " "', 13, "empty title or hint"),
        ("和是 {sum}", "和", 28, "names other facts in en than in zh"),
        ("points = 4", 'points = "four"', 14, "Expected `float`"),
        ("wall = 1", "wall = ", 9, "is not valid TOML"),
        ('module = "tiny"', "", None, "missing required field `module`"),
    ],
)
def test_a_mistake_in_the_manifest_is_named_with_its_line(
    tiny_exercise, tiny_files, old, new, line, says
):
    manifest = tiny_files["exercise.toml"]
    assert old in manifest
    with pytest.raises(CourseError) as caught:
        tiny_exercise(manifest=manifest.replace(old, new, 1))
    assert says in str(caught.value)
    assert caught.value.path.name == "exercise.toml"
    assert caught.value.line == line


def test_a_folder_without_a_manifest_says_which_file_is_missing(tmp_path):
    with pytest.raises(CourseError, match=r"exercise\.toml: this file is missing"):
        load_exercise(tmp_path)


def test_an_exercise_is_found_from_a_file_in_it(tiny_exercise):
    exercise = tiny_exercise()
    assert find_exercise(exercise.source).name == "01_tiny"


def course(tmp_path, exercises='["01_tiny"]', extra=""):
    (tmp_path / "course.toml").write_text(
        f'exercises = {exercises}\nsalt = "s"\n{extra}\n[title]\nen = "C"\nzh = "课"\n', "utf-8"
    )


def test_a_course_is_found_from_anywhere_inside(tiny_exercise, tmp_path):
    course(tmp_path)
    found = find_course(tiny_exercise().source)
    assert (found.root, found.salt, found.exercises) == (tmp_path.resolve(), "s", ("01_tiny",))
    assert found.authored("01_tiny").module == "tiny"


def test_an_exercise_that_the_course_does_not_have_is_an_error_that_lists_them(
    tiny_exercise, tmp_path
):
    tiny_exercise()
    course(tmp_path)
    with pytest.raises(GradeFlowError, match=r"There is no exercise '99_x' .* has: 01_tiny"):
        find_course(tmp_path).authored("99_x")


IN_ONE = """
    module = "tiny"
    points = 6
    title.de = "Klein"

    [[tasks]]
    name = "double"
    points = 6
    title.de = "Doppelt"
    hints.de = ["Was ist 2 mal 3?"]
"""


@pytest.mark.parametrize(
    ("listed", "says"),
    [("[]", "solutions/01_tiny is not listed"), ('["01_tiny", "02_x"]', "solutions/02_x is not")],
)
def test_a_course_lists_exactly_the_exercises_that_are_there(tiny_exercise, tmp_path, listed, says):
    tiny_exercise()
    course(tmp_path, listed)
    with pytest.raises(CourseError, match=says):
        find_course(tmp_path)


def test_a_language_that_the_course_has_not_is_a_located_error(tmp_path):
    course(tmp_path, "[]", 'language = "fr"')
    with pytest.raises(CourseError, match=r"course\.toml: language = 'fr' is none of .*: en, zh"):
        find_course(tmp_path)


def test_a_course_may_be_in_any_languages_and_an_exercise_in_some_of_them(tiny_exercise, tmp_path):
    exercise = tiny_exercise(manifest=IN_ONE)
    course(tmp_path, '["01_tiny"]', 'languages = ["zh", "de"]')
    found = find_course(tmp_path)
    assert (found.languages, found.language) == (("zh", "de"), "zh")
    assert found.authored("01_tiny").languages == ("de",)
    # Whoever reads another language gets the one that there is.
    assert exercise.title.in_("zh") == "Klein"
    course(tmp_path, '["01_tiny"]', 'languages = ["zh"]')
    with pytest.raises(CourseError, match=r"is written in 'de', which course\.toml does not list"):
        find_course(tmp_path).authored("01_tiny")


def test_all_texts_of_an_exercise_are_in_the_languages_of_its_title(tiny_exercise):
    manifest = IN_ONE.replace('title.de = "Doppelt"', 'title.de = "Doppelt"\ntitle.en = "Double"')
    says = r"title of 'double' is written in de and en, but the exercise's title in de"
    with pytest.raises(CourseError, match=says):
        tiny_exercise(manifest=manifest)


def test_a_released_exercise_keeps_its_name_in_a_renamed_folder(tiny_exercise, tmp_path):
    folder = tiny_exercise().folder
    manifest = folder / "exercise.toml"
    manifest.write_text(f'name = "01_tiny"\n{manifest.read_text(encoding="utf-8")}')
    renamed = folder.rename(tmp_path / "my homework")
    assert load_exercise(renamed).name == "01_tiny"
