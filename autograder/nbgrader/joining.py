"""Joining a course of nbgrader's, and leaving it again: a few lines in ``nbgrader_config.py``.

What stood in the file stays to the byte, and stands there again when the lines are taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from autograder.atomic import write_atomically
from autograder.catalogue import make_course
from autograder.errors import CourseError, GradeFlowError

__all__ = ["CONFIG", "COURSE", "Joined", "join", "leave"]

CONFIG = "nbgrader_config.py"
COURSE = "course.toml"
BEGIN = "# >>> GradeFlow >>>"
END = "# <<< GradeFlow <<<"
LINES = Template(f"""{BEGIN}
# Exercises in course.toml are graded by GradeFlow, all other assignments as before. Keep these
# lines last; `gradeflow nbgrader init --undo` takes them out.
from pathlib import Path

try:
    from autograder.nbgrader import configure
except ImportError as error:
    # nbgrader would only log another exception, and go on: it would run submissions uncaged.
    raise SystemExit(
        f"nbgrader_config.py: GradeFlow cannot be imported ({{error}}). Install it where nbgrader "
        'is, pip install "gradeflow[nbgrader]", or delete the lines from >>> to <<< in this file.'
    ) from None
configure(get_config(), Path(__file__).parent$layout)
{END}
""")
BLOCK = re.compile(
    rb"(?:\r?\n)?" + re.escape(BEGIN.encode()) + rb".*?" + re.escape(END.encode()) + rb"\r?\n?",
    re.DOTALL,
)
BY_HAND = re.compile(rb"^\s*(?:from|import)\s+autograder\.nbgrader\b", re.MULTILINE)


@dataclass(frozen=True)
class Joined:
    """What joining did.

    config: ``made``, ``extended`` or ``kept``, when the lines were there.
    manifest: ``made`` or ``kept``.
    own_layout: whether the course keeps the folders that nbgrader's courses have.
    """

    config: str
    manifest: str
    own_layout: bool


def join(root: Path) -> Joined:
    """Add what a course of nbgrader's needs, or start one; doing it twice changes nothing.

    root: the course's folder, in which nbgrader is run.

    Raises GradeFlowError when the file that is there cannot be read or extended.
    """
    path = root / CONFIG
    old = path.read_bytes() if path.is_file() else None
    own_layout = old is not None or (root / "source").is_dir()
    if old is not None and (BLOCK.search(old) or BY_HAND.search(old)):
        config = "kept"
    else:
        config = "made" if old is None else "extended"
        write_atomically(path, (old or b"") + _lines(old or b"", own_layout=own_layout))
    manifest = "kept"
    if not (root / COURSE).is_file():
        make_course(root)
        manifest = "made"
    return Joined(config, manifest, own_layout)


def leave(root: Path) -> bool:
    """Take the lines out again; the rest of the file is what it was. Return whether there were any.

    A file that holds nothing else goes. Raises GradeFlowError when there is no such file, or when
    it names us in lines that ``join`` has not written.
    """
    path = root / CONFIG
    if not path.is_file():
        raise GradeFlowError(f"There is no {CONFIG} in {root}: run this in the course's folder.")
    old = path.read_bytes()
    new = BLOCK.sub(b"", old, count=1)
    if BY_HAND.search(new):
        raise CourseError("imports autograder.nbgrader in lines of your own: take them out", path)
    if new == old:
        return False
    if new:
        write_atomically(path, new)
    else:
        path.unlink()
    return True


def _lines(old: bytes, *, own_layout: bool) -> bytes:
    """Write the lines as the file writes its own: a blank line before, its ends of lines."""
    text = LINES.substitute(layout=", layout=False" if own_layout else "")
    if old:
        text = "\n" + text
    return (text.replace("\n", "\r\n") if b"\r\n" in old else text).encode()
