"""From a release to a learner's own folder, in their language, again and again."""

import json
import os
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.authoring.release import put_into, zipped
from autograder.catalogue import find_course
from autograder.cli.app import app
from autograder.errors import GradeFlowError, LearnerError
from autograder.handout.release import Release, read_release
from autograder.handout.sources import open_source

ROOM = "assignments/01_tiny"
STUB = 'def double(z):\n    raise NotImplementedError("double")\n'
MANIFEST = """name = "01_tiny"
module = "tiny"
points = 4
[title]
en = "Tiny"
zh = "小练习"
[[tasks]]
name = "double"
points = 4
title = { en = "Twice", zh = "加倍" }
hints = { en = ["2 times 3?"], zh = ["2 乘 3？"] }
"""


def release(stub=STUB, **more):
    files = {f"{ROOM}/tiny.py": stub.encode(), f"{ROOM}/exercise.toml": MANIFEST.encode()}
    files |= {name: text.encode() for name, text in more.items()}
    zh = {f"{ROOM}/tiny.py": f"# 中文\n{stub}".encode()}
    return Release({"en": "C", "zh": "课"}, ("01_tiny",), ("en", "zh"), files, {"zh": zh})


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a release in it, as a folder and as a zip."""
    monkeypatch.delenv("GRADEFLOW_LANGUAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    put_into(release(), tmp_path / "course")
    (tmp_path / "course.zip").write_bytes(zipped(release().tree(), "course"))
    return tmp_path


def start(*arguments, typed=None):
    return CliRunner().invoke(app, ["start", *map(str, arguments)], input=typed)


def done(*arguments):
    result = start(*arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def said(*arguments):
    error = start(*arguments).exception
    assert type(error) is GradeFlowError
    return str(error)


@pytest.mark.parametrize("source", ["course", "course.zip"])
def test_a_folder_or_a_zip_becomes_a_learners_own_folder(here, source):
    assert "Your course is in mine" in done(source, "mine")
    assert (here / "mine" / ROOM / "tiny.py").read_text() == STUB
    course = find_course(here / "mine")
    assert (course.exercises, course.language, course.salt) == (("01_tiny",), "en", "")
    assert not (here / "mine" / "translations").exists()


def test_the_language_is_remembered_and_all_speak_it(here, monkeypatch):
    done("course", "mine", "--language", "zh")
    assert (here / "mine" / ROOM / "tiny.py").read_text(encoding="utf-8").startswith("# 中文")
    monkeypatch.chdir(here / "mine")
    assert "已经是最新的" in done("../course")
    assert "用法：" in CliRunner().invoke(app, ["check", "--help"]).output
    assert "2 乘 3？" in CliRunner().invoke(app, ["hint", "double"]).output
    assert "没有任务" in str(CliRunner().invoke(app, ["hint", "nothing"]).exception)


def test_inside_of_a_started_folder_no_folder_needs_to_be_named(here, monkeypatch):
    done("course", "mine")
    monkeypatch.chdir(here / "mine")
    put_into(release(STUB + "# newer\n"), here / "course")
    assert "updated: assignments/01_tiny/tiny.py" in done("../course")


def test_a_newer_release_updates_what_is_untouched_and_leaves_and_names_own_work(here):
    done("course", "mine")
    own = here / "mine" / ROOM / "tiny.py"
    own.write_text("def double(z):\n    return 2 * z\n")
    newer = release(STUB + "# newer\n", **{f"{ROOM}/plot.py": "x = 1\n"})
    put_into(newer, here / "course")
    text = done("course", "mine")
    assert "new: assignments/01_tiny/plot.py" in text
    assert "left as it is, since it is your own work: assignments/01_tiny/tiny.py" in text
    assert own.read_text() == "def double(z):\n    return 2 * z\n"


def test_another_language_changes_what_is_untouched(here):
    done("course", "mine")
    done("course", "mine", "--language", "zh")
    assert (here / "mine" / ROOM / "tiny.py").read_text(encoding="utf-8").startswith("# 中文")
    assert find_course(here / "mine").language == "zh"


def test_a_language_chosen_by_hand_in_course_toml_stays_chosen(here):
    done("course", "mine")
    path = here / "mine" / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('e = "en"', 'e = "zh"'), "utf-8")
    done("course", "mine")
    assert find_course(here / "mine").language == "zh"


def test_own_files_in_a_folder_that_was_not_started_are_left_alone(here):
    own = here / "mine" / ROOM / "tiny.py"
    own.parent.mkdir(parents=True)
    own.write_text("mine = 1\n")
    assert "your own work" in done("course", "mine")
    assert own.read_text() == "mine = 1\n"


def test_what_is_no_longer_released_is_told_and_stays(here):
    put_into(release(**{f"{ROOM}/plot.py": "x = 1\n"}), here / "course")
    done("course", "mine")
    put_into(release(), here / "course")
    assert "no longer in the course" in done("course", "mine")
    assert (here / "mine" / ROOM / "plot.py").is_file()
    assert not (here / "course" / ROOM / "plot.py").exists()


def test_a_file_that_was_deleted_comes_back(here):
    done("course", "mine")
    (here / "mine" / ROOM / "tiny.py").unlink()
    assert "new: assignments/01_tiny/tiny.py" in done("course", "mine")


def test_a_checkout_with_solutions_gives_what_was_built_and_nothing_else(here):
    root = here / "repository"
    shutil.copytree(here / "course" / "assignments", root / "assignments")
    (root / "solutions" / "01_tiny").mkdir(parents=True)
    (root / ROOM / "attempt.py").write_text("mine = 1\n")
    (root / "course.toml").write_text(
        'exercises = ["01_tiny"]\nsalt = "s3cr3t"\n[title]\nen = "C"\n', encoding="utf-8"
    )
    done("repository", "mine")
    files = {path.name for path in (here / "mine").rglob("*") if path.is_file()}
    assert files == {"course.toml", "tiny.py", "exercise.toml", "given.json"}
    assert "s3cr3t" not in (here / "mine" / "course.toml").read_text(encoding="utf-8")


def test_a_course_that_is_installed_as_a_package_is_known_by_its_name(here, monkeypatch):
    site = here / "site"
    shutil.copytree(here / "course", site / "tiny_course")
    (site / "tiny_course" / "__init__.py").touch()
    info = site / "tiny_course-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-course\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[gradeflow.courses]\ntiny = tiny_course\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "tiny_course", raising=False)
    done("tiny", "mine")
    assert (here / "mine" / ROOM / "tiny.py").read_text() == STUB
    assert "Did you mean tiny?" in said("tinny", "other")


def test_a_zip_of_a_repository_holds_all_in_one_folder_of_any_name(here):
    (here / "main.zip").write_bytes(zipped(release().tree(), "course-main"))
    done("main.zip", "mine")
    assert (here / "mine" / ROOM / "tiny.py").is_file()


def test_a_folder_with_another_course_in_it_is_left_as_it_is(here):
    done("course", "mine")
    other = Release({"en": "Other"}, ("02_x",), ("en",), {"assignments/02_x/exercise.toml": b"x"})
    put_into(other, here / "other")
    assert "mine holds another course already: C." in said("other", "mine")
    assert find_course(here / "mine").exercises == ("01_tiny",)


def test_a_course_with_a_new_title_or_other_exercises_is_no_other_course(here):
    done("course", "mine")
    put_into(replace(release(), title={"en": "New"}), here / "course")
    assert "up to date now" in done("course", "mine")
    files = {"assignments/02_x/exercise.toml": b"x"}
    put_into(Release({"en": "New"}, ("02_x",), ("en",), files), here / "next")
    assert "new: assignments/02_x/exercise.toml" in done("next", "mine")


@pytest.mark.skipif(os.name != "posix", reason="shells elsewhere quote otherwise")
def test_what_is_to_be_typed_can_be_typed_whatever_the_folder_is_called(here):
    assert "cd 'my course'," in done("course", "my course")
    assert "cd 课程," in done("course", "课程")


MISTAKES = [
    (("nothing", "mine"), "There is no folder, zip"),
    (("empty", "mine"), "holds no course"),
    (("text.zip", "mine"), "cannot be unpacked"),
    (("course", "course/mine"), "lies inside of"),
    (("course", "text.zip"), "is a file"),
    (("course", "authors"), "a course with its solutions"),
    (("course", "mine", "--language", "fr"), "There are: en, zh"),
]


@pytest.mark.parametrize(("arguments", "told"), MISTAKES)
def test_a_mistake_is_one_sentence_and_makes_nothing(here, arguments, told):
    (here / "empty").mkdir()
    (here / "text.zip").write_text("no zip")
    (here / "authors" / "solutions").mkdir(parents=True)
    assert told in said(*arguments)
    assert not (here / "mine").exists()


def test_a_release_of_which_a_file_was_changed_is_refused(here):
    (here / "course" / ROOM / "exercise.toml").write_text("points = 3\n")
    assert "exercise.toml is missing, or is not as it was handed out" in said("course", "mine")


@pytest.mark.parametrize(
    "name", ["../outside.py", "/outside.py", "a/../../b", "C:\\x", ".gradeflow/x"]
)
def test_a_release_writes_nowhere_but_into_its_folder(here, name):
    mark = here / "course" / "release.json"
    data = json.loads(mark.read_text())
    data["files"][name] = "0"
    mark.write_text(json.dumps(data))
    with pytest.raises(LearnerError, match=r"release\.json"):
        read_release(here / "course")


def broken(data, kind):
    """Break a zip as it may be: cut a member, lock it by a password, pack it in an unknown way."""
    at = data.index(b"PK\x01\x02")  # the first entry of the directory
    if kind == "cut":
        name = data.index(b"raise NotImplementedError") if b"raise Not" in data else 60
        return data[:name] + b"\0\0\0\0" + data[name + 4 :]
    place, value = {"password": (8, b"\x01\x00"), "packing": (10, b"\x63\x00")}[kind]
    entries = []
    while at >= 0:
        entries.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    for entry in entries:
        data = data[: entry + place] + value + data[entry + place + 2 :]
    return data


@pytest.mark.parametrize("kind", ["cut", "password", "packing"])
def test_a_zip_that_is_damaged_or_locked_is_told_in_a_sentence(here, kind):
    zip_file = here / "course.zip"
    zip_file.write_bytes(broken(zip_file.read_bytes(), kind))
    assert "course.zip cannot be unpacked" in said("course.zip", "mine")
    assert not (here / "mine").exists()


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("course.toml", 'exercises = ["01_tiny"]\ntitle = "C"\n', "the title must be a table"),
        (f"{ROOM}/exercise.toml", "module = [", "names no module"),
        (f"{ROOM}/exercise.toml", "points = 3\n", "names no module"),
    ],
)
def test_a_checkout_with_a_broken_file_is_told_in_a_sentence(here, file, text, told):
    (here / "course" / "release.json").unlink()
    (here / "course" / file).write_text(text, encoding="utf-8")
    assert told in said("course", "mine")


def test_a_package_that_was_taken_away_is_no_course_any_more(here, monkeypatch):
    info = here / "site" / "gone_course-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gone-course\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[gradeflow.courses]\ngone = gone_course\n")
    monkeypatch.syspath_prepend(here / "site")
    assert "There is no folder, zip or installed course 'gone'" in said("gone", "mine")


def test_a_zip_that_would_fill_the_disk_is_refused(here, monkeypatch):
    monkeypatch.setattr("autograder.handout.sources.MOST", 10)
    with pytest.raises(LearnerError, match="cannot be unpacked"), open_source("course.zip"):
        pass


def test_where_nobody_can_be_asked_the_first_language_is_taken_or_that_of_the_variable(
    here, monkeypatch
):
    done("course", "mine")
    assert find_course(here / "mine").language == "en"
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", "zh")
    done("course", "other")
    assert find_course(here / "other").language == "zh"


def test_a_release_is_put_only_where_nothing_else_lies(here):
    (here / "full").mkdir()
    (here / "full" / "own.txt").touch()
    with pytest.raises(GradeFlowError, match="holds something else than a release"):
        put_into(release(), here / "full")


def test_of_equal_releases_the_zips_are_equal_and_need_no_start_to_be_used(here):
    assert zipped(release().tree(), "course") == (here / "course.zip").read_bytes()
    with zipfile.ZipFile(here / "course.zip") as archive:
        archive.extractall(here / "unpacked")
    assert find_course(here / "unpacked" / "course").released("01_tiny").module == "tiny"
    assert Path("unpacked/course/translations/zh").is_dir()


def test_an_exercise_is_found_by_name_where_its_texts_speak_more_languages_than_the_course(here):
    files = release().files
    alone = Release({"en": "C"}, ("01_tiny",), ("en",), files)
    put_into(alone, here / "one")
    done("one", "mine")
    course = find_course(here / "mine")
    assert (course.languages, course.released("01_tiny").languages) == (("en",), ("en", "zh"))
