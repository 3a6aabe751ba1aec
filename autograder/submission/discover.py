"""Who handed in, and what of it is graded: one submission for each learner, and nobody vanishes."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import GradeFlowError
from autograder.messages import some
from autograder.model import Diagnosis
from autograder.submission.archive import Shelf, add_zip
from autograder.submission.choosing import Wanted, choose, is_work
from autograder.submission.dates import stamp_above
from autograder.submission.files import read_regular
from autograder.submission.finding import Found, Haul, Skipped, kind_of, unreachable, walk_folder
from autograder.submission.learners import safe_id, shown, unique_id
from autograder.submission.owners import Owned, Place, owner_of_file, owners, owners_of_one
from autograder.submission.reading import Problem, Submission
from autograder.submission.waiting import Room, Waiting, Waits

__all__ = ["LEFT_OUT", "Discovery", "Skipped", "Wanted", "discover", "handed_in_by"]

MOST_NAMED = 5
GIVE = "give a script (.py), a notebook (.ipynb), a folder of submissions, or a .zip of one."

LEFT_OUT: Final = {
    "other_file": "the learner's other file is graded",
    "other_exercise": "of another exercise",
    "handed_out": "given with the exercise, so nobody's work",
    "no_learners": "beside the learners' folders, and no work on the exercise",
    "beside_too_much": "beside a graded file, but too large or too many to go with it",
    "symlink": "a link, which may lead anywhere; give the file itself",
    "unreadable": "not to be read; check its permissions",
    "not_regular": "not an ordinary file",
    "too_deep": "folders nested too deep",
    "too_many_files": "too many files",
    "zip_damaged": "a damaged zip; download it again",
    "zip_password": "a zip with a password",
    "zip_method": "a zip of an unknown kind; unpack it and give the folder",
    "zip_bomb": "a zip that unpacks to far more than it holds",
    "zip_too_many": "a zip with too many files",
    "zip_too_large": "a zip that is too large; unpack it and give the folder",
    "zip_nested": "a zip in a zip in a zip",
}
"""Why a file is not graded, by the reason of a Skipped: every one that there is."""


@dataclass(frozen=True)
class Discovery:
    """Who handed in, and what.

    submissions: one for each learner, by id; one that cannot be graded says why. Their files wait
    on the disk.
    skipped: files that are left out, each with its reason.
    files: how many were handed in.
    beside: how many of them go with a graded one.

    Each file is graded or told to be unreadable, goes with such a one, or is left out:
    ``files == beside + len(skipped)`` and the submissions that have a file.
    """

    submissions: Waiting
    skipped: tuple[Skipped, ...]
    files: int
    beside: int


def discover(
    paths: Sequence[Path], wanted: Wanted, others: frozenset[str] = frozenset()
) -> Discovery:
    """Find the submissions of an exercise.

    A learner is whoever has a folder, a name in a zip, or a file, whatever is in it. The layout of
    the whole decides which part of a path that is.

    paths: scripts, notebooks, folders of them, folders with a folder for each learner, nbgrader's
    ``submitted`` or a part of it, zips from Moodle, Canvas or Blackboard. Those that lie in the
    same folder are looked at as one class.
    others: the course's other exercises; a learner's folder of that name is not for this one.

    Raises GradeFlowError when a path is missing, or when there is no submission at all.
    """
    haul = Haul()
    groups: dict[tuple[str, str], list[Owned]] = {}
    seen: set[Path] = set()
    files = 0
    with Shelf() as shelf:
        for root, owned in _look(paths, wanted, others, haul, shelf):
            origin = Path(owned.found.origin).absolute()
            if origin in seen:  # given twice: a folder, and a file in it
                continue
            seen.add(origin)
            files += owned.found.kind != "folder"
            # A platform's names are the same in each of its zips; another place has other people.
            key = ("" if owned.by_platform else root, owned.learner)
            groups.setdefault(key, []).append(owned)
        files += len(haul.skipped)
        room = Room()
        chosen = [
            room.put(choose(safe_id(learner), theirs, wanted, haul))
            for (_, learner), theirs in groups.items()
        ]
    found = Waiting(room, _with_unique_ids(chosen))
    whole = {shown(str(path)) for path in paths}
    if all(each.origin in whole and each.is_out_of_reach for each in found.told):
        raise GradeFlowError(_nothing(paths, wanted, found.told, haul.skipped))
    return Discovery(found, tuple(haul.skipped), files, haul.beside)


def handed_in_by(
    learner: str, folder: Path, wanted: Wanted, others: frozenset[str] = frozenset()
) -> Submission:
    """Return what is graded of a folder that is known to be one learner's.

    A folder that is itself a link is not looked into: it may lead to another learner's.
    """
    haul = Haul()
    with Shelf() as shelf:
        if folder.is_symlink() or folder.parent.is_symlink():
            haul.found.append(unreachable((folder.name,), str(folder), "symlink"))
        elif folder.is_dir():
            _gather(folder, (), haul, shelf)
        place = _place(folder, wanted, others)
        owned = owners_of_one(haul.found, place, learner, haul)
        if not owned:
            problem = Problem("submission.nothing")
            return Submission(learner, "", b"", shown(str(folder)), problem=problem)
        return choose(learner, owned, wanted, haul)


def _look(
    paths: Sequence[Path],
    wanted: Wanted,
    others: frozenset[str],
    haul: Haul,
    shelf: Shelf,
) -> Iterator[tuple[str, Owned]]:
    """Yield what lies at the paths, each with its learner and the place where that name counts."""
    by_parent: dict[Path, list[Path]] = {}
    for path in paths:
        if not path.exists():
            raise GradeFlowError(f"{shown(str(path))} does not exist: {GIVE}")
        siblings = by_parent.setdefault(path.absolute().parent, [])
        if path.absolute() not in [each.absolute() for each in siblings]:
            siblings.append(path)
    for parent, given in by_parent.items():
        looked = Haul()
        if len(given) > 1:
            place, root = _place(parent, wanted, others), str(parent)
            for path in given:
                _gather(path, (path.name,), looked, shelf, planted=True)
            whose: Iterable[Owned] = owners(looked.found, place, haul)
        elif given[0].is_dir() or kind_of(given[0].name) == "zip":
            (path,) = given
            place, root = _place(path, wanted, others), str(path.absolute())
            _gather(path, (), looked, shelf)
            whose = _own(looked.found, place, path, haul)
        else:
            (path,) = given
            place, root = _place(parent, wanted, others), str(path.absolute())
            _gather(path, (path.name,), looked, shelf)
            whose = [owner_of_file(path, place, found) for found in looked.found]
        stamps = {found.parts[:-1]: found for found in looked.found if found.kind == "stamp"}
        for owned in whose:
            stamp = stamp_above(owned.found, stamps)
            yield root, dataclasses.replace(owned, folder=(root, *owned.folder), stamp=stamp)


def _own(files: Sequence[Found], place: Place, path: Path, haul: Haul) -> Iterable[Owned]:
    """Tell whose the things in a folder or zip are; a zip that cannot be opened is somebody's."""
    if any(not found.parts for found in files):
        return [Owned(place.learner(), path.name, files[0], ())]
    return owners(files, place, haul)


