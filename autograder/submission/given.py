"""Cells that a released notebook brings beside its tasks, and that no submission consists of.

The first makes ``check`` known, and installs the engine where it is missing. The second holds what
a check needs, as text: the kernel has it then, also where nobody can tell it which file the
notebook is. Neither is anybody's answer, and no program that is graded or compared runs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["CARRIED", "CARRYING_CELL", "carrying_cell", "is_given", "setup_cell"]

CARRIED = "gradeflow_exercise"
"""The name under which the second cell leaves its text in the kernel."""
CARRYING_CELL = "carried-exercise"
"""Its name for nbgrader."""

SETUP = """\
# {comment}
try:
    from autograder.notebook import check
except ModuleNotFoundError:
    import subprocess, sys
    pip = [sys.executable, "-m", "pip", "install", "--quiet", {install}]
    subprocess.run(pip, capture_output=True)
    try:
        from autograder.notebook import check
    except ModuleNotFoundError:
        check = lambda *task, **options: print({sentence}) or 0.0
        check()"""
CARRYING = """\
#@title {comment}
{name} = "{packed}\""""


def setup_cell(comment: str, install: Sequence[str], sentence: str) -> str:
    """Write the first cell.

    install: what pip is to install. sentence: what is said where it cannot; `check` says it again.
    """
    listed = ", ".join(map(_quoted, install))
    return SETUP.format(comment=comment, install=listed, sentence=_quoted(sentence))


def carrying_cell(comment: str, packed: str) -> str:
    """Write the second cell; Colab shows its first line alone."""
    return CARRYING.format(comment=comment, name=CARRIED, packed=packed)


def is_given(source: str) -> bool:
    """Tell whether a cell is one of the two and holds nothing else, whichever version wrote it."""
    return any(form.fullmatch(source.rstrip()) for form in _FORMS)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _form(template: str, **holes: str) -> re.Pattern[str]:
    """Make of a template what it is recognised by."""
    pattern = re.escape(template)
    for name, hole in holes.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), hole)
    return re.compile(pattern)


TEXT = r'"(?:[^"\\\n]|\\.)*+"'
_FORMS = (
    _form(SETUP, comment=r"[^\n]*+", install=f"{TEXT}(?:, {TEXT})*+", sentence=TEXT),
    _form(CARRYING, comment=r"[^\n]*+", name=CARRIED, packed=r"[\w:+/=-]*+"),
)
