"""Makes docs/check.svg: what a learner sees, drawn by the product itself.

usage: python -m tools.picture
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.catalogue import find_course, load_exercise
from autograder.grading.alone import check_alone
from autograder.report.terminal import feedback

ROOT = Path(__file__).resolve().parent.parent

# A learner half-way: two tasks right, one with the most telling misunderstanding of the exercise.
WRITTEN = {
    "sigmoid": "    z = np.clip(z, -500, 500)\n    return 1 / (1 + np.exp(-z))\n",
    "tanh": "    return np.tanh(z)\n",
    "relu": "    return np.maximum(0, z)\n",
    "d_sigmoid": "    return z * (1 - z)\n",
}


def main() -> None:
    """Check a half-written copy of the first exercise and keep the screen as a picture."""
    course = find_course(ROOT)
    assert course is not None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "01_neuron"
        shutil.copytree(course.assignments / "01_neuron", copy)
        exercise = load_exercise(copy)
        text = exercise.source.read_text(encoding="utf-8")
        for name, body in WRITTEN.items():
            line = f'    raise NotImplementedError("{name}")\n'
            assert line in text, name
            text = text.replace(line, body)
        exercise.source.write_text(text, encoding="utf-8")
        result = check_alone(exercise, exercise.source)
        console = Console(record=True, width=96, highlight=False, file=io.StringIO())
        console.print(Text("$ gradeflow check 01_neuron\n", style="bold"))
        console.print(feedback(result, exercise, "en"))
        console.print()  # the last line's underscores would be cut off
        picture = console.export_svg(title="GradeFlow")
        # No font from elsewhere: a picture in a README must not call home.
        picture = re.sub(r"\s*@font-face {.*?}", "", picture, flags=re.DOTALL)
        (ROOT / "docs" / "check.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
