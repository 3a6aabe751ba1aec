"""configure(...) puts our preprocessors into nbgrader's lists, and keeps what a course has set."""

import shutil

import pytest

pytest.importorskip("nbgrader")

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import AssignLatePenalties, Execute, SaveAutoGrades
from traitlets.config import Config

from autograder.nbgrader import config as configured
from autograder.nbgrader import configure
from autograder.nbgrader.source import SOURCE

GRADE = "autograder.nbgrader.preprocessors.GradeCaged"
LATE = "nbgrader.preprocessors.AssignLatePenalties"
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


@pytest.mark.parametrize(
    ("stock", "nbgraders"),
    [
        (configured.SANITIZE, Autograde.sanitize_preprocessors),
        (configured.AUTOGRADE, Autograde.autograde_preprocessors),
        (configured.FEEDBACK, GenerateFeedback.preprocessors),
        (configured.GENERATE, GenerateAssignment.preprocessors),
    ],
    ids=["sanitize", "autograde", "feedback", "generate"],
)
def test_what_runs_without_any_setting_is_what_the_installed_nbgrader_runs(stock, nbgraders):
    assert [name.rpartition(".")[2] for name in stock] == [
        kind.__name__ for kind in nbgraders.default()
    ]


def test_other_assignments_are_graded_as_the_course_has_set_it(course):
    config = Config()
    config.Autograde.autograde_preprocessors = [Execute, "own.Mark", AssignLatePenalties]
    configure(config, course, layout=False)
    assert config.GradeCaged.otherwise == [Execute, "own.Mark"]
    assert config.Autograde.autograde_preprocessors[0] == GRADE
    assert len(config.Autograde.autograde_preprocessors) == 2


def test_what_a_course_appends_to_nbgraders_lists_is_kept(course):
    config = Config()
    config.Autograde.autograde_preprocessors.append("own.Mark")
    config.Autograde.sanitize_preprocessors.insert(0, "own.First")
    configure(config, course, layout=False)
    names = [str(each).rpartition(".")[2] for each in config.GradeCaged.otherwise]
    assert names[0] == Execute.__name__
    assert SaveAutoGrades.__name__ in names
    assert names[-1] == "Mark"
    assert AssignLatePenalties.__name__ not in names, "it would run twice"
    assert config.Autograde.autograde_preprocessors == [GRADE, LATE]
    assert config.PutInOrder.otherwise[0] == "own.First"


def test_a_course_that_gives_no_late_penalties_gives_none_for_our_exercises(course):
    config = Config()
    config.Autograde.autograde_preprocessors = [Execute, SaveAutoGrades]
    configure(config, course, layout=False)
    assert config.Autograde.autograde_preprocessors == [GRADE]


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


def test_whatever_else_goes_wrong_ends_nbgrader_too_and_nobody_runs_uncaged(course, monkeypatch):
    def forbidden(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", "solutions")

    monkeypatch.setattr(configured, "supply", forbidden)
    with pytest.raises(SystemExit, match=r"PermissionError.*--undo"):
        configure(Config(), course)
