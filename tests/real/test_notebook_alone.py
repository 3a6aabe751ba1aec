"""A released notebook that lies alone in a folder: its checks run, in JupyterLab and elsewhere.

With GRADEFLOW_PICTURES=FOLDER what JupyterLab shows is photographed.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbclient
import nbformat
import pytest
from lab_server import SECONDS, browser_page, chromium, lab

from autograder.submission.given import CARRYING_CELL, setup_cell

pytestmark = pytest.mark.real

ROOM = Path(__file__).resolve().parents[2] / "assignments"
RIGHT = "def relu(z):\n    return np.maximum(z, 0)"
WRONG = "def tanh(z):\n    return np.sinh(z)"
DRAWN = "document.querySelectorAll('div.gradeflow').length == 7"
RAISES = "def helper(z):\n    return np.expp(z)\n\ndef sigmoid(z):\n    return helper(z)"


def written(path, *, without=(), **answers):
    """Copy exercise 1's notebook alone to a path, with some answers, and without some cells."""
    book = nbformat.read(ROOM / "01_neuron" / "neuron.ipynb", 4)
    book.cells = [cell for cell in book.cells if named(cell) not in without]
    for cell in book.cells:
        cell.source = answers.get(named(cell), cell.source)
    nbformat.write(book, path)
    return path


