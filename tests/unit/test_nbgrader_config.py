"""configure(...) tells nbgrader of a course of ours, and changes nothing else that it has set."""

import shutil

import pytest

pytest.importorskip("nbgrader")

from traitlets.config import Config

from autograder.nbgrader import config as configured
from autograder.nbgrader import configure
from autograder.nbgrader.source import SOURCE

COURSE = 'exercises = ["01_tiny"]\nsalt = "s"\n[title]\nen = "T"\nzh = "T"\n'
GIVEN = ("tiny.ipynb", "tiny.py", "test_public.py", "exercise.toml", "answers.json")


@pytest.fixture
def course(tiny_exercise, tmp_path):
    """A course whose exercise was built, as far as nbgrader's configuration looks at it."""
    tiny_exercise()
    (tmp_path / "course.toml").write_text(COURSE)
    built = tmp_path / "assignments" / "01_tiny"
    shutil.copytree(tmp_path / "solutions" / "01_tiny", built)
    (built / "tiny.ipynb").write_text("{}")
    (built / "answers.json").write_text("{}")
    return tmp_path


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_no_setting_that_another_assignment_could_have_is_changed(course):
    config = Config()
    config.Autograde.autograde_preprocessors.append("own.Mark")
    config.GenerateAssignment.preprocessors = ["own.Clear"]
    before = {name: str(section) for name, section in config.items()}
    configure(config, course, layout=False)
    assert config.pop("GradeFlow") == {"course": str(course), "sandbox": "cage"}
    config.pop("CourseDirectory")
    assert {name: str(section) for name, section in config.items()} == before


def test_the_generated_source_folder_holds_what_was_built_and_nothing_else(course):
    configure(Config(), course)
    room = course / SOURCE / "01_tiny"
    assert files_in(room) == sorted(GIVEN)
    (course / "assignments" / "01_tiny" / "tiny.py").write_text("# built anew\n")
    (room / "test_hidden.py").write_text("secret = 1\n")
    (room / "notes").mkdir()
    configure(Config(), course)
    assert files_in(room) == sorted(GIVEN)
    assert (room / "tiny.py").read_text() == "# built anew\n"


def test_a_source_folder_of_the_courses_own_loses_nothing(course):
    config = Config()
    config.CourseDirectory.source_directory = "mine"
    other = course / "mine" / "ps1"
    other.mkdir(parents=True)
    (other / "problem.ipynb").write_text("{}")
    configure(config, course, layout=False)
    (course / "mine" / "01_tiny" / "data.csv").write_text("1,2\n")
    configure(config, course, layout=False)
    assert files_in(course / "mine" / "01_tiny") == sorted((*GIVEN, "data.csv"))
    assert files_in(other) == ["problem.ipynb"]
    assert not (course / SOURCE).exists()


def test_where_authors_work_nbgrader_never_looks(course):
    config = Config()
    config.CourseDirectory.source_directory = "solutions"
    before = files_in(course / "solutions" / "01_tiny")
    configure(config, course, layout=False)
    assert files_in(course / "solutions" / "01_tiny") == before
    assert files_in(course / SOURCE / "01_tiny") == sorted(GIVEN)


def test_an_assignment_with_the_name_of_an_exercise_is_not_overwritten(course):
    own = course / "source" / "01_tiny"
    own.mkdir(parents=True)
    (own / "tiny.ipynb").write_text("mine")
    with pytest.raises(SystemExit, match="rename one of the two"):
        configure(Config(), course, layout=False)
    assert (own / "tiny.ipynb").read_text() == "mine"


def test_a_course_that_cannot_be_read_ends_nbgrader_with_a_sentence(tmp_path):
    with pytest.raises(SystemExit, match=r"nbgrader_config\.py: .*course\.toml"):
        configure(Config(), tmp_path)
    (tmp_path / "course.toml").write_text("exercises = [\n")
    with pytest.raises(SystemExit, match=r"course\.toml:"):
        configure(Config(), tmp_path)


def test_how_many_are_graded_at_once_can_be_set_and_no_nonsense(course):
    config = Config()
    configure(config, course, jobs=1)
    assert config.GradeFlow.jobs == 1
    with pytest.raises(SystemExit, match="jobs = 0 must be a whole number, 1 or more"):
        configure(Config(), course, jobs=0)


def test_whatever_else_goes_wrong_ends_nbgrader_too_and_nobody_runs_uncaged(course, monkeypatch):
    def forbidden(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", "solutions")

    monkeypatch.setattr(configured, "supply", forbidden)
    with pytest.raises(SystemExit, match=r"PermissionError.*--undo"):
        configure(Config(), course)
