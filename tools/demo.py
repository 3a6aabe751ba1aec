"""The main job on real input: classes are made, graded in the cage, and the outcome proved.

Run by ``make demo`` and ``make demo-course``; exit code 0 only when every claim holds.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from autograder.catalogue import Course, find_course
from autograder.errors import GradeFlowError
from autograder.model import Result
from tools.classroom import SHOWN, Made, Target, choose, make_class, write_class
from tools.gallery import pictures_of, write_gallery
from tools.proof import Claim, claims_about, read_results
from tools.witness import Doorbell, adopt_orphans, changes, left_behind, snapshot

__all__ = ["main"]

QUICK = 5.0  # seconds; starting the command is most of it
LITTLE = 0.1  # of what grading took: so much it may take on a machine that is busy or slow
CANARY = "If this file changes, somebody got out.\n"


@dataclass(frozen=True)
class Demo:
    """Where the demo happens, and how it grades.

    classes: how many submissions are made for each exercise; None for all there are.
    options: further options of ``gradeflow grade``.
    said: the lines that it has said besides its tables; each is shown once, whatever the exercise.
    """

    course: Course
    target: Target
    command: Path
    classes: Mapping[str, int | None]
    options: tuple[str, ...]
    console: Console
    said: set[str] = field(default_factory=set)

    @property
    def gallery(self) -> Path:
        """The page with pictures of some results."""
        return self.target.room / "pictures.html"

    @property
    def watched(self) -> tuple[Path, ...]:
        """What no submission may touch."""
        root = self.course.root
        submitted = self.target.submitted
        return (self.course.solutions, self.course.assignments, root / "course.toml", submitted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo, and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--no-sandbox", action="store_true", help="without a cage, and no attacks")
    parser.add_argument("--all", action="store_true", help="every exercise of the course")
    parser.add_argument("--class", type=int, dest="number", help="submissions for each exercise")
    parser.add_argument("exercises", nargs="*", help="by default " + ", ".join(SHOWN))
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False)
    try:
        return _run(chosen, console)
    except (GradeFlowError, OSError) as error:
        console.print(f"demo: {error}", style="red", markup=False)
        return 2


def exercises_of(named: Sequence[str], course: Course, *, every: bool) -> tuple[str, ...]:
    """Return the exercises to show, in order: the named, else the whole course or the demo's."""
    return tuple(named or (course.exercises if every else SHOWN))


def _run(chosen: argparse.Namespace, console: Console) -> int:
    start = time.monotonic()
    course = find_course(Path(__file__).parent)
    if course is None:
        raise GradeFlowError("The project's course.toml is missing: restore it from git.")
    names = exercises_of(chosen.exercises, course, every=chosen.all)
    sizes = SHOWN if chosen.number is None else dict.fromkeys(names, chosen.number)
    adopt_orphans()
    with Doorbell() as doorbell:
        target = Target(course.root, course.root / "build" / "demo", doorbell.port)
        options = ("--no-sandbox",) if chosen.no_sandbox else ()
        classes = {name: sizes.get(name) for name in names}
        demo = Demo(course, target, _command(), classes, options, console)
        _build(demo)
        shutil.rmtree(target.room, ignore_errors=True)
        done = [_one_exercise(demo, name, doorbell) for name in names]
    _say_times(done, console)
    _show_pictures(demo, done)
    _say_where(demo, names)
    claims = [claim for each in done for claim in each.claims]
    return _conclude(claims, time.monotonic() - start, console)


# ---- what is done for one exercise ----


@dataclass(frozen=True)
class Graded:
    """A class that was graded: what was made, what came of it, and in what time."""

    exercise: str
    made: tuple[Made, ...]
    results: Mapping[str, Result]
    seconds: float
    claims: tuple[Claim, ...]


def _one_exercise(demo: Demo, name: str, doorbell: Doorbell) -> Graded:
    console, target = demo.console, demo.target
    console.rule(f"[bold]{name}")
    made = make_class(demo.course, name, target)
    if demo.options:  # without a cage an attack would meet nothing
        made = tuple(each for each in made if each.group != "attack")
    made = choose(made, demo.classes[name] or len(made))
    write_class(target.submitted, name, made)
    target.canary.write_text(CANARY, encoding="utf-8")
    console.print(f"{len(made)} submissions lie in {_short(demo, target.submitted)}")
    before = snapshot([*demo.watched, target.canary])
    seconds, code = _grade(demo, name)
    touched = changes(before, snapshot([*demo.watched, target.canary]))
    results = read_results(target.results(name))
    claims = [
        *claims_about(made, results),
        _claim("the grader lived through it and says all is well", code == 0, f"exit code {code}"),
        _claim(
            "solutions, assignments, submissions and the canary file are untouched",
            not touched,
            f"these changed: {', '.join(touched[:10])}",
        ),
        _claim("nobody reached the network", doorbell.rings == 0, f"{doorbell.rings} connections"),
        _nobody_left(),
        _nothing_to_do(demo, name, seconds),
    ]
    if demo.options:
        claims = [claim for claim in claims if claim.tried]
    console.print()
    for claim in claims:
        _print_claim(claim, console)
    console.print()
    return Graded(name, made, results, seconds, tuple(claims))


