"""Of all that a learner handed in: the one file to grade, and what belongs to it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from autograder.catalogue import Course, Exercise
from autograder.errors import SubmissionError
from autograder.model import Diagnosis
from autograder.submission.content import work_in
from autograder.submission.dates import when_handed_in
from autograder.submission.files import UnreadableError
from autograder.submission.finding import Found, Haul
from autograder.submission.learners import shown
from autograder.submission.owners import Owned, is_like, plain_stem
from autograder.submission.reading import MOST_NOTEBOOK, Problem, Submission, read_program
from autograder.wire.protocol import MOST_FILE_BYTES, MOST_FILES

__all__ = ["Wanted", "choose", "is_work"]

MOST_READ = 12
"""Files of one learner that are read to find the one to grade."""
LONGEST_PATH = 200
UNFIT = frozenset({"", ".", ".."})
ARCHIVE = "zip_"
UNREADABLE, STUB, PROGRAM, WORK = range(4)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: work on the tasks of an exercise, in a file named like its module.

    given: names of files that learners get with the exercise, so that nobody is the author.
    """

    exercise: str
    module: str
    tasks: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    @classmethod
    def of(cls, course: Course, exercise: Exercise) -> Wanted:
        """Return what is looked for in an exercise of a course."""
        released = course.assignments / exercise.name
        given = [path.name for path in released.iterdir()] if released.is_dir() else []
        tasks = frozenset(task.name for task in exercise.tasks)
        return cls(exercise.name, exercise.module, tasks, frozenset(given))


@dataclass(frozen=True)
class _Read:
    owned: Owned
    submission: Submission
    value: int


def is_work(found: Found, wanted: Wanted) -> bool:
    """Tell by its content whether a file is somebody's of this exercise.

    It is with work on a task. An untouched stub is, unless it still has the name it was given.
    """
    if found.problem or found.kind != "file":
        return False
    try:
        data, size = found.read(MOST_NOTEBOOK)
        parts = read_program(Submission("", found.parts[-1], data, "", size=size), "m").parts
    except (UnreadableError, SubmissionError):
        return False
    work = work_in(parts, wanted.tasks)
    left = work.left & wanted.tasks and not is_like(found.parts[-1], wanted.module)
    return not wanted.tasks or bool(work.begun or left)


def choose(learner: str, files: Sequence[Owned], wanted: Wanted, haul: Haul) -> Submission:
    """Return what is graded of a learner's files; without a program, with the reason why.

    The one to grade is, in this order: work on a task; a program; an untouched stub; what cannot be
    read. Among equals: named like the module, the platform's latest attempt, the newest, the
    highest number of a copy, the notebook rather than the script.
    """
    there = [owned for owned in files if owned.found.kind != "folder"]
    if not there:
        origin = files[0].found.origin
        return Submission(learner, "", b"", origin, problem=Problem("submission.nothing"))
    ranked = sorted(there, key=lambda owned: _rank(owned, wanted), reverse=True)
    read: list[_Read] = []
    for owned in ranked[:MOST_READ]:
        read.append(_read(learner, owned, wanted))
        if read[-1].value == WORK:
            break
    best = max(read, key=lambda each: each.value)
    rest = [owned for owned in ranked if owned is not best.owned]
    if best.value == UNREADABLE:
        for owned in rest:
            haul.skip(owned.found.origin, owned.found.problem or "other_file")
        return _dated(best.submission, best.owned)
    beside = _beside(best, rest, wanted, haul)
    notes = _notes(best, read, ranked, wanted)
    return _dated(dataclasses.replace(best.submission, notes=notes, files=beside), best.owned)


def _dated(submission: Submission, owned: Owned) -> Submission:
    when = when_handed_in(owned.attempt, owned.stamp)
    return dataclasses.replace(submission, handed_in=when, late=owned.late)


def _rank(owned: Owned, wanted: Wanted) -> tuple[bool | int | float, ...]:
    path = PurePath(owned.name)
    suffix = path.suffix.lower()
    return (
        not owned.found.problem,
        owned.name not in wanted.given or is_like(owned.name, wanted.module),
        suffix in (".py", ".ipynb") or ".ipynb" in path.suffixes,
        is_like(owned.name, wanted.module),
        wanted.exercise in owned.found.parts[:-1],
        owned.attempt,
        owned.found.modified,
        owned.upload,
        owned.copy,
        suffix == ".ipynb",
    )


