"""What an attack is made of, and the submission that carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.classroom.made import Full, Made, Points
from tools.classroom.material import Material

__all__ = ["Attack", "Target"]


@dataclass(frozen=True)
class Target:
    """Where an attacker would find things, were there no cage: known to them on purpose.

    course: the course's folder, with solutions/.
    room: the demo's own folder, with submitted/, results/ and the canary.
    port: a port on this machine that somebody listens on.
    """

    course: Path
    room: Path
    port: int

    @property
    def canary(self) -> Path:
        """A file that nobody may touch."""
        return self.room / "canary.txt"

    @property
    def submitted(self) -> Path:
        """The class's submissions, in nbgrader's layout."""
        return self.room / "submitted"

    def results(self, exercise: str) -> Path:
        """Return the folder of an exercise's results."""
        return self.room / "results" / exercise


@dataclass(frozen=True)
class Attack:
    """Hostile code, and the honest code beside it.

    way: ``stub``: runs at top level after functions that are not written, and must earn nothing;
    ``honest``: runs at top level before right functions, which must keep their points;
    ``last``: is the body of the last function beside right ones, and must cost just that one;
    ``every``: is the body of every function, and must earn nothing.
    kind: evidence that must be reported; "" for any.
    """

    name: str
    what: str
    way: Literal["stub", "honest", "last", "every"]
    code: str
    kind: str = ""

    def made(self, material: Material, target: Target) -> Made:
        """Make the submission."""
        head = _head(material, target)
        code = self.code.strip("\n") + "\n"
        full = material.exercise.points
        expect: Full | Points
        match self.way:
            case "stub":
                text, expect = f"{material.stub}\n\n{head}{code}", Points(0, self.kind)
            case "honest":
                text, expect = f"{head}{code}\n\n{material.script}", Full(self.kind)
            case "last":
                text = head + material.with_last(code)
                expect = Points(full - material.exercise.tasks[-1].points, self.kind)
            case "every":
                text, expect = head + material.with_every(code), Points(0, self.kind)
        files = {material.name: text.encode()}
        return Made(f"attack-{self.name}", "attack", self.what, files, expect)


def _head(material: Material, target: Target) -> str:
    """Tell the attack what a well-informed attacker knows."""
    exercise = material.exercise
    known = {
        "COURSE": str(target.course),
        "SOLUTION": str(exercise.source),
        "ROOM": str(target.room),
        "CANARY": str(target.canary),
        "RESULTS": str(target.results(exercise.name)),
        "SUBMITTED": str(target.submitted),
        "EXERCISE": exercise.name,
        "MODULE": exercise.module,
        "PORT": target.port,
        "TASKS": [task.name for task in exercise.tasks],
        "POINTS": exercise.points,
    }
    return "".join(f"{name} = {value!r}\n" for name, value in known.items()) + "\n"
