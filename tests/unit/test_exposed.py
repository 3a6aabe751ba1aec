"""Whether other people on the machine can read what is hidden from learners."""

import sys
import tempfile
from pathlib import Path

import pytest

from autograder.doctor.exposed import exposed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")


@pytest.fixture
def course(tmp_path):
    temporary = Path(tempfile.gettempdir())
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(temporary) and folder != temporary:
            folder.chmod(0o755)
    root = tmp_path / "course"
    (root / "solutions").mkdir(parents=True)
    (root / "course.toml").write_text("salt")
    root.chmod(0o755)
    (root / "solutions").chmod(0o755)
    (root / "course.toml").chmod(0o644)
    return root


def test_a_usual_umask_lets_everyone_read_solutions_and_salt(course):
    assert exposed(course) == ("solutions", "course.toml")


def test_a_folder_that_nobody_else_enters_hides_all_in_it(course):
    course.chmod(0o700)
    assert exposed(course) == ()


def test_what_is_closed_itself_is_not_named(course):
    (course / "solutions").chmod(0o700)
    assert exposed(course) == ("course.toml",)
