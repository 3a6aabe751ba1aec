"""What one half of a class teaches about the other: ten hints, learnt, and whom they reach.

Run with ``python -m benchmarks.learning``. A class of an exercise is made and parted in two; the
exercise is stripped of all that it knows of mistakes. The largest groups of one half that no check
names are learnt by ``gradeflow learn``, groups of mostly the same learners in other tasks under the
same id; then everybody is graded, and it is counted of how many failing tasks of the other half a
misconception is named, and whether anybody with full marks was told one.

``--handed-in FOLDER`` measures a real class, both ways, in the course of the present folder:
FOLDER/EXERCISE holds what was handed in, a folder or a file for each learner.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.catalogue import Course, find_course
from autograder.cli.learning import learn
from autograder.errors import GradeFlowError
from autograder.export.tables import stored_results
from autograder.insight import Group, Overview, groups_of
from autograder.model import Result, Verdict
from tools.classroom import make_ordinary, write_class
from tools.classroom.material import gather

HINTS = 10
HALVES = (0, 1)
AIM = 0.55
COMMAND = (sys.executable, "-m", "autograder")
NO_VARIANTS = '"""No mistake is known yet."""\n'


@dataclass
class Learnt:
    """What came of an exercise: failing tasks of the half that was not learnt from, and named ones.

    source: which half was learnt from. held: what the largest groups of that half hold of its
    failing tasks; held_other: of the other half's.
    refused: groups that could not be learnt, each with the reason.
    """

    exercise: str
    source: int = 0
    failing: int = 0
    named: int = 0
    held: float = 0.0
    held_other: float = 0.0
    right: int = 0
    right_named: int = 0
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """The share of failing tasks that are named."""
        return self.named / self.failing if self.failing else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and return 0 where every exercise reaches the aim."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--class", type=int, default=120, dest="number")
    parser.add_argument("--handed-in", type=Path, metavar="FOLDER")
    parser.add_argument("exercises", nargs="*", default=["01_neuron", "02_gates", "03_xor"])
    chosen = parser.parse_args(arguments)
    course = find_course(Path.cwd())
    if course is None:
        print("benchmarks.learning: run it in the course's folder", file=sys.stderr)
        return 2
    found = list[Learnt]()
    for name in chosen.exercises:
        with tempfile.TemporaryDirectory() as folder:
            room = Path(folder)
            if chosen.handed_in:
                part(chosen.handed_in / name, room)
            else:
                made = list(make_ordinary(gather(course, name), chosen.number))
                for half in HALVES:
                    write_class(room / f"half-{half}", name, made[half::2])
            ways = HALVES if chosen.handed_in else HALVES[:1]
            found += measure(course, name, room, ways)
    show(found)
    return 0 if all(each.share >= AIM and not each.right_named for each in found) else 1


def show(found: Sequence[Learnt]) -> None:
    """Print the table, what was refused, and how long it took."""
    table = Table(box=None, header_style="bold")
    for column in ("exercise", "held of its half", "held of the other", "named there", "right"):
        table.add_column(column)
    for each in found:
        named = f"{each.named} of {each.failing} ({each.share:.0%})"
        held = f"{each.held:.0%}", f"{each.held_other:.0%}"
        right = f"{each.right_named} of {each.right} named"
        table.add_row(f"{each.exercise}, from half {each.source + 1}", *held, named, right)
    console = Console(highlight=False)
    console.print(table)
    for each in found:
        for why in each.refused:
            console.print(f"{each.exercise}: not learnt: {why}", markup=False)
        console.print(f"{each.exercise}: {each.seconds:.0f} s")


def part(handed_in: Path, room: Path) -> None:
    """Part what was handed in into two halves, by the digest of each learner's name."""

    def digest(each: Path) -> bytes:
        return hashlib.sha256(each.name.encode()).digest()

    for number, each in enumerate(sorted(handed_in.iterdir(), key=digest)):
        to = room / f"half-{number % 2}" / each.name
        to.parent.mkdir(exist_ok=True)
        if each.is_dir():
            shutil.copytree(each, to)
        else:
            shutil.copy(each, to)


