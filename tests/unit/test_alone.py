import os

import pytest

from autograder.catalogue import load_exercise
from autograder.errors import GradeFlowError
from autograder.grading.alone import own_file

STUB = 'def double(z):\n    raise NotImplementedError("double")\n'
STUB += 'def total(z):\n    raise NotImplementedError("total")\n'
NOTEBOOK = STUB.replace('"', '\\"')


@pytest.fixture
def folder(tiny_exercise):
    """An exercise with both forms of its stub."""
    folder = tiny_exercise().folder
    (folder / "tiny.py").write_text(STUB, encoding="utf-8")
    (folder / "tiny.ipynb").write_text(NOTEBOOK, encoding="utf-8")
    return folder


def test_the_file_in_which_something_is_written_is_the_learners_own(folder):
    (folder / "tiny.py").write_text(STUB.replace('raise NotImplementedError("total")', "return 1"))
    os.utime(folder / "tiny.ipynb", (2**31, 2**31))  # only opened and saved again
    assert own_file(load_exercise(folder)).name == "tiny.py"


def test_of_two_that_are_written_the_last_changed_is_the_learners_own(folder):
    (folder / "tiny.py").write_text("def double(z):\n    return z\n")
    (folder / "tiny.ipynb").write_text("{}")
    os.utime(folder / "tiny.ipynb", (2**31, 2**31))
    assert own_file(load_exercise(folder)).name == "tiny.ipynb"


def test_a_misspelt_file_is_named(folder):
    (folder / "tiny.py").rename(folder / "tinny.py")
    (folder / "tiny.ipynb").unlink()
    with pytest.raises(GradeFlowError, match=r"there is tinny\.py: rename your file to tiny\.py"):
        own_file(load_exercise(folder))
