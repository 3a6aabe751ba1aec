"""What a notebook carries for its checks: it comes back as it was, or is refused in a sentence."""

import json
import lzma
import sys
from base64 import b64encode
from pathlib import Path

import msgspec
import nbformat
import pytest

from autograder.catalogue import language_at, load_exercise
from autograder.errors import LearnerError
from autograder.grading.entry import Entry
from autograder.handout import carrying
from autograder.handout.carrying import Carried, laid_out, packed, unpacked
from autograder.handout.here import exercise_here, language_here
from autograder.nbgrader.sanitize import read_blueprint, sanitize
from autograder.submission.given import (
    CARRIED,
    CARRYING_CELL,
    carrying_cell,
    is_given,
    setup_cell,
)
from autograder.submission.notebook import read_notebook
from autograder.wire.protocol import Program

ROOM = Path(__file__).parents[2] / "assignments"
NEURON = ROOM / "01_neuron" / "neuron.ipynb"
GATES = ROOM / "02_gates" / "gates.ipynb"
MANIFEST = (ROOM / "01_neuron" / "exercise.toml").read_text(encoding="utf-8")
FILES = {"exercise.toml": MANIFEST, "answers.json": "{}", "test_public.py": ""}


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty folder, in which a kernel runs that was told nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def text_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["metadata"]["gradeflow"]["packed"]


def packed_raw(value):
    return "1:en:" + b64encode(lzma.compress(msgspec.json.encode(value))).decode()


# ---- there and back ----


