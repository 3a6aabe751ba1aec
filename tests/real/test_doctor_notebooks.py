"""Real kernels, good and ailing, and real notebooks, run as Jupyter and as PyCharm run them."""

import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

pytest.importorskip("jupyter_client", reason='pip install "gradeflow[nbgrader]"')
pytest.importorskip("ipykernel", reason='pip install "gradeflow[nbgrader]"')

from autograder.doctor.kernels import kernels
from autograder.doctor.magics import without_magics
from autograder.doctor.notebooks import Opened, runs_alike
from autograder.submission import read_file

pytestmark = pytest.mark.real

LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
SITE = str(Path(pytest.__file__).parent.parent)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An environment of its own, with nothing in it: no ipykernel."""
    folder = tmp_path_factory.mktemp("environment") / "bare"
    venv.create(folder, with_pip=False)
    scripts = "Scripts" if os.name == "nt" else "bin"
    return folder / scripts / Path(sys.executable).name


@pytest.fixture
def jupyter(tmp_path, monkeypatch):
    """Where this test's kernels are registered, beside the one of this very environment."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PATH", "")

    def register(name, argv, label=None, **more):
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": argv, "display_name": label or name, "language": "python", **more}
        (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")

    return register


def look(folder, **options):
    """The findings of each kernel, by its name, keys only; and all of them in words."""
    found = list(kernels(folder, **options))
    keys = {}
    for each in found:
        keys.setdefault(each.what.removeprefix("kernel "), []).append(each.key)
    words = [each.detail("en") + " " + each.advice("en") for each in found]
    return keys, "\n".join(words)


def test_the_kernel_of_this_environment_is_asked_and_found_to_be_the_projects(jupyter, tmp_path):
    keys, words = look(tmp_path)
    assert keys["python3"] == ["kernel_of_project"]
    assert sys.executable in words


def test_a_kernel_whose_python_is_gone_is_told_and_how_to_remove_it(jupyter, tmp_path):
    gone = str(tmp_path / "deleted" / "bin" / "python")
    jupyter("old", [gone, *LAUNCH])
    keys, words = look(tmp_path)
    assert keys["old"] == ["kernel_gone"]
    assert gone in words
    assert "kernelspec remove old" in words


def test_a_kernel_of_an_environment_without_ipykernel_is_told_what_to_install(
    jupyter, bare, tmp_path
):
    jupyter("bare", [str(bare), *LAUNCH])
    keys, words = look(tmp_path)
    assert keys["bare"] == ["kernel_without_ipykernel"]
    assert f'"{bare}" -m pip install ipykernel' in words


def test_two_kernels_of_the_same_label_are_told_by_their_names(jupyter, tmp_path):
    for name in ("first", "second"):
        jupyter(name, [str(tmp_path / "gone"), *LAUNCH], label="Python 3 (my course)")
    keys, words = look(tmp_path)
    assert keys["kernels"] == ["kernel_same_label"]
    assert "Python 3 (my course)" in words
    assert "first, second" in words


def test_a_kernel_of_another_environment_is_compared_from_inside(jupyter, bare, tmp_path):
    old = tmp_path / "packages" / "numpy-1.0.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    paths = os.pathsep.join([str(old.parent), SITE])
    jupyter("other", [str(bare), *LAUNCH], env={"PYTHONPATH": paths, "KERAS_BACKEND": "torch"})
    keys, words = look(tmp_path)
    assert {"kernel_elsewhere", "kernel_versions", "kernel_variable"} <= set(keys["other"])
    assert str(bare) in words
    assert "numpy 1.0 (" in words
    assert "KERAS_BACKEND = torch" in words


def test_a_kernel_that_does_not_answer_is_told_and_killed(jupyter, tmp_path):
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); "
    jupyter("deaf", [sys.executable, "-c", code + "time.sleep(600)"])
    start = time.monotonic()
    keys, words = look(tmp_path, seconds=3)
    assert keys["deaf"] == ["kernel_slow"]
    assert "within 3 s" in words
    assert time.monotonic() - start < 60
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_kernel_that_dies_is_told_with_its_last_words(jupyter, tmp_path):
    jupyter("torn", [sys.executable, "-c", "raise SystemExit('my disk is full')"])
    keys, words = look(tmp_path)
    assert keys["torn"] == ["kernel_died"]
    assert "my disk is full" in words


