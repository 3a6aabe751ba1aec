"""Makes the pictures of the documentation, by the product itself, of a half-written exercise.

usage: python -m tools.picture

check.svg is what `gradeflow check` prints, watch.svg the screen of `gradeflow watch`, page.png the
page that a learner gets. The last needs Chromium.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.catalogue import Exercise, find_course, load_exercise
from autograder.grading.alone import check_alone
from autograder.messages import translate
from autograder.model import Result
from autograder.report.learner import learner_page
from autograder.report.terminal import feedback
from autograder.watch.screen import page_of
from autograder.watch.state import State

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

# A learner half-way: two tasks right, one with the most telling misunderstanding of the exercise.
WRITTEN = {
    "sigmoid": "    z = np.clip(z, -500, 500)\n    return 1 / (1 + np.exp(-z))\n",
    "tanh": "    return np.tanh(z)\n",
    "relu": "    return np.maximum(0, z)\n",
    "d_sigmoid": "    return z * (1 - z)\n",
}


def main() -> None:
    """Check a half-written copy of the first exercise, and keep what a learner sees."""
    course = find_course(ROOT)
    assert course is not None
    with tempfile.TemporaryDirectory() as folder:
        exercise = _half_written(course.assignments / "01_neuron", Path(folder) / "01_neuron")
        result = check_alone(exercise, exercise.source)
        _screen("check.svg", None, lambda console: _checked(console, exercise, result))
        _screen("watch.svg", 34, lambda console: _watched(console, exercise, result))
        _photograph(learner_page(result, exercise, "en"), Path(folder) / "page.html", "page.png")


def _half_written(given: Path, copy: Path) -> Exercise:
    shutil.copytree(given, copy)
    exercise = load_exercise(copy)
    text = exercise.source.read_text(encoding="utf-8")
    for name, body in WRITTEN.items():
        line = f'    raise NotImplementedError("{name}")\n'
        assert line in text, name
        text = text.replace(line, body)
    exercise.source.write_text(text, encoding="utf-8")
    return exercise


def _checked(console: Console, exercise: Exercise, result: Result) -> None:
    console.print(Text("$ gradeflow check 01_neuron\n", style="bold"))
    console.print(feedback(result, exercise, "en", everything=False))


def _watched(console: Console, exercise: Exercise, result: Result) -> None:
    state = State.at(exercise, "en").checked(result)
    said = translate("watch.checked", "en", file=result.file, seconds="0.12")
    console.print(page_of(replace(state, done=(0, 12), said=said)))


def _screen(name: str, height: int | None, show: Callable[[Console], None]) -> None:
    console = Console(record=True, width=96, height=height, highlight=False, file=io.StringIO())
    show(console)
    console.print()  # the last line's underscores would be cut off
    picture = console.export_svg(title="GradeFlow")
    # No font from elsewhere: a picture in a README must not call home.
    picture = re.sub(r"\s*@font-face {.*?}", "", picture, flags=re.DOTALL)
    (DOCS / name).write_text(picture, encoding="utf-8")


def _photograph(page: str, file: Path, name: str) -> None:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise SystemExit(f"{name} needs Chromium: apt-get install chromium")
    file.write_text(page, encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    size = ("--window-size=900,1180", f"--screenshot={DOCS / name}")
    subprocess.run([program, *options, *size, file.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
