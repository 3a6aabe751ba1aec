"""nbgrader's gradebook in PostgreSQL: any address of SQLAlchemy's will do."""

from __future__ import annotations

import shutil

import nbgrader_course as c
import postgresql
import pytest
from nbgrader_course import DOUBLE, NAME, SQUARE, TOTAL

pytestmark = pytest.mark.real

AT_ONCE = ("-m", "autograder.cli", "nbgrader", "autograde", NAME)
STOCK = ("-m", "nbgrader", "autograde", NAME)
ANSWERS = {
    "right": {"double": DOUBLE, "total": TOTAL},
    "squared": {"double": SQUARE, "total": TOTAL},
    "陈": {"double": "import os\nos._exit(0)", "total": TOTAL},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = c.make_course(tmp_path_factory.mktemp("course"))
    notebook = c.released(root)
    for student, given in ANSWERS.items():
        c.submit(root, student, c.answered(notebook, **given))
    c.submit(root, "broken", "{broken")
    return root


@pytest.fixture(scope="module")
def address():
    with postgresql.server() as address:
        yield address


def moved(course, folder, url):
    """Copy the course, with its gradebook at another address."""
    shutil.copytree(course, folder)
    (folder / "gradebook.db").unlink()
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        # PostgreSQL minds that an assignment belongs to a course; SQLite does not.
        config.write('\nc = get_config()\nc.CourseDirectory.course_id = "nn"\n')
        config.write(f"c.CourseDirectory.db_url = {url!r}\n")
    return folder


def told(course, url=None):
    comments = {student: c.comments(course, student, url) for student in c.scores(course, url)}
    return c.gradebook_scores(course, url), comments


def test_both_commands_grade_into_postgresql_what_they_grade_into_sqlite(course, address, tmp_path):
    url = postgresql.create_database(address, "generated")
    first = moved(course, tmp_path / "generated", url)
    c.nbgrader(first, "generate_assignment", NAME)
    c.run(course, *AT_ONCE)
    wanted = told(course)
    assert set(wanted[0]) == {*ANSWERS, "broken"}
    assert wanted[0]["right"]["double"] == (4.0, None, 4.0, False)

    for name, command in {
        "at_once": AT_ONCE,
        "stock": ("-m", "nbgrader", "autograde", NAME),
    }.items():
        url = postgresql.create_database(address, name, template="generated")
        root = moved(course, tmp_path / name, url)
        shutil.rmtree(root / "autograded")
        shutil.rmtree(root / "build" / "nbgrader" / "results")
        c.run(root, *command)
        assert told(root, url) == wanted
        assert not (root / "gradebook.db").exists()
        # What one command has graded the other leaves as it is.
        assert "4 unchanged" in c.run(root, *AT_ONCE)


def test_a_gradebook_whose_server_is_not_there_says_where_it_was_looked_for(course, tmp_path):
    pytest.importorskip("psycopg", reason='pip install "gradeflow[postgresql]"')
    url = f"postgresql+psycopg://teacher@/none?host={tmp_path}"
    said = c.run(moved(course, tmp_path / "course", url), *AT_ONCE, fails=True)
    assert "The gradebook cannot be opened" in said
    assert "db_url in nbgrader_config.py" in said
    assert "Traceback" not in said


def test_a_database_without_its_python_package_says_what_to_install(course, tmp_path):
    url = "mysql+pymysql://teacher@localhost/none"
    said = c.run(moved(course, tmp_path / "course", url), *AT_ONCE, fails=True)
    assert "needs the Python package" in said
    assert "Traceback" not in said
