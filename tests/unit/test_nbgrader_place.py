"""Which notebooks nbgrader comes to next."""

from types import SimpleNamespace

import pytest

pytest.importorskip("nbgrader")

from nbgrader.coursedir import CourseDirectory

from autograder.catalogue import find_course
from autograder.nbgrader.place import place_of, places_behind


@pytest.fixture
def root(tiny_exercise, tmp_path):
    tiny_exercise()
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny"]\nsalt = "s"\n[title]\nen = "T"\nzh = "T"\n'
    )
    return find_course(tmp_path).root


def behind(root, student, most=2, *, students="abcd", force=False):
    """Ask, behind a student of a class, for the students that follow."""
    coursedir = CourseDirectory(root=str(root))
    folders = {str(root / "submitted" / each / "01_tiny"): [] for each in reversed(students)}
    converter = SimpleNamespace(coursedir=coursedir, assignments=folders, force=force)
    place = place_of(str(root), coursedir, "01_tiny", student, "tiny")
    return [each.student for each in places_behind(place, converter, most)]


def test_they_come_by_the_alphabet_and_no_more_than_were_asked_for(root):
    assert behind(root, "a") == ["b", "c"]
    assert behind(root, "c") == ["d"]
    assert behind(root, "d") == []


def test_who_has_been_graded_is_left_out_unless_all_are_graded_again(root):
    (root / "autograded" / "b" / "01_tiny").mkdir(parents=True)
    assert behind(root, "a") == ["c", "d"]
    assert behind(root, "a", force=True) == ["b", "c"]


def test_each_knows_where_its_own_files_lie(root):
    coursedir = CourseDirectory(root=str(root))
    there = root / "submitted" / "b" / "01_tiny"
    converter = SimpleNamespace(coursedir=coursedir, assignments={str(there): []}, force=False)
    (place,) = places_behind(place_of(str(root), coursedir, "01_tiny", "a", "tiny"), converter, 2)
    assert (place.submitted, place.assignment, place.notebook) == (there, "01_tiny", "tiny")