def named(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """JupyterLab in Chromium, at a notebook that lies alone, when all of its cells have run."""
    chromium()
    alone = tmp_path_factory.mktemp("alone")
    # Without the cell: what the checks need is found in the metadata of the file.
    written(alone / "copy.ipynb", without=[CARRYING_CELL], relu=RIGHT, tanh=WRONG, sigmoid=RAISES)
    home = tmp_path_factory.mktemp("home")
    with lab(alone, home) as server, browser_page() as page:
        page.goto(f"{server.address}login")
        page.fill("#password_input", server.token)
        page.click("#login_submit")
        page.locator(".jp-Launcher").wait_for()
        page.keyboard.press("Control+b")
        page.goto(f"{server.address}lab/tree/copy.ipynb?reset")
        page.locator(".jp-Notebook").wait_for()
        run_all(page, until=DRAWN)
        yield page, alone / "copy.ipynb"


def run_all(page, until):
    """Run all cells until something is seen.

    Before its kernel is connected JupyterLab hears it without doing anything, and what it has
    begun meanwhile it may forget again; so it is asked once more when nothing runs any more.
    """
    # A dialog comes when it likes, between two clicks too: what it asks is granted when it is met.
    asked = page.locator(".jp-Dialog .jp-mod-accept").first
    page.add_locator_handler(asked, lambda accept: accept.click())
    idle = "![...document.querySelectorAll('.jp-InputPrompt')].some(x => x.innerText.includes('*'))"
    over = time.monotonic() + 3 * SECONDS
    while time.monotonic() < over:
        page.click('.lm-MenuBar-itemLabel:text("Run")')
        page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
        page.wait_for_timeout(5000)
        page.wait_for_function(f"{until} || {idle}")
        if page.evaluate(until):
            return
    prompts = page.locator(".jp-InputPrompt").all_inner_texts()
    pytest.fail(f"JupyterLab did not show that {until}; its prompts: {prompts}")


def test_in_jupyterlab_a_notebook_alone_is_checked_as_beside_its_exercise(page):
    shown = page[0].locator("div.gradeflow").all_inner_texts()
    of_task = {text.split()[1]: text for text in shown}
    assert "✔" in of_task["relu"]
    assert "3 of 3 checks" in of_task["relu"]
    for said in ("✘", "tanh(array(", "wanted", "0.964028"):
        assert said in of_task["tanh"]
    assert "AttributeError" in of_task["sigmoid"]
    # Which number the cell has is JupyterLab's: asked again, it counts on.
    assert re.search(r"cell \[\d+\], line 2, in helper: return np\.expp\(z\)", of_task["sigmoid"])
    assert "Not written yet." in of_task["neuron"]


def test_what_jupyterlab_saves_still_carries_it(page):
    lab_page, path = page
    before = nbformat.read(ROOM / "01_neuron" / "neuron.ipynb", 4).metadata.gradeflow
    lab_page.keyboard.press("Control+s")
    lab_page.wait_for_function("!document.title.startsWith('*')")
    lab_page.wait_for_timeout(500)
    saved = nbformat.read(path, 4)
    assert any(cell.get("outputs") for cell in saved.cells)
    assert saved.metadata.gradeflow == before
    if folder := os.environ.get("GRADEFLOW_PICTURES"):
        told = lab_page.locator("div.gradeflow").filter(has_text="tanh(array(").first
        told.screenshot(path=Path(folder) / "notebook.png")


# ---- where no file is to be found ----

ASKS = """
check("{}", language="zh")
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What a kernel says that was told no file, of a notebook with Colab's marks, by task."""
    path = tmp_path_factory.mktemp("colab") / "copy.ipynb"
    written(path, without=["tanh"], relu=RIGHT, sigmoid=RAISES, d_relu="d_relu = 5")
    book = nbformat.read(path, 4)
    del book.metadata["gradeflow"]
    book.nbformat_minor = 0
    book.metadata["colab"] = {"provenance": []}
    for cell in book.cells:
        cell.metadata["id"] = cell.pop("id")
    for task in ("tanh", "sigmoid", "d_relu", "neuron"):
        book.cells.append(nbformat.v4.new_code_cell(ASKS.format(task), metadata={"zh": task}))
        del book.cells[-1]["id"]
    place = {"metadata": {"path": str(path.parent)}}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("JPY_SESSION_NAME", raising=False)
        nbclient.NotebookClient(book, timeout=120, resources=place).execute()
    said = {}
    for cell in book.cells:
        name = named(cell).removeprefix("check-") if named(cell).startswith("check-") else ""
        key = ("en", name) if name else ("zh", cell.metadata.get("zh"))
        if key[1]:
            said[key] = cell.outputs[0].data["text/html"]
    return said


def test_without_a_file_the_cell_alone_is_enough(outputs):
    assert "✔" in outputs["en", "relu"]
    assert "✘" in outputs["en", "sigmoid"]


def test_of_a_function_that_is_not_there_a_notebook_says_which_cell_to_run(outputs):
    assert "tanh is not defined yet: run the cell above." in outputs["en", "tanh"]
    assert "What is defined so far: helper, sigmoid." in outputs["en", "tanh"]
    assert "tanh 还没有定义：请运行上面的单元格。" in outputs["zh", "tanh"]
    assert "d_relu 不是函数，而是 int。" in outputs["zh", "d_relu"]


def test_where_a_function_raised_the_learner_s_own_line_is_shown(outputs):
    line = "line 2, in helper: return np.expp(z)"
    assert f"cell [4], {line}" in outputs["en", "sigmoid"]
    assert "单元格 [4]，第 2 行（helper 中）：return np.expp(z)" in outputs["zh", "sigmoid"]


def test_in_a_notebook_nobody_is_told_of_a_file(outputs):
    for (language, task), html in outputs.items():
        assert {"en": "file", "zh": "文件"}[language] not in html, task


# ---- the first cell ----


def first_cell(folder, install, *, python=("-S",), **variables):
    """Run the first cell, and call check, in a Python that has all but the engine."""
    site = Path(nbclient.__file__).parents[1]
    (folder / "target").mkdir(exist_ok=True)
    code = setup_cell("", [install], "Nothing here.") + '\nprint(check("x"), check.__module__)'
    found = os.pathsep.join([str(folder / "target"), str(site)])
    settings = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_TARGET": str(folder / "target")}
    done = subprocess.run(
        [sys.executable, *python, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": found, **settings, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_the_first_cell_does_nothing_where_the_engine_is(tmp_path):
    said, errors = first_cell(tmp_path, "nothing", python=(), PIP_TARGET="/nowhere")
    assert said.splitlines()[-1] == "0.0 autograder.notebook"
    assert errors == ""
    assert "Nothing here." not in said
    assert not list((tmp_path / "target").iterdir())


def test_offline_the_first_cell_says_one_sentence_and_so_does_check(tmp_path):
    said, errors = first_cell(tmp_path, "gradeflow==0.0.0")
    assert (said, errors) == ("Nothing here.\nNothing here.\n0.0 __main__\n", "")


def test_where_the_engine_is_missing_the_first_cell_installs_it(tmp_path):
    package = tmp_path / "package"
    (package / "autograder").mkdir(parents=True)
    (package / "autograder" / "__init__.py").touch()
    (package / "autograder" / "notebook.py").write_text("def check(task):\n    return 1.0\n")
    about = '[project]\nname = "gradeflow"\nversion = "9"\n'
    (package / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n{about}'
        '[tool.hatch.build.targets.wheel]\npackages = ["autograder"]\n'
    )
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=package, check=True, capture_output=True)
    (wheel,) = package.glob("dist/*.whl")
    said, _ = first_cell(tmp_path, str(wheel))
    assert said == "1.0 autograder.notebook\n"
