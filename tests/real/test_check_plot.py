"""gradeflow check --plot, as a learner runs it: with what learners get, and nothing else."""

import base64
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

pytestmark = pytest.mark.real

RELU = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0.0)\n"


@pytest.fixture
def home(tmp_path, pytestconfig):
    """A learner's copy of the course, in which one task of exercise 1 is written."""
    shutil.copy(pytestconfig.rootpath / "course.toml", tmp_path)
    given = pytestconfig.rootpath / "assignments" / "01_neuron"
    shutil.copytree(given, tmp_path / "assignments" / "01_neuron")
    (tmp_path / "assignments" / "01_neuron" / "neuron.py").write_text(RELU)
    return tmp_path


def check(home, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", "check", "01_neuron", *arguments],
        capture_output=True,
        text=True,
        cwd=home,
    )


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No answer of yours to draw"), ("zh", "没有可画的结果")]
)
def test_a_learner_s_work_is_drawn_beside_the_frozen_target(home, language, words):
    done = check(home, "--plot", "own.svg", "--language", language)
    assert done.returncode == 1
    assert "own.svg" in done.stderr
    svg = (home / "own.svg").read_text(encoding="utf-8")
    assert words in svg
    panels = [each for each in ET.fromstring(svg).iter() if each.get("class") == "panel"]
    curves = [sum(e.tag.endswith("polyline") for e in panel.iter()) for panel in panels]
    assert curves == [1, 1, 2, 1, 1, 1]  # relu is the third


def test_a_page_holds_the_picture_and_the_feedback(home):
    check(home, "--plot", "own.html")
    page = (home / "own.html").read_text(encoding="utf-8")
    assert "data:image/svg+xml;base64," in page
    assert "d_sigmoid" in page


def test_a_page_in_two_languages_holds_the_picture_in_both(home):
    check(home, "--plot", "own.html")
    page = (home / "own.html").read_text(encoding="utf-8")
    images = re.findall('data:image/svg.xml;base64,([^"]+)', page)
    drawn = [base64.b64decode(image).decode() for image in images]
    # In each language what is to be mended, and small what agrees.
    assert ["No answer" in svg for svg in drawn] == [True, False, False, False]
    assert ["没有可画的" in svg for svg in drawn] == [False, False, True, False]


def test_without_the_option_nothing_is_drawn(home):
    done = check(home, "--json")
    assert '"plot": null' in done.stdout


@pytest.mark.parametrize(
    ("plot", "told"),
    [
        ("own.png", "ends in .svg or .html"),
        ("nowhere/own.svg", "there is no folder nowhere"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused_before_anything_runs(home, plot, told):
    done = check(home, "--plot", plot)
    assert done.returncode != 0
    assert told in done.stderr.replace("\n", " ")
    assert "checks pass" not in done.stdout


def test_an_exercise_without_a_picture_says_so(home):
    (home / "assignments" / "01_neuron" / "plot.py").unlink()
    done = check(home, "--plot", "own.svg")
    assert "01_neuron has no picture" in done.stderr
    assert not (home / "own.svg").exists()
