"""A class of 300 in three exercises, made and graded once for all tests of a run.

All variants, right styles and mutants take part; see ``tools/classroom/ordinary.py``.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.catalogue import find_course
from tests.real.clean_environment import ROOT
from tools.classroom import Made, make_ordinary, write_class
from tools.classroom.material import gather

__all__ = ["SIZES", "ClassOf300", "class_of_300", "gradeflow"]

SIZES = {"01_neuron": 220, "03_xor": 40, "05_layers": 40}
RIGHT = 0.65


@dataclass(frozen=True)
class ClassOf300:
    """A course of its own, what was handed in below ``submitted``, graded in ``results``."""

    root: Path

    def submitted(self, exercise: str) -> Path:
        return self.root / "submitted" / exercise

    def made(self, exercise: str) -> list[Made]:
        """Return what was handed in, and what is wrong with each."""
        course = find_course(ROOT)
        assert course is not None
        return list(make_ordinary(gather(course, exercise), SIZES[exercise], RIGHT))


def class_of_300(tmp_path_factory) -> ClassOf300:
    """Return the class, made and graded by whoever asks first; nobody may change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    found = ClassOf300(shared / "class-of-300")
    with (shared / "class-of-300.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (found.root / "made").exists():
            shutil.rmtree(found.root, ignore_errors=True)
            _make(found)
            (found.root / "made").touch()
    return found


def _make(found: ClassOf300) -> None:
    for exercise in SIZES:
        for room in ("solutions", "assignments"):
            shutil.copytree(ROOT / room / exercise, found.root / room / exercise)
    listed = (ROOT / "course.toml").read_text(encoding="utf-8")
    names = "".join(f'  "{name}",\n' for name in SIZES)
    listed = re.sub(r"exercises = \[\n.*?\]", f"exercises = [\n{names}]", listed, flags=re.DOTALL)
    listed = listed.replace('salt = "change-me"', 'salt = "of 300"\nexamples = false')
    (found.root / "course.toml").write_text(listed, encoding="utf-8")
    for exercise in SIZES:
        write_class(found.submitted(exercise), exercise, found.made(exercise))
        gradeflow(found.root, "grade", exercise, f"submitted/{exercise}")


def gradeflow(folder: Path, *arguments: str, codes: tuple[int, ...] = (0,), **environment) -> str:
    """Call the command as a newcomer would, in a folder; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout
