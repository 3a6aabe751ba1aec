"""Finding a class's submissions, one for each learner."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from autograder.errors import GradeFlowError
from autograder.submission.archive import Shelf, add_zip
from autograder.submission.files import UnreadableError, read_regular
from autograder.submission.finding import Found, Haul, Skipped, walk_folder
from autograder.submission.learners import safe_id, shown, unique_id
from autograder.submission.owners import Owned, Place, owner_of_file, owners
from autograder.submission.reading import Submission, code_digest, most_bytes

__all__ = ["SKIP_REASONS", "Discovery", "Skipped", "discover"]

MOST_READ = 12
"""Files of one learner that are read to find the one to grade."""
MOST_NAMED = 5
GIVE = "give a script (.py), a notebook (.ipynb), a folder of submissions, or a .zip of one."

SKIP_REASONS: Final = frozenset(
    {
        "other_file",
        "other_exercise",
        "symlink",
        "unreadable",
        "not_regular",
        "too_deep",
        "too_many_files",
        "zip_damaged",
        "zip_password",
        "zip_method",
        "zip_bomb",
        "zip_too_many",
        "zip_too_large",
        "zip_nested",
    }
)
"""Every reason that a Skipped may have."""


@dataclass(frozen=True)
class Discovery:
    """What was found: one submission a learner, by id; and what was left out, with its reason."""

    submissions: tuple[Submission, ...]
    skipped: tuple[Skipped, ...]


def discover(
    paths: Sequence[Path],
    exercise: str,
    module: str,
    stub_hashes: frozenset[str] = frozenset(),
    others: frozenset[str] = frozenset(),
) -> Discovery:
    """Find the submissions of an exercise.

    paths: scripts, notebooks, folders of them, folders with a folder for each learner, nbgrader's
    ``submitted`` or a part of it, zips from Moodle, Canvas or Blackboard.
    stub_hashes: SHA-256 or ``code_digest`` of what learners were given, to tell untouched files.
    others: the course's other exercises; a learner's folder of that name is not for this one.

    Of several files of one learner the one to grade is, in this order: no untouched stub; named
    like the module; the platform's latest attempt; the newest; the highest number of a copy
    (``neuron-1.py``); the notebook rather than the script.

    Raises GradeFlowError when a path is missing or is nothing of the kind, or when there is no
    submission at all.
    """
    haul = Haul()
    groups: dict[tuple[str, str], list[Owned]] = {}
    seen: set[Path] = set()
    with Shelf() as shelf:
        for path in paths:
            known = Place("", "", exercise, module, others)
            for root, owned in _look(path, known, haul, shelf):
                origin = Path(owned.found.origin).absolute()
                if origin not in seen:  # given twice: a folder, and a file in it
                    seen.add(origin)
                    groups.setdefault((root, owned.learner), []).append(owned)
        chosen = [
            _choose(safe_id(learner), files, module, stub_hashes, haul)
            for (_, learner), files in groups.items()
        ]
    found = _with_unique_ids(submission for submission in chosen if submission is not None)
    if not found:
        raise GradeFlowError(_nothing(paths, exercise, module, haul.skipped))
    return Discovery(found, tuple(haul.skipped))


def _look(path: Path, known: Place, haul: Haul, shelf: Shelf) -> Iterable[tuple[str, Owned]]:
    """Return the files at a path, each with its learner and the place where that name counts."""
    full = path.absolute()
    text = shown(str(path))
    if not path.exists():
        raise GradeFlowError(f"{text} does not exist: {GIVE}")
    if path.is_dir() or path.suffix.lower() == ".zip":
        looked = Haul(skipped=haul.skipped)
        if path.is_dir():
            for zipped, found in walk_folder(path, looked):
                add_zip(found, shelf.lender(zipped, planted=True), looked)
        else:
            itself = Found((), text, "zip", 0.0, functools.partial(read_regular, path))
            add_zip(itself, shelf.lender(path, planted=False), looked)
        name = full.name if path.is_dir() else full.stem
        place = dataclasses.replace(known, name=name, around=full.parent.name)
        return [(str(full), owned) for owned in owners(looked.found, place, haul)]
    if not most_bytes(path.name):
        raise GradeFlowError(f"{text} is neither a script nor a notebook nor a zip: {GIVE}")
    read = functools.partial(read_regular, path)
    itself = Found((path.name,), text, "code", path.stat().st_mtime, read)
    parent = full.parent
    around = dataclasses.replace(known, name=parent.name, around=parent.parent.name)
    return [(str(full.parent), owner_of_file(path, around, itself))]


def _choose(
    learner: str, files: list[Owned], module: str, stubs: frozenset[str], haul: Haul
) -> Submission | None:
    """Read a learner's files, best first and as few as can be, and choose the one to grade."""
    code = [owned for owned in files if owned.found.kind == "code"]
    ranked = sorted(code, key=lambda owned: _rank(owned, module), reverse=True)
    if not ranked:
        return _mistaken(learner, files, module)
    chosen: tuple[Owned, Submission] | None = None
    unreadable = []
    for owned in ranked[:MOST_READ]:
        try:
            submission = _read(learner, owned, several=len(ranked) > 1)
        except UnreadableError as error:
            haul.skip(owned.found.origin, str(error))
            unreadable.append(owned)
            continue
        is_stub = bool(stubs) and _is_stub(submission, stubs)
        if chosen is None or not is_stub:
            chosen = owned, submission
        if not is_stub:
            break
    for owned in ranked:
        if owned not in unreadable and (chosen is None or owned is not chosen[0]):
            haul.skip(owned.found.origin, "other_file")
    return chosen[1] if chosen else None


def _rank(owned: Owned, module: str) -> tuple[bool, int, float, int, bool]:
    is_notebook = PurePath(owned.name).suffix.lower() == ".ipynb"
    modified = owned.found.modified
    return (owned.is_like(module), owned.attempt, modified, owned.copy, is_notebook)


def _read(learner: str, owned: Owned, *, several: bool) -> Submission:
    data, size = owned.found.read(most_bytes(owned.name))
    notes = ("note.other_file",) if several else ()
    return Submission(learner, shown(owned.name), data, owned.found.origin, notes, size)


def _is_stub(submission: Submission, stubs: frozenset[str]) -> bool:
    return submission.sha256 in stubs or code_digest(submission.data, submission.name) in stubs


def _mistaken(learner: str, files: list[Owned], module: str) -> Submission | None:
    """Return what a learner handed in for a script, unread: they are told that it is none."""
    module = module.casefold()
    others = sorted(files, key=lambda o: (o.name.casefold().startswith(module), o.found.modified))
    if not others:
        return None
    best = others[-1]
    return Submission(learner, shown(best.name), b"", best.found.origin)


def _with_unique_ids(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    taken: set[str] = set()
    unique = []
    for submission in sorted(submissions, key=lambda one: (one.learner, one.origin)):
        learner = unique_id(submission.learner, taken)
        if learner != submission.learner:
            notes = (*submission.notes, "note.same_id")
            submission = dataclasses.replace(submission, learner=learner, notes=notes)
        unique.append(submission)
    return tuple(unique)


def _nothing(paths: Sequence[Path], exercise: str, module: str, skipped: Sequence[Skipped]) -> str:
    where = ", ".join(shown(str(path)) for path in paths) or "nothing was given"
    text = (
        f"No submission was found ({where}). Looked for {module}.py, {module}.ipynb or any other "
        f"script or notebook: there, in a folder or zip for each learner, in "
        f"<learner>/{exercise}/ as nbgrader has it, and in names as Moodle, Canvas and Blackboard "
        "make them."
    )
    if skipped:
        named = "; ".join(f"{one.origin} ({one.reason})" for one in skipped[:MOST_NAMED])
        text += f" Left out: {named}{' …' if len(skipped) > MOST_NAMED else ''}."
    return text
