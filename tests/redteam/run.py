"""Run the corpus of attacks in one mode of the cage, with one warm server, and say what held.

``python tests/redteam/run.py namespaces``, ``landlock`` or ``webassembly``, with names of attacks,
or without for all. In the first lines of an attack stand its ``claim`` and what is ``held``, an
expression; the folder says where it runs: ``cage`` (its function ``attack`` is called there),
``graded`` (a submission, graded by a worker's loop) or ``here`` (on the trusted side, where it
attacks readers). After each, an honest one must fare on the same server as ever. In WebAssembly
most of what is attacked is not there at all: an attack that Python itself cannot begin there has
failed; where another outcome is right there, it stands as ``held_webassembly``.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import os
import platform
import re
import runpy
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.catalogue import Exercise, load_exercise
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import (
    Call,
    Crashed,
    Name,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
)

HERE = Path(__file__).resolve().parent
KINDS = ("cage", "graded", "here")
MODES = ("namespaces", "landlock", "webassembly")
USUAL = Limits(wall=10.0, total=30.0, memory=256, file_size=4, processes=32)
ABSENT = (
    r"unavailable on wasm32-wasi|has no attribute|can't start new thread|No module named"
    r"|Not supported|Bad file descriptor"
)
HONEST = Program("honest", (Part("honest.py", "def alive(x):\n    return x + 1\n"),))
RIGHT = "import numpy as np\ndef double(z): return 2 * z\ndef total(z): return float(np.sum(z))\n"


@dataclasses.dataclass(frozen=True)
class Attack:
    """An attack: ``name`` is its path within the corpus, ``notes`` what its first lines say."""

    name: str
    source: str
    notes: dict[str, str]

    @property
    def kind(self) -> str:
        """Where it runs."""
        return self.name.partition("/")[0]

    def runs_in(self, mode: str) -> bool:
        """Whether there is something to try here."""
        if self.kind == "here":  # no cage is asked
            return mode == MODES[0]
        only = self.notes.get("only", "")
        return only in ("", mode, platform.machine())


def corpus() -> Iterator[Attack]:
    """Read every attack, in order."""
    for kind in KINDS:
        for path in sorted((HERE / kind).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            head = source[: source.index("\n\n")] if "\n\n" in source else source
            notes = dict(re.findall(r"^# (\w+): (.*)$", head, re.MULTILINE))
            yield Attack(str(path.relative_to(HERE).with_suffix("")), source, notes)


class Room(type(Path())):  # type: ignore[misc]
    """A folder in which an attack on the trusted side works, with an exercise to render."""

    exercise: Exercise

    @cached_property
    def devnull(self) -> io.StringIO:
        """A terminal that nobody sees."""
        return io.StringIO()


class Battle:
    """A warm server in one mode, and what attacks are judged by."""

    def __init__(self, mode: str, room: Path, exercise: Exercise) -> None:
        self.mode, self.room, self.exercise = mode, room, exercise
        course = room / "course"
        course.mkdir()
        self.secret = course / "test_hidden.py"
        self.secret.write_text("the answer is 42")
        self.sandbox = Sandbox(mode, hidden=(course,))  # type: ignore[arg-type]
        self.server: ForkServer | None = getattr(self.sandbox._cage, "_server", None)
        self._graded_ones: dict[str, dict[str, Any]] = {}

    def close(self) -> None:
        self.sandbox.close()

    def run(self, attack: Attack) -> dict[str, Any]:
        """Run one, and an honest one after it; return whether it held, and what was seen."""
        # On the trusted side nothing waits: its cost is what it computes, on a busy machine too.
        clock = time.process_time if attack.kind == "here" else time.perf_counter
        start = clock()
        names = {"cage": self._caged, "graded": self._graded, "here": self._here}[attack.kind](
            attack
        )
        names = {"seconds": clock() - start, "mode": self.mode, "Path": Path} | names
        names |= {"root": os.geteuid() == 0, "room": self.room}
        names |= {each.__name__: each for each in (Returned, Raised, Stopped, Crashed)}
        names |= {"refused": refused, "harmless": harmless, "formulas": formulas}
        absent = self.server is None and not_there(names["outcome"])
        named = attack.notes.get(f"held_{self.mode}", attack.notes["held"])
        held = absent or bool(eval(named, names))
        shown = names.get("result") or names.get("outcome", names.get("value"))
        held = held and (names["after"] if "after" in names else self._honest(attack.kind))
        return {"held": held, "seen": repr(shown)[:400], "seconds": round(names["seconds"], 2)}

    def _honest(self, kind: str) -> bool:
        if kind == "here":
            return True
        session = self.sandbox.open(HONEST, USUAL)
        try:
            return session.call(Call(Name("alive"), (1,))).value == 2  # type: ignore[union-attr]
        finally:
            session.close()

    def _caged(self, attack: Attack) -> dict[str, Any]:
        limits = dataclasses.replace(USUAL, **eval(f"dict({attack.notes.get('limits', '')})"))
        before: list[object] = []
        for _ in range(2 if "twice" in attack.notes else 1):
            program = Program("attack", (Part("attack.py", attack.source),))
            session = self.sandbox.open(program, limits)
            try:
                failures = session.load().failures
                if self.server is None and failures and not_there(failures[0].outcome):
                    return {"outcome": failures[0].outcome, "value": None}
                assert failures == (), failures
                outcome = session.call(Call(Name("attack"), self._given(attack)))
            finally:
                session.close()
            value = getattr(outcome, "value", None)
            found = {"outcome": outcome, "value": value, "before": tuple(before)}
            before.append(value)
        return found

    def _given(self, attack: Attack) -> tuple[Any, ...]:
        alone = self.server is None or self.server.layers.processes
        inside = 2 if alone else self.server._process._process.pid  # type: ignore[union-attr]
        names = {"secret": str(self.secret), "server_pid": inside, "here": str(HERE / "run.py")}
        names |= {"secret_folder": str(self.secret.parent), "tests": str(HERE)}
        names |= {"home": str(Path.home()), "project": str(HERE.parents[1] / "pyproject.toml")}
        return eval(f"({attack.notes.get('given', '')})", names)  # type: ignore[no-any-return]

    def grade(self, attacks: Sequence[Attack]) -> None:
        """Grade submissions, a right one after each, as one class."""
        programs = [source for each in attacks for source in (each.source, RIGHT)]
        entries = [
            Entry("ann", "tiny.py", Program("tiny", (Part("tiny.py", source),)), unseen=True)
            for source in programs
        ]
        found: list[tuple[Result, float]] = []

        def emit(result: Result) -> None:
            found.append((result, time.perf_counter()))

        before = time.perf_counter()
        run_checks(open_bench(self.exercise, "salt"), self.sandbox, entries, emit)
        pairs = zip(attacks, found[::2], found[1::2], strict=True)
        for attack, (result, _), (after, at) in pairs:
            points = {"points": result.score.points, "possible": result.score.possible}
            full = after.score.points == after.score.possible
            own = {"outcome": None, "result": result, "after": full, "seconds": at - before}
            self._graded_ones[attack.name] = own | points
            before = at

    def _graded(self, attack: Attack) -> dict[str, Any]:
        if attack.name not in self._graded_ones:
            self.grade([attack])
        return dict(self._graded_ones[attack.name])

    def _here(self, attack: Attack) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.room) as folder:
            room = Room(folder)
            room.exercise = self.exercise
            path = HERE / f"{attack.name}.py"
            return {"value": runpy.run_path(str(path))["attack"](room), "outcome": None}


def refused(value: dict[str, object]) -> dict[str, object]:
    """Return what each of several attempts met, which must not be success."""
    assert not [each for each in value.values() if str(each).startswith("got")], value
    return value


def not_there(outcome: object) -> bool:
    """Tell whether an attack could not begin, because a guest in WebAssembly has no such thing."""
    return isinstance(outcome, Raised) and re.search(ABSENT, outcome.message) is not None


def harmless(page: str) -> bool:
    """Tell whether a browser would run, load or send nothing of a page."""
    tags = re.findall(r"<\s*(\w+)([^>]*)", page)
    bad = {"script", "style", "iframe", "form", "input", "svg", "meta", "object", "embed", "base"}
    runs = re.compile(r"""\son\w+\s*=|(?:href|src)\s*=\s*["']?\s*(?:javascript|data:text)""", re.I)
    return not [name for name, rest in tags if name.lower() in bad or runs.search(f" {rest}")]


