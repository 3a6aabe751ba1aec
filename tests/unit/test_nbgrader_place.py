"""Which folders of a course belong to an assignment, and to whom."""

import pytest

pytest.importorskip("nbgrader")

from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader.place import folders_of

STUDENTS = ("ann", "fay1", "fay[1]", "x*")


@pytest.fixture
def coursedir(tmp_path):
    """A course in a folder whose name is a pattern, too."""
    root = tmp_path / "nn[2026]"
    for student in STUDENTS:
        (root / "submitted" / student / "01_tiny").mkdir(parents=True)
    (root / "submitted" / "bob" / "02_other").mkdir(parents=True)
    (root / "submitted" / "not_a_folder.zip").write_text("")
    return CourseDirectory(root=str(root))


def learners(coursedir):
    return [*folders_of(coursedir, "submitted", "01_tiny")]


def test_everyone_with_a_folder_is_found_whatever_their_id_would_mean_as_a_pattern(coursedir):
    assert learners(coursedir) == sorted(STUDENTS)


@pytest.mark.parametrize(
    ("said", "found"),
    [("fay[1]", ["fay[1]"]), ("x*", ["x*"]), ("fay*", ["fay1", "fay[1]"]), ("nobody", [])],
)
def test_who_is_asked_for_is_one_learner_or_else_a_pattern(coursedir, said, found):
    coursedir.student_id = said
    assert learners(coursedir) == found


def test_who_is_excluded_is_left_out(coursedir):
    coursedir.student_id_exclude = "ann,x*"
    assert learners(coursedir) == ["fay1", "fay[1]"]


def test_another_structure_of_folders_is_read_as_well(coursedir, tmp_path):
    coursedir.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
    folder = tmp_path / "nn[2026]" / "submitted" / "01_tiny" / "eve"
    folder.mkdir(parents=True)
    assert folders_of(coursedir, "submitted", "01_tiny") == {"eve": folder}