def _place(path: Path, wanted: Wanted, others: frozenset[str]) -> Place:
    full = path.absolute()
    name = full.stem if kind_of(full.name) == "zip" else full.name

    @functools.cache
    def known(found: Found) -> bool:
        return is_work(found, wanted)

    return Place(
        name, full.parent.name, wanted.exercise, wanted.module, others, wanted.given, known
    )


def _gather(
    path: Path, parts: tuple[str, ...], haul: Haul, shelf: Shelf, *, planted: bool = False
) -> None:
    """Add what lies at a path. A link is followed only where it was given by itself."""
    text = shown(str(path))
    if planted and path.is_symlink():
        haul.found.append(unreachable(parts, str(path), "symlink"))
    elif path.is_dir():
        for zipped, found in walk_folder(path, haul, parts):
            add_zip(found, shelf.lender(zipped, planted=True), haul)
    else:
        read = functools.partial(read_regular, path, planted=planted)
        zipped_kind = kind_of(path.name) == "zip"
        found = Found(parts, text, "zip" if zipped_kind else "file", path.stat().st_mtime, read)
        if zipped_kind:
            add_zip(found, shelf.lender(path, planted=planted), haul)
        else:
            haul.found.append(found)


def _with_unique_ids(chosen: Iterable[Waits]) -> list[Waits]:
    taken: set[str] = set()
    unique = []
    for waits in sorted(chosen, key=lambda one: (one.told.learner, one.told.origin)):
        told = waits.told
        learner = unique_id(told.learner, taken)
        if learner != told.learner:
            notes = (*told.notes, Diagnosis("note.same_id"))
            told = dataclasses.replace(told, learner=learner, notes=notes)
        unique.append(dataclasses.replace(waits, told=told))
    return unique


def _nothing(
    paths: Sequence[Path],
    wanted: Wanted,
    found: Sequence[Submission],
    skipped: Sequence[Skipped],
) -> str:
    where = ", ".join(shown(str(path)) for path in paths) or "nothing was given"
    module = wanted.module
    text = (
        f"No submission was found ({where}). Looked for {module}.py, {module}.ipynb or any other "
        f"script or notebook: there, in a folder or zip for each learner, in "
        f"<learner>/{wanted.exercise}/ as nbgrader has it, and in names as Moodle, Canvas and "
        "Blackboard make them."
    )
    told = [
        (one.origin, one.problem.facts.get("reason", one.problem.key))
        for one in found
        if one.problem is not None
    ]
    told += [(one.origin, one.reason) for one in skipped]
    if told:
        reasons = [(origin, LEFT_OUT.get(str(reason), reason)) for origin, reason in told]
        named = some([f"{origin} ({reason})" for origin, reason in reasons], MOST_NAMED)
        text += f" Left out: {named}."
    return text
