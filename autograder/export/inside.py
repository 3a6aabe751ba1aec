"""What ``run_autograder`` runs in Gradescope: one submission in, ``results.json`` out."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.catalogue import Course, Exercise, find_course
from autograder.errors import CageError, GradeFlowError
from autograder.export.gradescope import Visibility, results_for_gradescope
from autograder.grading.classroom import entry_of
from autograder.grading.loop import run_checks
from autograder.messages import translate
from autograder.model import Result, to_json
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.submission import Submission
from autograder.submission.discover import Wanted, handed_in_by

__all__ = ["SETTINGS", "Settings", "main", "settings_json"]

SETTINGS = "gradeflow.json"
ROOT = "GRADEFLOW_ROOT"


class Settings(msgspec.Struct, frozen=True):
    """What the bundle was made with.

    allow_uncaged: give a score even where submissions cannot be caged.
    """

    exercise: str
    language: str
    hidden: Visibility
    allow_uncaged: bool = False


def settings_json(settings: Settings) -> bytes:
    """Write the settings as the bundle carries them."""
    return msgspec.json.encode(settings)


def main() -> None:
    """Grade the submission of this container; leave no results.json when no score can be given."""
    root = Path(os.environ.get(ROOT, "/autograder"))
    out = root / "results" / "results.json"
    try:
        out.unlink(missing_ok=True)
        payload = to_json(_results(root))
        out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out, payload)
    except (GradeFlowError, OSError, msgspec.MsgspecError) as error:
        print(f"gradeflow: {error}")  # Gradescope keeps it for the instructor
        sys.exit(1)


def _results(root: Path) -> dict[str, object]:
    source = root / "source"
    settings = msgspec.json.decode((source / SETTINGS).read_bytes(), type=Settings)
    course = find_course(source / "course")
    if course is None:
        raise GradeFlowError(f"There is no course in {source}: make the bundle again.")
    exercise = course.authored(settings.exercise)
    submission = _handed_in(root / "submission", course, exercise)
    if submission.problem is not None and submission.problem.key == "submission.nothing":
        text = translate("page.hand_in", settings.language, module=exercise.module)
        return {"score": 0.0, "output": text, "output_format": "text", "tests": []}
    hidden = (source / "course", root / "submission", root / "results")
    sandbox, remarks = _sandbox(exercise, hidden, settings)
    results: list[Result] = []
    with contextlib.closing(sandbox):
        bench = open_bench(exercise, course.salt)
        run_checks(bench, sandbox, [entry_of(submission, exercise)], results.append)
    return results_for_gradescope(results[0], exercise, settings.language, settings.hidden, remarks)


def _handed_in(folder: Path, course: Course, exercise: Exercise) -> Submission:
    """Find the one file to grade of all that a learner handed in."""
    others = frozenset(course.exercises) - {exercise.name}
    return handed_in_by("learner", folder, Wanted.of(course, exercise), others)


def _sandbox(
    exercise: Exercise, hidden: tuple[Path, ...], settings: Settings
) -> tuple[Sandbox, Sequence[str]]:
    try:
        # Each submission has a fresh container, in which WebAssembly would be compiled anew.
        try:
            return Sandbox("namespaces", exercise.framework, hidden=hidden), ()
        except CageError:
            return Sandbox("landlock", exercise.framework, hidden=hidden), ()
    except CageError as error:
        if not settings.allow_uncaged:
            raise CageError(
                "No score is given, because this container allows no cage and an uncaged "
                "submission could read the hidden checks and forge its score: grade with "
                "`gradeflow grade` on a machine of your own, or, if you trust every submission, "
                "make the autograder again with --allow-uncaged.",
                error.why,
            ) from None
        remark = (
            f"No cage can be had in this container. {error.why} The submission ran with nothing "
            "but the container around it: it could read the hidden checks and forge its score."
        )
        print(f"gradeflow: {remark}")
        return Sandbox("plain", exercise.framework), (remark,)


if __name__ == "__main__":
    main()
