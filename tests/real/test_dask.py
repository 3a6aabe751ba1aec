"""A class graded by the workers of a Dask cluster: real schedulers, real workers, the real cage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason='pip install "gradeflow[dask]"')

import dask
from distributed import LocalCluster

from autograder.catalogue import find_course

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
EXERCISE = "01_neuron"
RIGHT = (COURSE.solutions / EXERCISE / "neuron.py").read_text(encoding="utf-8")
CLASS = {
    "ann": RIGHT,
    "bob": RIGHT.replace("return np.tanh(z)", "return 2 * sigmoid(z) - 1"),
    "cem": "def sigmoid(:\n",
    "dan": RIGHT + "\nwhile True:\n    pass\n",
    "eva": RIGHT + "\nimport os\nos._exit(0)\n",
}


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for learner, source in CLASS.items():
        (folder / f"{learner}.py").write_text(source, encoding="utf-8")
    return folder


def grade(folder, out, *options):
    command = [sys.executable, "-m", "autograder.cli", "grade", EXERCISE, folder, "--out", out]
    environment = os.environ | {"PYTHONPATH": str(COURSE.root), "COLUMNS": "200"}
    return subprocess.run(
        [*map(str, command), *options],
        cwd=COURSE.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def cluster(*, daemons, workers=2):
    with dask.config.set({"distributed.worker.daemon": daemons}):
        return LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True
        )


def told(out):
    """Each result, without what differs from one run to the next."""
    results = {}
    for path in sorted(out.glob("*.json")):
        results[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        for timed in [results[path.stem], *results[path.stem]["checks"]]:
            timed.pop("seconds", None)
    return results


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_gives_the_very_results_that_this_machine_gives(class_folder, tmp_path):
    here = grade(class_folder, tmp_path / "here")
    assert here.returncode == 0, here.stderr
    with cluster(daemons=False) as workers:
        there = grade(class_folder, tmp_path / "there", "--dask", workers.scheduler_address)
        assert there.returncode == 0, there.stderr
        again = grade(class_folder, tmp_path / "there", "--dask", workers.scheduler_address)
    assert told(tmp_path / "there") == told(tmp_path / "here")
    assert set(told(tmp_path / "there")) == set(CLASS)
    assert "5 unchanged" in again.stdout


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_workers_that_may_not_start_processes_say_how_to_start_them(class_folder, tmp_path):
    with cluster(daemons=True, workers=1) as workers:
        done = grade(class_folder, tmp_path, "--dask", workers.scheduler_address)
    assert done.returncode == 2
    assert "--no-nanny" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_no_scheduler_answers_one_sentence_says_so(class_folder, tmp_path):
    done = grade(class_folder, tmp_path, "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