def _grade(demo: Demo, name: str, *, quietly: bool = False) -> tuple[float, int]:
    """Run the real command in a session of its own; return its seconds and exit code."""
    out = demo.target.results(name)
    command = [str(demo.command), "grade", name, str(demo.target.submitted), "--out", str(out)]
    start = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [*command, *demo.options],
            cwd=demo.course.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quietly else None,
            stderr=said,
            # A submission that signals its process group must not reach the demo.
            start_new_session=True,
        )
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        seconds = time.monotonic() - start
        said.seek(0)
        _say_once(demo, said)
    return seconds, code


def _say_once(demo: Demo, lines: Iterable[str]) -> None:
    for line in lines:
        if line not in demo.said:
            demo.said.add(line)
            demo.console.print(line.rstrip(), style="dim", markup=False, soft_wrap=True)


def _nobody_left() -> Claim:
    time.sleep(0.2)  # whatever is ending may end
    names = left_behind()
    return _claim("no process was left behind", not names, ", ".join(names))


def _nothing_to_do(demo: Demo, name: str, seconds: float) -> Claim:
    """Grade the unchanged class again: nothing is written, and it takes next to no time."""
    results = sorted(demo.target.results(name).glob("*.json"))
    before = snapshot(results)
    again, _ = _grade(demo, name, quietly=True)
    text = f"graded again, nothing has to be done ({again:.1f} s; the first time {seconds:.1f} s)"
    written = len(changes(before, snapshot(results)))
    problem = f"{written} results were written again" if written else ""
    problem = problem or (f"it took {again:.1f} s" if again > max(QUICK, LITTLE * seconds) else "")
    return _claim(text, not problem, problem)


def _claim(text: str, holds: bool, problem: str) -> Claim:
    return Claim(text, 1, () if holds else (problem,))


# ---- before and after ----


def _command() -> Path:
    """Find the command that was installed with this Python, else the one on the path."""
    beside = shutil.which("gradeflow", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("gradeflow")
    if found is None:
        raise GradeFlowError("The command gradeflow is not installed: run `make setup`.")
    return Path(found)


def _build(demo: Demo) -> None:
    """Build what learners get, where it is stale."""
    root, console = demo.course.root, demo.console
    build = [str(demo.command), "build", *demo.classes]
    if (
        subprocess.run(
            [*build, "--check"], cwd=root, stdout=subprocess.DEVNULL, check=False
        ).returncode
        == 0
    ):
        console.print("The exercises are built: assignments/ is what solutions/ makes.")
        return
    console.print("assignments/ is stale; building it.")
    code = subprocess.run(build, cwd=root, check=False).returncode
    if code:
        raise GradeFlowError(f"`gradeflow build` failed with exit code {code}.")


def _print_claim(claim: Claim, console: Console) -> None:
    mark, style = ("✔", "green") if claim.holds else ("✘", "bold red")
    times = f" ({claim.tried})" if claim.tried > 1 else ""
    console.print(f"{mark} {claim.text}{times}", style=style, markup=False)
    problems = claim.failures or (() if claim.holds else ("it was never tried",))
    for problem in problems:
        console.print(f"    {problem}", style="red", markup=False)


def _say_times(done: Sequence[Graded], console: Console) -> None:
    table = Table("exercise", "submissions", "seconds", "seconds each", box=SIMPLE)
    for column in table.columns[1:]:
        column.justify = "right"
    for each in done:
        number = len(each.made)
        one = each.seconds / max(number, 1)
        table.add_row(each.exercise, str(number), f"{each.seconds:.1f}", f"{one:.2f}")
    console.print(table)


def _show_pictures(demo: Demo, done: Sequence[Graded]) -> None:
    shown = {
        each.exercise: pictures_of(demo.course.authored(each.exercise), each.made, each.results)
        for each in done
    }
    number = write_gallery(demo.gallery, shown)
    demo.console.print(f"{number} pictures are drawn.")


def _say_where(demo: Demo, exercises: Sequence[str]) -> None:
    first, console = exercises[0], demo.console
    results = demo.target.results(first)
    wrong = sorted(results.glob("wrong-*.json"))
    stub = next(iter(sorted((demo.course.assignments / first).glob("*.ipynb"))), None)
    console.rule("[bold]where everything is")
    console.print(f"submissions   {_short(demo, demo.target.submitted)}/<learner>/<exercise>/")
    console.print(f"results       {_short(demo, results.parent)}/<exercise>/<learner>.json")
    console.print(f"pictures      {_short(demo, demo.gallery)}")
    if wrong:
        console.print(f"look at one   {_short(demo, wrong[0])}")
    if stub:
        console.print(f"what learners get   {_short(demo, stub.parent)}/ ({stub.name}, …)")
    command = _short(demo, demo.command)
    console.print(f"try next      {command} check {first}     (a learner's view of the stub)")
    console.print(f"              {command} hint {_first_task(demo, first)}")


def _first_task(demo: Demo, exercise: str) -> str:
    return demo.course.authored(exercise).tasks[0].name


def _conclude(claims: Sequence[Claim], seconds: float, console: Console) -> int:
    broken = [claim for claim in claims if not claim.holds]
    console.print()
    if broken:
        console.print(f"{len(broken)} of {len(claims)} claims do not hold.", style="bold red")
    else:
        console.print(f"All {len(claims)} claims hold.", style="bold green")
    console.print(f"{seconds:.0f} s in all.")
    return 1 if broken else 0


def _short(demo: Demo, path: Path) -> str:
    root = demo.course.root
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


if __name__ == "__main__":
    sys.exit(main())