@pytest.mark.parametrize("path", sorted(ROOM.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_every_released_notebook_carries_what_lies_beside_it(path):
    carried = unpacked(text_of(path))
    for name, text in carried.files.items():
        given = path.with_name(name).read_text(encoding="utf-8")
        if name == "answers.json":  # but for what only a build asks for
            text, given = (json.loads(x)["answers"] for x in (text, given))
        assert text == given
    assert ("plot.py" in carried.files) == path.with_name("plot.py").is_file()
    assert carried.language == "en"


def test_a_released_notebook_holds_it_as_one_cell_too():
    cells = json.loads(NEURON.read_text(encoding="utf-8"))["cells"]
    given = [
        x
        for cell in cells
        if cell["cell_type"] == "code" and is_given(x := "".join(cell["source"]))
    ]
    scope = {}
    exec(given[1], scope)
    assert scope[CARRIED] == text_of(NEURON)


def test_equal_content_is_packed_into_equal_text():
    assert packed(Carried("en", FILES)) == packed(Carried("en", dict(FILES)))


def test_what_is_laid_out_is_the_exercise_in_the_notebook_s_language(alone):
    for language in ("en", "zh"):
        exercise = laid_out(packed(Carried(language, FILES)))
        assert exercise.name == "01_neuron"
        assert language_at(exercise.folder) == language


def as_jupyter(book):
    return book


def as_colab(book):
    """What Colab makes of a notebook: format 4.0, ids among the metadata, marks of its own."""
    book.nbformat_minor = 0
    book.metadata |= {
        "colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }  # fmt: skip
    for cell in book.cells:
        cell.metadata["id"] = cell.pop("id")
        if cell.cell_type == "code":
            cell.metadata["outputId"] = "5d9b0a2c-1f3e-4b7a-8c66-0f2f6f1d2b11"
            cell.metadata["colab"] = {"base_uri": "https://localhost:8080/", "height": 35}
    return book


def as_vs_code(book):
    """What VS Code makes of it: the kernel by its environment, and a format for the original."""
    book.metadata |= {
        "kernelspec": {"display_name": ".venv (3.12.4)", "language": "python", "name": "python3"},
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
            "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3", "version": "3.12.4",
        },
        "orig_nbformat": 4, "vscode": {"interpreter": {"hash": "31f2aee4e71d21fb"}},
    }  # fmt: skip
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.metadata["vscode"] = {"languageId": "python"}
    return book


@pytest.mark.parametrize("turned", [as_jupyter, as_colab, as_vs_code])
@pytest.mark.parametrize("says", ["__vsc_ipynb_file__", "JPY_SESSION_NAME", CARRIED])
def test_a_notebook_alone_is_found_after_every_round_trip(alone, monkeypatch, turned, says):
    path = alone / "my copy.ipynb"
    nbformat.write(turned(nbformat.read(NEURON, 4)), path)
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    namespace = {}
    if says == CARRIED:  # as in Colab, where no file is to be found
        source = next(x.source for x in book.cells if x.source.startswith("#@title"))
        exec(source, namespace)
        path.unlink()
    elif says == "JPY_SESSION_NAME":
        monkeypatch.setenv(says, str(path))
    else:
        namespace[says] = str(path)
    exercise = exercise_here("sigmoid", namespace, None)
    assert exercise.name == "01_neuron"
    assert exercise.released
    assert not exercise.folder.is_relative_to(alone)


# ---- which exercise is meant ----


def test_beside_its_own_exercise_a_notebook_takes_that_which_may_be_newer(alone, monkeypatch):
    (alone / "exercise.toml").write_text(MANIFEST, encoding="utf-8")
    assert exercise_here("sigmoid", {CARRIED: text_of(NEURON)}, None).folder == alone
    assert exercise_here("sigmoid", {}, None).folder == alone


def test_beside_another_exercise_a_notebook_takes_what_it_carries(alone):
    (alone / "exercise.toml").write_text(MANIFEST, encoding="utf-8")
    assert exercise_here("gate", {CARRIED: text_of(GATES)}, None).name == "02_gates"
    with pytest.raises(LearnerError, match="There is no task 'sigmoid' here"):
        exercise_here("sigmoid", {CARRIED: text_of(GATES)}, None)


def test_other_notebooks_in_the_folder_are_let_be(alone):
    (alone / "theirs.ipynb").write_bytes(NEURON.read_bytes())
    with pytest.raises(LearnerError, match=f"begins with {CARRIED} ="):
        exercise_here("sigmoid", {}, None)


@pytest.fixture
def installed(alone, monkeypatch):
    """A course that is installed as a package."""

    def install(*names):
        package = alone / "site" / "small_course"
        for name in names:
            folder = package / "assignments" / name
            folder.mkdir(parents=True)
            text = MANIFEST.replace('"01_neuron"', f'"{name}"')
            (folder / "exercise.toml").write_text(text, encoding="utf-8")
        listed = ", ".join(f'"{name}"' for name in names)
        course = f'exercises = [{listed}]\ntitle.en = "Small"\n'
        course = course.replace("title.en", 'languages = ["en", "zh"]\ntitle.en')
        (package / "course.toml").write_text(course, encoding="utf-8")
        (package / "__init__.py").touch()
        about = alone / "site" / "small_course-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Name: small-course\nVersion: 1\n")
        (about / "entry_points.txt").write_text("[gradeflow.courses]\nsmall = small_course\n")
        monkeypatch.syspath_prepend(alone / "site")
        monkeypatch.delitem(sys.modules, "small_course", raising=False)

    return install


def test_of_a_notebook_that_carries_nothing_an_installed_course_knows_the_task(installed):
    installed("01_neuron")
    assert "small_course" in str(exercise_here("sigmoid", {}, None).folder)


def test_where_an_installed_course_has_a_task_twice_nothing_is_guessed(installed):
    installed("01_neuron", "02_more")
    with pytest.raises(LearnerError, match="is a task of 01_neuron, 02_more"):
        exercise_here("sigmoid", {}, None)
    assert exercise_here("sigmoid", {CARRIED: text_of(NEURON)}, None).name == "01_neuron"


def test_the_notebook_s_own_language_is_known_where_nothing_else_is(alone):
    book = nbformat.read(NEURON, 4)
    book.metadata.gradeflow = {"language": "zh", "packed": "1:en:damaged"}
    nbformat.write(book, alone / "n.ipynb")
    assert language_here({"__vsc_ipynb_file__": str(alone / "n.ipynb")}) == "zh"


# ---- what somebody else may have written ----

ELSEWHERE = MANIFEST.replace('module = "neuron"', 'module = "../x"')
BOMB = Carried("en", FILES | {"plot.py": "0" * (40 * 2**20)})
HOSTILE = {
    "damaged": "1:en:" + "A" * 400,
    "cut short": text_of(NEURON)[:-400],
    "no text of ours": "hello",
    "another form": packed_raw([1, 2]),
    "a path": packed_raw(FILES | {"../../x.py": ""}),
    "a file more": packed_raw(FILES | {"conftest.py": ""}),
    "a file less": packed_raw({"exercise.toml": MANIFEST}),
    "no exercise": packed_raw(FILES | {"exercise.toml": "points = 1"}),
    "a module elsewhere": packed_raw(FILES | {"exercise.toml": ELSEWHERE}),
    "a bomb": packed(BOMB),
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_ours_is_refused_in_a_sentence(alone, text):
    with pytest.raises(LearnerError, match=r"is damaged\. Fetch the notebook anew"):
        exercise_here("sigmoid", {CARRIED: text}, None)


def test_another_version_says_what_to_install():
    with pytest.raises(LearnerError, match="pip install -U gradeflow"):
        unpacked("2:en:abcdef")


def test_a_text_of_any_length_costs_little():
    with pytest.raises(LearnerError):
        unpacked("1:en:" + "A" * 2**23)


def test_a_python_without_lzma_says_so(monkeypatch):
    carrying._files.cache_clear()
    monkeypatch.setitem(sys.modules, "lzma", None)
    with pytest.raises(LearnerError, match="built without lzma"):
        unpacked(text_of(NEURON))


def test_an_exercise_that_is_damaged_is_found_beside_all_the_same(alone):
    (alone / "exercise.toml").write_text(MANIFEST, encoding="utf-8")
    assert exercise_here("sigmoid", {CARRIED: "1:en:damaged"}, None) == load_exercise(alone)


# ---- grading reads none of it ----

FREE = """
from autograder.checks import task

@task("double", points=4)
def test_double_is_right(student):
    pass

@task("total", points=2)
def test_total_is_right(student):
    pass
"""


def handed_in(text, *sources):
    """A notebook as it is handed in, which carries an exercise of its learner's own making."""
    given = [setup_cell("", ["gradeflow", "pandas"], ""), carrying_cell("", text), *sources]
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": x} for x in given]
    cells[1]["metadata"] = {"nbgrader": {"grade_id": CARRYING_CELL, "locked": True}}
    book = {"cells": cells, "metadata": {"gradeflow": {"packed": text}}, "nbformat": 4}
    return json.dumps(book | {"nbformat_minor": 0}).encode()


def test_an_exercise_that_a_learner_has_made_gives_no_points(tiny_exercise, tiny_files, grade):
    own = packed(Carried("en", FILES | {"test_public.py": FREE}))
    data = handed_in(own, "def double(z):\n    return z", "def total(z):\n    return z.sum()")
    parts = read_notebook(data, "tiny.ipynb", 2**21)
    assert [part.label for part in parts] == ["cell 3", "cell 4"]
    (result,) = grade(tiny_exercise(), Entry("ann", "tiny.ipynb", Program("tiny", parts)))
    assert result.score.points == 2.0


def test_what_is_typed_into_the_given_cells_is_the_learner_s_and_runs():
    data = handed_in("1:en:", "x = 1").replace(b"#@title", b"y = 2 #")
    assert [part.label for part in read_notebook(data, "n.ipynb", 2**21)] == ["cell 2", "cell 3"]


def test_no_page_of_a_class_shows_what_is_carried(tmp_path):
    text = text_of(NEURON)
    made = sanitize(handed_in(text, "x = 1"), "n.ipynb", read_blueprint(NEURON), [], "en", 2**21)
    assert text[:100] not in json.dumps(made.cells)
    assert made.metadata["gradeflow"] == {}
