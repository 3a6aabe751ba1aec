"""The corpus' graded attacks against peers: ``python -m benchmarks.redteam_peers``.

Each submission of ``tests/redteam/graded`` is graded by plain pytest (a process and a copy of the
checks for each, the score read from its report), by nbgrader as it comes (asserts in cells, hidden
tests between marks, five seconds a cell, a command for each) and by GradeFlow. The other attacks
have no counterpart there: they go for a cage, or readers of ours, which peers have not.
A peer holds against an attack when its points are those that the right parts of the program are
worth. Prints a table in Markdown, for docs/threat-model.md.

Peers run the attacks as the user who runs this; bubblewrap keeps everything but the peer's own
folder read-only, and other processes and the network out of reach. What came of each is written to
``build/redteam_peers`` at once: run again, it goes on where it stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "real"), str(ROOT / "tests" / "redteam")]

import nbgrader_course as course  # noqa: E402
import nbgrader_stock as stock  # noqa: E402
from run import Attack, corpus, main  # noqa: E402

from autograder.sandbox.bubblewrap import find_bwrap  # noqa: E402

KEPT = ROOT / "build" / "redteam_peers"
MEMORY = 3 << 30
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
# nbgrader's manual shows partial credit by a cell's value too; that takes -4 of 2 for 2.
SUM = "assert np.isclose(total(np.array([1.0, 2.0, 3.0])), 6.0)"
SECONDS = {"pytest": 20, "nbgrader": 90}  # for one attack


def run() -> None:
    """Try what has not been tried yet, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--afresh", action="store_true", help="forget what was tried before")
    if options.parse_args().afresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    attacks = [each for each in corpus() if each.kind == "graded"]
    ways: dict[str, Callable[[Attack], object]] = {
        "pytest": lambda attack: by_pytest(attack.source),
        "nbgrader": by_nbgrader,
        "ours": lambda attack: main("namespaces", attack.name)[attack.name]["held"],
    }
    found = {name: [_once(name, each, way) for each in attacks] for name, way in ways.items()}
    for line in table(attacks, found):
        print(line)


def _once(name: str, attack: Attack, way: Callable[[Attack], object]) -> object:
    """Try an attack, or read what came of it."""
    path = KEPT / name / f"{short(attack)}.json"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(way(attack)), encoding="utf-8")
        print(f"{name}: {short(attack)}: {path.read_text()}", file=sys.stderr, flush=True)
    return json.loads(path.read_text(encoding="utf-8"))


def short(attack: Attack) -> str:
    """Return an attack's own name."""
    return attack.name.rpartition("/")[2]


def by_pytest(source: str) -> float | str:
    """Return the points of one submission, or what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "tiny.py").write_text(source, encoding="utf-8")
        (room / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-p", "no:gradeflow", "--junitxml=r.xml", "test_tiny.py"]
        try:
            code = _alone(command, room, SECONDS["pytest"])
        except subprocess.TimeoutExpired:
            return "hangs"
        if not (room / "r.xml").is_file():
            return f"no report, exit code {code}"
        cases = ET.parse(room / "r.xml").iter("testcase")  # of our own making
        return sum(float(case.get("name", "_0")[-1]) for case in cases if not len(case))


def by_nbgrader(attack: Attack) -> float | str:
    """Return the points of one submission, or what became of it."""
    root = KEPT / "course"
    if not (root / "release" / course.NAME / "tiny.ipynb").is_file():
        shutil.rmtree(root, ignore_errors=True)
        stock.CHECK_TOTAL = SUM
        settings = "c.ExecutePreprocessor.timeout = 5\nc.Execute.timeout = 5\n"
        stock.make_course(root, settings=settings)
    who = short(attack)
    handed = root / "submitted" / who / course.NAME
    handed.mkdir(parents=True, exist_ok=True)
    cells = course.answered(stock.released(root), double=attack.source, total="")
    (handed / "tiny.ipynb").write_text(json.dumps(cells), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", course.NAME]
    try:
        code = _alone([*command, "--student", who], root, SECONDS["nbgrader"])
    except subprocess.TimeoutExpired:
        return "hangs"
    scores = course.scores(root).get(who, {})
    if not scores or None in scores.values():
        return f"no score, exit code {code}"
    return sum(filter(None, scores.values()))


def _alone(command: list[str], room: Path, seconds: int) -> int:
    """Run a peer so that an attack on it reaches nothing but the peer's own folder."""
    walls = [str(find_bwrap()), "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    walls += ["--tmpfs", "/tmp"]
    for path in (str(ROOT), sys.prefix):  # where somebody works in /tmp
        walls += ["--ro-bind", path, path]
    walls += ["--bind", str(room), str(room), "--setenv", "HOME", "/tmp"]
    walls += ["--unshare-pid", "--unshare-net", "--die-with-parent", "--new-session"]
    walls += ["--chdir", str(room)]
    with contextlib.ExitStack() as stack:
        usual = resource.getrlimit(resource.RLIMIT_DATA)
        stack.callback(resource.setrlimit, resource.RLIMIT_DATA, usual)
        # Whoever hoards memory meets a limit of its own, not the machine's end.
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, usual[1]))
        process = subprocess.Popen(
            [*walls, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    try:
        return process.wait(seconds)
    finally:
        process.kill()
        process.wait()


def told(points: object, worth: float | None) -> tuple[bool, str]:
    """Say whether points are right, and what they are."""
    if isinstance(points, int | float):
        return points == worth if worth is not None else points in (0.0, 6.0), f"{points:g}"
    return False, str(points)


def table(attacks: list[Attack], found: dict[str, list[object]]) -> list[str]:
    """Write the table."""
    rows, held = [], [0, 0, 0]
    for attack, plain, stocked, mine in zip(attacks, *found.values(), strict=True):
        worth = WORTH.get(short(attack), 0.0)
        peers = [told(points, worth) for points in (plain, stocked)]
        counts = zip(held, (peers[0][0], peers[1][0], mine), strict=True)
        held = [n + bool(each) for n, each in counts]
        cells = [f"{'held' if good else '**fell**'}: {said}" for good, said in peers]
        ours = "held" if mine else "**fell**"
        rows.append(f"| {attack.notes['claim']} | {cells[0]} | {cells[1]} | {ours} |")
    head = ["| claim | plain pytest | nbgrader alone | GradeFlow |", "|---|---|---|---|"]
    return [*head, *rows, f"| **held, of {len(attacks)}** | {held[0]} | {held[1]} | {held[2]} |"]


if __name__ == "__main__":
    run()
