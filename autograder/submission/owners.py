"""Whose file is it? The layouts in which a class's work arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from autograder.submission.finding import Found, Haul

__all__ = ["Owned", "Place", "owner_of_file", "owners", "plain_stem"]

# The first match is the platform's own; whatever follows it was named by the learner.
MOODLE = re.compile(r"(?P<learner>.+?_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<name>.*)")
BLACKBOARD = re.compile(
    r".+?_(?P<learner>[^_]+)_attempt_(?P<attempt>\d{4}(?:-\d\d){5})_(?P<name>.+)"
)
CANVAS = re.compile(r"(?P<learner>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d{4,}_(?P<name>.+)")
# What a browser, a platform or an explorer adds to the name of a second copy.
COPY = re.compile(
    r"(?:[ _]?\((?P<a>\d+)\)|-(?P<b>\d+)| ?-? ?(?:copy|副本|kopie|copie)(?: ?\d+)?)$", re.I
)


@dataclass(frozen=True)
class Place:
    """What was given: the names of a folder or zip and of the folder around it.

    others: the names of the course's other exercises.
    """

    name: str
    around: str
    exercise: str
    module: str
    others: frozenset[str] = frozenset()

    def learner(self, *names: str) -> str:
        """Return the first name, going outwards, that is not the exercise's or the module's."""
        ours = {self.exercise.casefold(), self.module.casefold()}
        every = [*names, self.name, self.around]
        name = next((name for name in every if plain_stem(name).casefold() not in ours), every[-1])
        platform = _platform(name, folder=True)
        return platform[0] if platform else name


@dataclass(frozen=True)
class Owned:
    """A file and its learner.

    name: as the learner called it, without what a platform put before it.
    attempt: a platform's time of handing in; more is newer.
    """

    learner: str
    name: str
    found: Found
    attempt: int = 0

    @property
    def copy(self) -> int:
        """The number in a name such as ``neuron-1.py`` or ``neuron (1).py``."""
        found = COPY.search(PurePath(self.name).stem)
        digits = (found["a"] or found["b"]) if found else None
        return int(digits[:9]) if digits else 0

    def is_like(self, module: str) -> bool:
        """Tell whether the file is named like the module."""
        return _is_like(self.name, module)


def plain_stem(name: str) -> str:
    """Return a file's name without its suffix and without marks of a copy."""
    pure = PurePath(name)
    stem = pure.stem if pure.suffix.lower() in (".py", ".ipynb", ".zip") else name
    return COPY.sub("", stem)


def owner_of_file(path: Path, place: Place, found: Found) -> Owned:
    """Tell whose a file is that was given by its own path: by its name, or by its folder's."""
    platform = _platform(path.name)
    if platform is not None:
        learner, name, attempt = platform
        return Owned(learner, name, found, attempt)
    return Owned(place.learner(path.stem), path.name, found)


def owners(files: Sequence[Found], place: Place, haul: Haul) -> Iterator[Owned]:
    """Tell whose each file of a folder or zip is.

    A folder is one learner's when it holds the exercise's folder, as nbgrader has it, or no scripts
    and notebooks but those named like the module. Anything else is a class: a folder or a zip for
    each learner, or a file for each. Below a learner's folder every name is that learner's own
    choice, so nothing there may name another.
    """
    code = [found for found in files if found.kind == "code"]
    if _is_one_learner(code, place):
        for found in _of_exercise(files, place, haul, depth=0):
            yield Owned(place.learner(), found.parts[-1], found)
        return
    depth = _wrapping(files, place)
    by_learner: dict[str, list[Found]] = {}
    for found in files:
        if len(found.parts) > depth:
            by_learner.setdefault(found.parts[depth], []).append(found)
    for name, theirs in by_learner.items():
        for found in _of_exercise(theirs, place, haul, depth=depth + 1):
            owned = _owned(name, found, place, is_folder=len(found.parts) > depth + 1)
            if owned is not None:
                yield owned


def _owned(name: str, found: Found, place: Place, *, is_folder: bool) -> Owned | None:
    platform = _platform(name, folder=is_folder)
    if platform is not None:
        learner, shown, attempt = platform
        return Owned(learner, found.parts[-1] if is_folder else shown, found, attempt)
    if is_folder:
        return Owned(_bare(name), found.parts[-1], found)
    # A loose file that is no code may be anything: a list of grades, a read-me.
    return Owned(place.learner(PurePath(name).stem), name, found) if found.kind == "code" else None


def _is_one_learner(code: Sequence[Found], place: Place) -> bool:
    flat = [f for f in code if len(f.parts) == 1]
    if any(_bare(f.parts[0]) == place.exercise for f in code if len(f.parts) > 1):
        return True
    named = [_is_like(f.parts[0], place.module) for f in flat]
    below = {f.parts[0] for f in code if len(f.parts) > 1 and _is_like(f.parts[-1], place.module)}
    return any(named) and len(below) <= 1 and (all(named) or place.name == place.exercise)


def _wrapping(files: Sequence[Found], place: Place) -> int:
    """Return 1 where one folder is wrapped around a whole class, as some zip makers do, else 0."""
    code = [found for found in files if found.kind == "code"]
    first = {found.parts[0] for found in code}
    if len(first) != 1 or any(len(found.parts) < 2 for found in code):
        return 0
    if _platform(next(iter(first)), folder=True) is not None:
        return 0
    second = {found.parts[1] for found in code}
    if place.exercise in second or any(f.kind == "stamp" and len(f.parts) == 3 for f in files):
        return 0  # nbgrader's folder of one learner
    folders = {found.parts[1] for found in code if len(found.parts) > 2}
    return int(
        (len(folders) > 1 and folders == second)
        or any(_platform(f.parts[1], folder=len(f.parts) > 2) for f in code)
        or any(f.parts[2] == place.exercise for f in code if len(f.parts) > 3)
    )


def _of_exercise(
    files: Sequence[Found], place: Place, haul: Haul, *, depth: int
) -> Iterator[Found]:
    """Leave out what nbgrader keeps for other exercises of the same learner."""
    deeper = [f for f in files if len(f.parts) > depth + 1]
    has_ours = any(_bare(f.parts[depth]) == place.exercise for f in deeper if f.kind == "code")
    stamped = {f.parts[depth] for f in deeper if f.kind == "stamp" and len(f.parts) == depth + 2}
    for found in files:
        if found.kind == "stamp":
            continue
        folder = found.parts[depth] if len(found.parts) > depth + 1 else ""
        foreign = has_ours or folder in stamped or _bare(folder) in place.others
        if _bare(folder) != place.exercise and foreign:
            haul.skip(found.origin, "other_exercise")
        else:
            yield found


def _platform(name: str, *, folder: bool = False) -> tuple[str, str, int] | None:
    """Return learner, file and attempt from a name that a learning platform made."""
    # Canvas makes no folders; a learner's folder of a like name (chen_2024_1001_li) is none of its.
    patterns = (
        [MOODLE, BLACKBOARD] if folder and not _is_zip(name) else [MOODLE, BLACKBOARD, CANVAS]
    )
    for pattern in patterns:
        match = pattern.fullmatch(name)
        if match is not None:
            known = match.groupdict()
            number = known.get("number")
            learner = f"{known['learner']}_{number}" if number else known["learner"]
            return learner, known["name"], int((known.get("attempt") or "0").replace("-", ""))
    return None


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _bare(name: str) -> str:
    return name[:-4] if _is_zip(name) else name


def _is_like(name: str, module: str) -> bool:
    return plain_stem(name).casefold() == module.casefold()