def _read(learner: str, owned: Owned, wanted: Wanted) -> _Read:
    name, origin = shown(owned.name), owned.found.origin
    try:
        data, size = owned.found.read(MOST_NOTEBOOK)
    except UnreadableError as error:
        reason = str(error)
        key = "submission.archive" if reason.startswith(ARCHIVE) else "submission.unreachable"
        problem = Problem(key, {"reason": reason})
        return _Read(owned, Submission(learner, name, b"", origin, problem=problem), UNREADABLE)
    submission = Submission(learner, name, data, origin, size=size)
    try:
        parts = read_program(submission, wanted.module).parts
    except SubmissionError as error:
        # The bytes of what is no program are not needed any more; what it is, is told.
        problem = Problem(error.key, error.facts)
        told = Submission(learner, name, data[:1], origin, size=size, problem=problem)
        return _Read(owned, told, UNREADABLE)
    work = work_in(parts, wanted.tasks)
    if work.is_untouched:
        return _Read(owned, submission, STUB)
    return _Read(owned, submission, WORK if work.begun or not wanted.tasks else PROGRAM)


def _notes(
    best: _Read, read: Sequence[_Read], ranked: Sequence[Owned], wanted: Wanted
) -> tuple[Diagnosis, ...]:
    """Say which file was graded where another may be meant; that it is the newest, only if so."""
    looked = {id(each.owned): each for each in read}
    alike = {wanted.module.casefold(), plain_stem(best.owned.name).casefold()}
    others = [
        owned
        for owned in ranked
        if owned is not best.owned
        and not owned.found.problem
        and (
            looked[id(owned)].value > STUB
            if id(owned) in looked
            else plain_stem(owned.name).casefold() in alike
        )
    ]
    if not others:
        return ()
    when = (best.owned.attempt, best.owned.found.modified)
    newest = all(when > (each.attempt, each.found.modified) for each in others)
    key = "note.newest_file" if newest else "note.other_file"
    return (Diagnosis(key, facts={"file": best.submission.name}),)


def _beside(
    best: _Read, rest: Sequence[Owned], wanted: Wanted, haul: Haul
) -> tuple[tuple[str, bytes], ...]:
    """Return the files that lie beside the graded one or below, which it may import or read.

    What its text names comes first, for there are bounds on number and bytes.
    """
    here = best.owned.folder
    text = best.submission.data
    candidates: list[tuple[bool, str, Owned]] = []
    for owned in rest:
        path = _path_below(owned, here)
        reason = owned.found.problem or "other_file"
        if path and not owned.found.problem and not is_like(owned.name, wanted.module):
            if owned.name in wanted.given:
                reason = "handed_out"
            else:
                stem = re.escape(PurePath(path).stem.encode(errors="replace"))
                candidates.append((re.search(rb"(?<!\w)" + stem, text) is None, path, owned))
                continue
        haul.skip(owned.found.origin, reason)
    room, taken = MOST_FILE_BYTES, dict[str, bytes]()
    for _, path, owned in sorted(candidates, key=lambda each: each[:2]):
        try:
            data = owned.found.read(room)[0] if len(taken) < MOST_FILES else None
        except UnreadableError as error:
            haul.skip(owned.found.origin, str(error))
            continue
        if data is None or len(data) > room or path in taken:
            haul.skip(owned.found.origin, "beside_too_much")
            continue
        room -= len(data)
        taken[path] = data
    haul.beside += len(taken)
    return tuple(taken.items())


def _path_below(owned: Owned, folder: tuple[str, ...]) -> str:
    """Return a file's path below a folder, with ``/``; empty when it has none that is safe."""
    if owned.folder[: len(folder)] != folder:
        return ""
    parts = (*owned.folder[len(folder) :], owned.name)
    path = "/".join(parts)
    fits = len(path) <= LONGEST_PATH and shown(path) == path and "\\" not in path
    return (
        path if fits and not UNFIT & set(parts) and not any("/" in part for part in parts) else ""
    )