def formulas(text: str) -> list[str]:
    """Return the cells of a table that a spreadsheet would take for a formula."""
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    return [cell for cell in cells if cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝"))]


def left_over(server: ForkServer) -> list[int]:
    """Return processes in the server's cage beyond the server itself, once they had a moment."""
    deadline = time.monotonic() + 5
    while True:
        inside = [pid for pid in descendants(server._process._process.pid) if is_python(pid)]
        if len(inside) <= 1 or time.monotonic() > deadline:
            return inside[1:]
        time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except (FileNotFoundError, ProcessLookupError):  # it ended while it was being looked at
            continue
        for child in children:
            found += descendants(int(child))
    return found


def is_python(pid: int) -> bool:
    """Tell a submission or the server from what keeps them."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("python")
    except (FileNotFoundError, ProcessLookupError):
        return False


def main(mode: str, *names: str) -> dict[str, dict[str, Any]]:
    """Run attacks in a mode; return what came of each."""
    os.environ["GRADER_TOKEN"] = "secret"
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        battle = Battle(mode, room, load_exercise(HERE / "01_tiny"))
        asked = [e for e in corpus() if e.runs_in(mode) and (not names or e.name in names)]
        try:
            with contextlib.suppress(Exception):  # who breaks a class is found out alone
                battle.grade([each for each in asked if each.kind == "graded"])
            for attack in asked:
                try:
                    found[attack.name] = battle.run(attack)
                except Exception as error:
                    seen = f"{type(error).__name__}: {error}"
                    found[attack.name] = {"held": False, "seen": seen[:400]}
            if battle.server is not None:
                battle.sandbox._cage._door.close()  # type: ignore[union-attr]
                left = left_over(battle.server)
                found["afterwards"] = {"held": left == [], "seen": f"left over: {left}"}
        finally:
            battle.close()
    return found


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), indent=1))
