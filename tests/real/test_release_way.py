"""The whole way of a new learner: the wheel in a fresh environment, a release, a solution."""

import os
import sys

import pytest

from autograder.authoring.build import build
from autograder.authoring.skeleton import new_exercise
from autograder.catalogue import find_course
from tests.real.clean_environment import built, environment, run
from tests.real.installed import need

need("hatchling", "jupytext", "nbgrader")
pytestmark = pytest.mark.real

WINDOWS = os.name == "nt"
STUB = 'raise NotImplementedError("weighted_sums")'


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built("wheel", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory, wheel):
    """What an instructor makes: a built course, released as a zip with the engine in it."""
    root = tmp_path_factory.mktemp("author")
    (root / "course.toml").write_text(
        'exercises = []\nsalt = "s3cr3t"\n[title]\nen = "Small"\nzh = "小课程"\n', encoding="utf-8"
    )
    new_exercise(find_course(root), "01_sums")
    course = find_course(root)
    build(course, course.exercises, "en")
    release = (sys.executable, "-m", "autograder", "release", "--zip", "small.zip")
    assert "released 1 exercise (en, zh)" in run(*release, "--wheel", wheel, cwd=root)
    return root / "small.zip"


@pytest.fixture(scope="module")
def learners(tmp_path_factory, handed_out):
    """A learner's fresh environment, with the engine installed from the release."""
    home = tmp_path_factory.mktemp("learner")
    run(sys.executable, "-m", "zipfile", "-e", handed_out, home, cwd=home)
    bin_folder = environment(home, next((home / "small").glob("*.whl")))
    return home, bin_folder / "gradeflow"


SAID = {
    "en": ("Your course is in", "Hint 1 of", "Well done!", "one sample"),
    "zh": ("你的课程在", "的提示 1/", "做得好！", "样本"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_a_release_to_a_solved_exercise(learners, language):
    home, gradeflow = learners
    begun, hint, well_done, prose = SAID[language]
    mine = f"mine-{language}"
    said = run(gradeflow, "start", "small", mine, "--language", language, cwd=home)
    assert begun in said
    own = home / mine
    script = own / "assignments" / "01_sums" / "sums.py"
    assert prose in script.read_text(encoding="utf-8")
    assert prose in script.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert "01_sums" in run(gradeflow, "list", cwd=own)
    run(gradeflow, "check", "1", cwd=own, fails=1)
    assert hint in run(gradeflow, "hint", "weighted_sums", cwd=own)

    stub = script.read_text(encoding="utf-8")
    script.write_text(stub.replace(STUB, "return X @ w"), encoding="utf-8")
    wrong = run(gradeflow, "check", "weighted_sums", cwd=own, fails=1)
    assert "✘ weighted_sums" in wrong
    script.write_text(stub.replace(STUB, "return X @ w + b"), encoding="utf-8")
    assert well_done in run(gradeflow, "check", cwd=script.parent)
    assert "✔" in run(gradeflow, "list", cwd=own)

    again = run(gradeflow, "start", "../small", cwd=own)
    assert "assignments/01_sums/sums.py" in again
    assert "return X @ w + b" in script.read_text(encoding="utf-8")
    run(gradeflow, "reset", "weighted_sums", cwd=own)
    assert script.read_text(encoding="utf-8") == stub
    kept = script.with_name("weighted_sums.py.old.txt").read_text(encoding="utf-8")
    assert "return X @ w + b" in kept


def test_a_learner_s_folder_holds_no_solution_and_no_salt(learners):
    home, gradeflow = learners
    run(gradeflow, "start", "small", "searched", cwd=home)
    files = [path for path in (home / "searched").rglob("*") if path.is_file()]
    assert len(files) > 8
    told = [
        path for path in files for word in (b"s3cr3t", b"X @ w + b") if word in path.read_bytes()
    ]
    assert told == []


def test_a_course_that_changed_since_it_was_built_is_not_released(tmp_path):
    (tmp_path / "course.toml").write_text('exercises = []\n[title]\nen = "S"\nzh = "小"\n', "utf-8")
    new_exercise(find_course(tmp_path), "01_sums")
    course = find_course(tmp_path)
    build(course, course.exercises, "en")
    checks = tmp_path / "solutions" / "01_sums" / "test_public.py"
    checks.write_text(checks.read_text(encoding="utf-8") + "\n\nX = 1\n", encoding="utf-8")
    told = run(sys.executable, "-m", "autograder", "release", cwd=tmp_path, fails=2)
    assert "01_sums: is not up to date: run gradeflow build 01_sums" in told


def test_a_zip_that_is_no_release_is_not_written_over(handed_out):
    other = handed_out.with_name("other.zip")
    run(sys.executable, "-m", "zipfile", "-c", other, handed_out, cwd=other.parent)
    before = other.read_bytes()
    release = (sys.executable, "-m", "autograder", "release", "--zip")
    assert "something else than a release" in run(*release, other, cwd=other.parent, fails=2)
    assert other.read_bytes() == before
    run(*release, handed_out.with_name("again.zip"), cwd=other.parent)
    run(*release, handed_out.with_name("again.zip"), "--language", "zh", cwd=other.parent)


def test_a_course_is_released_in_its_own_languages_alone(handed_out):
    release = (sys.executable, "-m", "autograder", "release", "--language", "fr")
    assert "the course has en, zh" in run(*release, cwd=handed_out.parent, fails=2)


@pytest.mark.skipif(WINDOWS, reason="pexpect needs a terminal of Unix")
def test_in_a_terminal_the_language_is_asked_for_once(learners):
    import pexpect

    home, gradeflow = learners
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GRADEFLOW")}
    options = {"cwd": str(home), "env": clean, "encoding": "utf-8", "timeout": 60}
    first = pexpect.spawn(str(gradeflow), ["start", "small", "asked"], **options)
    first.expect_exact("选择哪种语言")
    first.sendline("fr")  # asked again: there is no such one
    first.expect_exact("选择哪种语言")
    first.sendline("zh")
    first.expect_exact("你的课程在")
    first.expect(pexpect.EOF)
    second = pexpect.spawn(str(gradeflow), ["start", "small", "asked"], **options)
    second.expect(pexpect.EOF)
    assert "选择哪种语言" not in second.before
    assert "已经是最新的" in second.before