def test_the_command_tells_kernels_and_files_and_says_no(jupyter, tmp_path):
    jupyter("old", [str(tmp_path / "gone"), *LAUNCH])
    (tmp_path / "keras.py").touch()
    command = [sys.executable, "-m", "autograder.cli", "doctor", "--notebooks", "--json"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [*command, "--language", "zh"], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    told = {each["what"]: each for each in json.loads(done.stdout)}
    assert told["kernel old"]["state"] == told["keras.py"]["state"] == "problem"
    assert told["kernel python3"]["state"] == "ok"
    assert "同名" in told["keras.py"]["detail"]


# ---- notebooks ---------------------------------------------------------------------------------


@pytest.fixture
def notebook(tmp_path, jupyter):
    """Write a notebook of (source, what it shows, its number) and look at it."""

    def run(*cells, kernel="python3", script=None, seconds=60):
        made = []
        for cell in cells:
            source, shown, count = cell if isinstance(cell, tuple) else (cell, "", None)
            outputs = [{"output_type": "stream", "name": "stdout", "text": shown}] if shown else []
            made.append(
                {
                    "cell_type": "code", "source": source, "outputs": outputs, "metadata": {},
                    "execution_count": count,
                }
            )  # fmt: skip
        metadata = {"kernelspec": {"name": kernel, "display_name": "any"}}
        whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}
        path = tmp_path / "work.ipynb"
        path.write_text(json.dumps(whole), encoding="utf-8")
        opened = Opened(path, without_magics(read_file(path, "work").parts))
        other = opened
        if script is not None:
            beside = tmp_path / "work.py"
            beside.write_text(script, encoding="utf-8")
            other = Opened(beside, without_magics(read_file(beside, "work").parts))
        found = list(runs_alike(opened, other, seconds))
        words = [f"{each.detail('en')} {each.advice('en')}" for each in found]
        return [each.key for each in found], " ".join(words)

    return run


def test_a_notebook_that_runs_from_top_to_bottom_agrees_with_its_script(notebook):
    cells = ("%matplotlib inline\nx = 2", "", 1), ("print(x)\nx * 2", "2\n", 2)
    assert notebook(*cells)[0] == ["run_alike"]


def test_a_name_of_a_cell_that_was_deleted_stops_the_fresh_run_only(notebook):
    keys, words = notebook("x = 1", "print(y)", script="y = 1\nprint(y)\n")
    assert keys == ["run_stops"]
    assert "stops in cell 2: NameError: name 'y' is not defined" in words


def test_an_unfinished_task_stops_both_alike(notebook):
    keys, words = notebook("raise NotImplementedError('sigmoid')")
    assert keys == ["run_both_stop"]
    assert "NotImplementedError: sigmoid" in words


def test_a_name_that_only_a_deleted_cell_had_is_told_as_that(notebook):
    keys, words = notebook(("print(gone)", "3\n", 7))
    assert keys == ["run_both_stop"]
    assert "in one that you deleted?" in words


def test_what_only_the_kernel_lacks_is_told_as_that(notebook, bare, jupyter, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "msgspec.py").write_text("raise ModuleNotFoundError('no msgspec here')")
    paths = os.pathsep.join([str(site), SITE])
    jupyter("other", [str(bare), *LAUNCH], env={"PYTHONPATH": paths})
    keys, words = notebook("import msgspec", kernel="other")
    assert keys == ["run_stops"]
    assert "The notebook's kernel lacks this package" in words


def test_numbers_without_a_seed_are_told_apart_from_other_words(notebook):
    cell = "import random\nprint('loss', random.random())"
    assert notebook(cell)[0] == ["run_other_numbers"]
    keys, words = notebook("print('one')", script="print('two')\n")
    assert keys == ["run_differs"]
    assert "one / two" in words


def test_the_bars_that_keras_draws_in_a_notebook_only_are_no_difference(notebook):
    bar = "print('\\r1/2 ━━─ 1s', '\\x1b[1m2/2\\x1b[0m ━━━ 1s 3ms/step - loss: 0.5', sep='\\r')"
    plain = "print('2/2 - 1s - 3ms/step - loss: 0.4')"
    start, end = "print('Epoch 1/1')", "print('done')"
    keys, _ = notebook(start, bar, end, script=f"{start}\n{plain}\n{end}\n")
    assert keys == ["run_alike"]


def test_a_cell_that_was_run_twice_is_found_by_what_it_shows(notebook):
    keys, words = notebook(
        ("x = 255 * 255", "", 1), ("x = x / 255\nprint(x)", "1.0\n", 4), ("y = 0", "", 3)
    )
    assert keys == ["cells_out_of_order", "run_alike", "stored_differs"]
    assert "[1], [4], [3]" in words
    assert "1.0 (fresh: 255.0)" in words


def test_a_notebook_that_never_ends_is_bounded(notebook):
    start = time.monotonic()
    assert notebook("while True: pass", seconds=2)[0] == ["run_slow"]
    assert time.monotonic() - start < 60


def test_a_notebook_that_ends_its_kernel_is_no_trouble(notebook):
    assert notebook("import os\nos._exit(3)", script="print(1)")[0] == ["run_stops"]


def test_a_kernel_that_is_not_here_is_told(notebook):
    keys, words = notebook("x = 1", kernel="elsewhere")
    assert keys == ["notebook_kernel_unknown"]
    assert "elsewhere" in words
