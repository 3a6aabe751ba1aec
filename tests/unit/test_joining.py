"""`gradeflow nbgrader init` adds a few lines to a configuration, and takes them out again."""

import os
import stat

import pytest

pytest.importorskip("nbgrader")

from autograder.catalogue import find_course
from autograder.errors import GradeFlowError
from autograder.nbgrader.joining import CONFIG, COURSE, Joined, join, leave

SETTINGS = [
    b"c = get_config()\nc.CourseDirectory.course_id = 'nn'\n",
    b"c = get_config()\nc.CourseDirectory.course_id = 'no newline at the end'",
    "c = get_config()\r\nc.CourseDirectory.course_id = '神经网络'\r\n".encode("gb18030"),
    b"\xef\xbb\xbfc = get_config()\n\n\n",
]


@pytest.mark.parametrize("before", SETTINGS, ids=["usual", "no newline", "windows", "marked"])
def test_what_stood_in_the_file_stands_there_again_after_undo(tmp_path, before):
    path = tmp_path / CONFIG
    path.write_bytes(before)
    path.chmod(0o640)
    assert join(tmp_path) == Joined("extended", "made", own_layout=True)
    assert path.read_bytes().startswith(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 or os.name == "nt"
    assert leave(tmp_path)
    assert path.read_bytes() == before
    assert not leave(tmp_path)


def test_lines_end_as_those_of_the_file_do(tmp_path):
    (tmp_path / CONFIG).write_bytes(b"c = get_config()\r\n")
    join(tmp_path)
    text = (tmp_path / CONFIG).read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 5


def test_doing_it_twice_changes_nothing(tmp_path):
    (tmp_path / CONFIG).write_bytes(SETTINGS[0])
    join(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert join(tmp_path) == Joined("kept", "kept", own_layout=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_course_of_nbgraders_own_keeps_its_folders(tmp_path):
    (tmp_path / "source").mkdir()
    assert join(tmp_path).own_layout
    assert "layout=False" in (tmp_path / CONFIG).read_text()


def test_where_there_is_no_course_yet_one_is_started(tmp_path):
    assert join(tmp_path) == Joined("made", "made", own_layout=False)
    assert "layout" not in (tmp_path / CONFIG).read_text()
    assert leave(tmp_path)
    assert not (tmp_path / CONFIG).exists(), "it held nothing else"


def test_exercises_that_lie_there_are_listed_and_each_course_has_a_salt_of_its_own(tmp_path):
    salts = set()
    for name in ('one "two" \\', "深度学习"):
        root = tmp_path / name
        for folder in ("01_first", "02_second", "notes"):
            (root / "solutions" / folder).mkdir(parents=True)
        for folder in ("01_first", "02_second"):
            (root / "solutions" / folder / "exercise.toml").write_text("")
        join(root)
        course = find_course(root)
        assert course.exercises == ("01_first", "02_second")
        salts.add(course.salt)
    assert len(salts) == 2


def test_lines_written_by_hand_are_left_alone_and_told(tmp_path):
    text = "from autograder.nbgrader import configure\nconfigure(get_config(), '.')\n"
    (tmp_path / CONFIG).write_text(text)
    assert join(tmp_path).config == "kept"
    with pytest.raises(GradeFlowError, match="lines of your own"):
        leave(tmp_path)
    assert (tmp_path / CONFIG).read_text() == text


def test_undo_outside_of_a_course_says_where_to_go(tmp_path):
    with pytest.raises(GradeFlowError, match="run this in the course's folder"):
        leave(tmp_path)
    assert not (tmp_path / COURSE).exists()