def measure(course: Course, name: str, room: Path, ways: Sequence[int]) -> list[Learnt]:
    """Learn from one half of a class in a folder, and grade both; for each half in ways."""
    strip(course, name, room / "course")
    graded = [room / f"r{half}" for half in HALVES]
    for half in HALVES:
        run(room / "course", "grade", name, str(room / f"half-{half}"), "--out", str(graded[half]))
    return [_learnt(name, room, half) for half in ways]


def _learnt(name: str, room: Path, half: int) -> Learnt:
    start = time.perf_counter()
    learnt = Learnt(name, half)
    folder, mine = room / f"course-{half}", room / f"r{half}"
    shutil.copytree(room / "course", folder)
    first, second = (groups_in(folder, name, room / f"r{each}") for each in (half, 1 - half))
    hints = hints_for(first)
    keys = {group.key for groups in hints for group in groups}
    learnt.held, learnt.held_other = held_by(first, keys), held_by(second, keys)
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        for place, own in enumerate(hints, 1):
            for group in own:  # one after the other: one that is refused costs its own alone
                try:
                    learn(name, [group.key], f"B{place}", mine, "measured", yes=True)
                except GradeFlowError as error:
                    learnt.refused.append(f"{group.key}: {error}")
    for each in HALVES:
        out = room / f"learnt-{half}-{each}"
        run(folder, "grade", name, str(room / f"half-{each}"), "--out", str(out))
        for result in stored_results(out, name):
            count(result, learnt, other=each != half)
    learnt.seconds = time.perf_counter() - start
    return learnt


def groups_in(folder: Path, name: str, results: Path) -> Overview:
    """Group the results of an exercise of a course."""
    course = find_course(folder)
    assert course is not None
    stored = stored_results(results, name)
    return groups_of(stored, stored.programs.of, course.authored(name))


def hints_for(overview: Overview) -> list[list[Group]]:
    """Choose the groups for ten hints: the largest, each with those of mostly the same learners.

    Those that a check itself gives a name need no hint.
    """
    hints: list[list[Group]] = []
    taken = {group.key for group in overview.groups if group.named}
    for group in overview.groups:
        if group.key not in taken and len(hints) < HINTS:
            hints.append([e for e in (group, *overview.together(group)) if e.key not in taken])
            taken |= {each.key for each in hints[-1]}
    return hints


def held_by(overview: Overview, keys: Collection[str]) -> float:
    """Return what some groups hold of a class's failing tasks."""
    held = [group for group in overview.groups if group.key in keys]
    tasks = {(who, group.task) for group in held for who in group.members}
    tasks |= {(who, task) for group in held for task, those in group.followers for who in those}
    return len(tasks) / overview.failing if overview.failing else 1.0


def count(result: Result, learnt: Learnt, *, other: bool) -> None:
    """Count a learner's failing tasks, and those of which a learnt misconception is named.

    other: whether the learner is of the half that was not learnt from; of the rest, who has full
    marks counts alone.
    """
    right = result.score.points == result.score.possible
    learnt.right += right
    learnt.right_named += bool(result.diagnoses) and right
    if other:
        failed = [c for c in result.checks if c.verdict in (Verdict.FAILED, Verdict.ERROR)]
        learnt.failing += len({check.task for check in failed})
        named = [c for c in failed if c.diagnosis and c.diagnosis.misconception]
        learnt.named += len({check.task for check in named})


def strip(course: Course, name: str, out: Path) -> None:
    """Copy an exercise, and take out what it knows of mistakes."""
    folder = out / "solutions" / name
    shutil.copytree(course.solutions / name, folder)
    (folder / "misconceptions.py").write_text(NO_VARIANTS, encoding="utf-8")
    manifest = folder / "exercise.toml"
    kept = "".join(_without_misconceptions(manifest.read_text(encoding="utf-8")))
    manifest.write_text(kept, encoding="utf-8")
    (out / "course.toml").write_text(
        f'exercises = ["{name}"]\nsalt = "measured"\n[title]\nen = "Course"\nzh = "课程"\n',
        encoding="utf-8",
    )


def _without_misconceptions(text: str) -> Iterator[str]:
    for part in re.split(r"^(?=\[)", text, flags=re.MULTILINE):
        if not part.startswith("[misconceptions"):
            yield part


def run(folder: Path, *arguments: str) -> str:
    """Run a command of the project in a folder, and return what it printed."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"gradeflow {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
