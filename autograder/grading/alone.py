"""One learner, one file, their own machine."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.errors import LearnerError, SubmissionError
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.messages import learner_error, typed
from autograder.model import Evidence, Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.meter import OwnMeter, metered
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.stepping import Stepping
from autograder.submission import read_file
from autograder.wire.protocol import Program

__all__ = ["Choice", "check_alone", "entry_of", "own_choice", "own_file"]


@dataclass(frozen=True)
class Choice:
    """The file that is checked.

    other: one that has been worked in too, but not as lately.
    misnamed: where nothing is written in it, a file of another name in which the work may be.
    """

    path: Path
    other: Path | None = None
    misnamed: Path | None = None


def own_file(exercise: Exercise) -> Path:
    """Choose the file a learner works in: the script or the notebook.

    The one in which something is written, since editors touch what they only open; of two, the one
    that changed last.

    Raises LearnerError when there is neither, naming what may be meant.
    """
    return own_choice(exercise).path


def own_choice(exercise: Exercise) -> Choice:
    """Choose as `own_file` does, and tell of another file in which somebody has worked."""
    candidates = [exercise.source, exercise.source.with_suffix(".ipynb")]
    there = [path for path in candidates if path.is_file()]
    if not there:
        raise _none_there(exercise)
    begun = [path for path in there if _is_begun(path, exercise)]
    path = max(begun or there, key=lambda path: path.stat().st_mtime_ns)
    other = next((each for each in begun if each != path), None)
    return Choice(path, other, None if begun else _misnamed(exercise, candidates))


def _misnamed(exercise: Exercise, candidates: list[Path]) -> Path | None:
    """Return a file beside the learner's own in which a task is written; the latest of several."""
    mine = []
    for path in exercise.folder.iterdir():
        if path.suffix in (".py", ".ipynb") and path not in candidates:
            with contextlib.suppress(OSError):  # what cannot be read is not asked about
                mine += [path] if path.is_file() and _is_begun(path, exercise, defined=True) else []
    return max(mine, key=lambda path: path.stat().st_mtime_ns, default=None)


def _is_begun(path: Path, exercise: Exercise, *, defined: bool = False) -> bool:
    """Tell whether something is written in a file; defined: and a task's name defined there."""
    text = path.read_text(encoding="utf-8", errors="replace")
    names = "|".join(re.escape(task.name) for task in exercise.tasks)
    if defined and not re.search(rf"\b(def|class) ({names})\b", text):
        return False
    # In a notebook the quotes are escaped.
    left = (
        f"NotImplementedError({quote}{task.name}{quote})" in text
        for task in exercise.tasks
        for quote in ('"', '\\"')
    )
    return sum(left) < len(exercise.tasks)


def _none_there(exercise: Exercise) -> LearnerError:
    """Say what a learner may have meant: a file of theirs under another name."""
    others = sorted(
        path.name
        for path in exercise.folder.iterdir()
        if path.suffix in (".py", ".ipynb", ".txt") and not path.name.startswith("test_")
    )
    script, folder = exercise.source.name, str(exercise.folder)
    close = difflib.get_close_matches(script, others, n=1, cutoff=0.5)
    if close:
        return learner_error(
            "error.other_name", script=script, folder=folder, other=typed(close[0])
        )
    return learner_error("error.no_own_file", module=exercise.module, folder=folder)


def entry_of(
    exercise: Exercise, path: Path, *, draws: bool = False, only_task: str | None = None
) -> Entry:
    """Read a learner's file for the loop; one that cannot be read says why in its result."""
    program: Program | None = None
    problem = None
    try:
        program = read_file(path, exercise.module, exercise.forbidden, exercise.wanted)
    except SubmissionError as error:
        problem = Evidence(error.key, facts=error.facts)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Entry("", path.name, program, problem, sha256, only_task=only_task or "", draws=draws)


def check_alone(
    exercise: Exercise,
    path: Path,
    sandbox: Sandbox | Stepping | None = None,
    *,
    draws: bool = False,
    only_task: str | None = None,
) -> Result:
    """Run an exercise's checks on a file, without a cage: it is the learner's own code.

    sandbox: where to run it, if one was started early; it is closed in the end. For who steps
    through it no limit holds, and nothing is asked but the checks.
    draws: make the exercise's picture of it too.
    only_task: run the checks of this task alone, if it is not None.
    """
    entry = entry_of(exercise, path, draws=draws, only_task=only_task)
    feed: Iterator[Entry] = metered([entry], OwnMeter(exercise.limits))
    if isinstance(sandbox, Stepping):
        feed = iter([dataclasses.replace(entry, named=False)])
    results: list[Result] = []
    with contextlib.closing(sandbox or Sandbox("plain", exercise.framework)) as place:
        run_checks(open_bench(exercise), place, feed, results.append)
    return results[0]
