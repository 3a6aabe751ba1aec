"""The corpus' graded attacks against peers: ``python -m benchmarks.redteam_peers``.

Each submission of ``tests/redteam/graded`` is graded by plain pytest (a process and a copy of the
checks for each, the score read from its report), by nbgrader as it comes (asserts in cells, hidden
tests between marks, five seconds a cell) and by GradeFlow. A peer holds against an attack when its
points are those that the right parts of the program are worth. Prints a table in Markdown, for
docs/threat-model.md. The attacks run as the user who runs this, without a cage: use a container.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "real"), str(ROOT / "tests" / "redteam")]

import nbgrader_course as course  # noqa: E402
import nbgrader_stock as stock  # noqa: E402
from run import Attack, corpus, main  # noqa: E402

RIGHT = "import numpy as np\ndef double(z): return 2 * z\ndef total(z): return float(np.sum(z))\n"
# What each program is rightly worth of 6; 0 where it is not named. None: it may be either.
WORTH = {"half_right": 2.0, "a_module_that_deletes_itself": None}
CHECKS = """
import numpy as np
import tiny
rng = np.random.default_rng(0)
def test_double_4():
    for z in (np.array([1.0, -3.0]), rng.normal(size=(2, 3))):
        assert np.allclose(tiny.double(z), 2 * z)
def test_total_2():
    z = np.array([1.0, 2.0, 3.0])
    assert np.isclose(tiny.total(z), 6.0)
"""
SECONDS = 20


def by_pytest(source: str) -> float | str:
    """Return the points of one submission, or what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "tiny.py").write_text(source, encoding="utf-8")
        (room / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-p", "no:gradeflow", "--junitxml=r.xml", "test_tiny.py"]
        try:
            done = subprocess.run(
                command, cwd=room, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return "hangs"
        if not (room / "r.xml").is_file():
            return f"no report, exit code {done.returncode}"
        cases = ET.parse(room / "r.xml").iter("testcase")  # of our own making
        return sum(float(case.get("name", "_0")[-1]) for case in cases if not len(case))


def by_nbgrader(attacks: list[Attack]) -> dict[str, float | None]:
    """Return the points of all, graded by one command after the other's failure, by name."""
    with tempfile.TemporaryDirectory() as folder:
        settings = "c.ExecutePreprocessor.timeout = 5\nc.Execute.timeout = 5\n"
        root = stock.make_course(Path(folder) / "course", settings=settings)
        blank = stock.released(root)
        for attack in attacks:
            who = root / "submitted" / attack.name.rpartition("/")[2] / course.NAME
            who.mkdir(parents=True)
            cells = course.answered(blank, double=attack.source, total="")
            (who / "tiny.ipynb").write_text(json.dumps(cells), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", course.NAME]
        subprocess.run(command, cwd=root, capture_output=True, timeout=900, check=False)
        found = course.scores(root)
        return {
            who: None if None in scores.values() else sum(filter(None, scores.values()))
            for who, scores in found.items()
        }


def told(points: object, worth: float | None) -> tuple[bool, str]:
    """Say whether points are right, and what they are."""
    if worth is None:
        return points in (0.0, 6.0), f"{points:g}" if isinstance(points, int | float) else "–"
    if isinstance(points, int | float):
        return points == worth, f"{points:g}"
    return False, str(points or "lost")


def table() -> None:
    """Print the table."""
    attacks = [each for each in corpus() if each.kind == "graded"]
    ours = main("namespaces", *(each.name for each in attacks))
    theirs = by_nbgrader(attacks)
    rows, held = [], [0, 0, 0]
    for attack in attacks:
        short = attack.name.rpartition("/")[2]
        worth = WORTH.get(short, 0.0)
        plain = told(by_pytest(attack.source), worth)
        stocked = told(theirs.get(short), worth)
        mine = ours[attack.name]["held"]
        held = [n + bool(each) for n, each in zip(held, (plain[0], stocked[0], mine), strict=True)]
        cells = [f"{'held' if good else '**fell**'}: {said}" for good, said in (plain, stocked)]
        rows.append(
            f"| {attack.notes['claim']} | {cells[0]} | {cells[1]} | {'held' if mine else 'fell'} |"
        )
    print("| claim | plain pytest | nbgrader alone | GradeFlow |\n|---|---|---|---|")
    print("\n".join(rows))
    print(f"| **held, of {len(attacks)}** | {held[0]} | {held[1]} | {held[2]} |")


if __name__ == "__main__":
    table()
