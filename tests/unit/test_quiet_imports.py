"""What the workers' process imports says nothing on the instructor's terminal."""

import subprocess
import sys
from pathlib import Path

from autograder.grading.nursery import IMPORTS

GREETS = "import os\nos.write(2, b'I0000 oneDNN custom operations are on\\n')\n"
IMPORT_ALL = (
    "import sys\nfor name in sys.argv[1:]: __import__(name)\nprint('tensorflow' in sys.modules)"
)


def test_tensorflow_does_not_greet_whoever_grades(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text(GREETS, encoding="utf-8")
    (tmp_path / "keras.py").write_text("import tensorflow\n", encoding="utf-8")
    command = [sys.executable, "-c", IMPORT_ALL, *IMPORTS["tensorflow"]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout == "True\n"
