"""Whose is it? The layouts in which a class's work arrives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from autograder.submission.files import UnreadableError
from autograder.submission.finding import Found, Haul
from autograder.submission.platforms import Named, platform_of

__all__ = ["Owned", "Place", "is_like", "owner_of_file", "owners", "owners_of_one", "plain_stem"]

# What a browser, a platform or an explorer adds to the name of a second copy.
COPY = re.compile(
    r"(?:[ _]?\((?P<a>\d+)\)|-(?P<b>\d+)| ?-? ?(?:copy|副本|kopie|copie)(?: ?\d+)?)$", re.I
)
# What is handed in under such a name is the learner's, whose name stands before it.
SUFFIXES = re.compile(
    r"\.(?:py|pyc|ipynb|zip|json|txt|md|rmd|qmd|html?|pdf|docx?|odt|rtf|png|jpe?g|gif|heic|webp|bmp"
    r"|tiff?|svg|url|webloc|gdoc|csv|xlsx|rar|7z|tar|t?gz|bak)",
    re.I,
)

IsWork = Callable[[Found], bool]


@dataclass(frozen=True)
class Place:
    """What was given: the names of a folder or zip and of the folder around it.

    others: the names of the course's other exercises.
    given: names of files that learners get with the exercise.
    is_work: tells by its content whether a file is work on the exercise.
    """

    name: str
    around: str
    exercise: str
    module: str
    others: frozenset[str]
    given: frozenset[str]
    is_work: IsWork

    def learner(self, *names: str) -> str:
        """Return the first name, going outwards, that is not the exercise's or the module's."""
        ours = {self.exercise.casefold(), self.module.casefold()}
        every = [*names, self.name, self.around]
        name = next((name for name in every if plain_stem(name).casefold() not in ours), every[-1])
        read = platform_of([name])
        named = read(name) if read else None
        return named.learner if named else name


@dataclass(frozen=True)
class Owned:
    """Something that was handed in, and its learner.

    name: as the learner called it, without what a platform put before it.
    folder: where it lies for the learner: what has the same lies beside it.
    by_platform: whether a platform has named the learner, so that another of its zips means the
        same one.
    late: whether the platform calls it late.
    stamp: nbgrader's time stamp that belongs to it.
    """

    learner: str
    name: str
    found: Found
    folder: tuple[str, ...]
    attempt: int = 0
    upload: int = 0
    by_platform: bool = False
    late: bool = False
    stamp: Found | None = None

    @property
    def copy(self) -> int:
        """The number in a name such as ``neuron-1.py`` or ``neuron (1).py``."""
        found = COPY.search(PurePath(self.name).stem)
        digits = (found["a"] or found["b"]) if found else None
        return int(digits[:9]) if digits else 0


def plain_stem(name: str) -> str:
    """Return a file's name without its suffixes and without marks of a copy."""
    pure = PurePath(name)
    while pure.stem and SUFFIXES.fullmatch(pure.suffix):
        pure = PurePath(pure.stem)
    return COPY.sub("", pure.name)


def is_like(name: str, module: str) -> bool:
    """Tell whether a file is named like the module, under any suffix and as any copy."""
    return plain_stem(name).casefold() == module.casefold()


def owner_of_file(path: Path, place: Place, found: Found) -> Owned:
    """Tell whose a file is that was given by its own path: by its name, or by its folder's."""
    read = platform_of([path.name])
    named = read(path.name) if read else None
    if named is not None:
        return _named(named, found, 1)
    return Owned(place.learner(plain_stem(path.name)), path.name, found, ())


def owners_of_one(files: Sequence[Found], place: Place, learner: str, haul: Haul) -> list[Owned]:
    """Take everything for one learner's, as whoever asks knows that it is."""
    mine = _of_exercise(files, place, haul, depth=0, strict=False)
    return [Owned(learner, found.parts[-1], found, found.parts[:-1]) for found in mine]


def owners(files: Sequence[Found], place: Place, haul: Haul) -> Iterator[Owned]:
    """Tell whose each thing in a folder or zip is, by the layout of the whole.

    No single name decides, for a learner may have chosen it. Below a learner's folder every name
    is that learner's own choice, so nothing there may name another.
    """
    depth = 0
    while depth < 2 and _wraps(files, depth, place):
        depth += 1
    if depth == 0 and _is_one_learner(files, 0, place):
        yield from owners_of_one(files, place, place.learner(), haul)
        return
    entries = _entries(files, depth)
    folders = {name for name, inside in entries.items() if _is_folder(inside, depth)}
    read = platform_of(list(entries), {name for name in folders if not _is_zip(name)})
    strict = read is None and _is_nbgraders(entries, depth, place)
    for name, theirs in entries.items():
        named = read(name) if read else None
        if name in folders:
            learner = named.learner if named else _plain(_bare(name))
            when = (named.attempt, named.upload, True, named.late) if named else ()
            for found in _of_exercise(theirs, place, haul, depth=depth + 1, strict=strict):
                yield Owned(learner, found.parts[-1], found, found.parts[:-1], *when)
            continue
        for found in theirs:
            if named is not None:
                yield _named(named, found, depth + 1)
            elif (read is None and not strict) or place.is_work(found):
                yield Owned(_plain(plain_stem(name)), name, found, (*found.parts[:depth], name))
            else:
                haul.skip(found.origin, "no_learners")


def _named(named: Named, found: Found, depth: int) -> Owned:
    folder = (*found.parts[: depth - 1], named.learner)
    told = (named.attempt, named.upload, True, named.late)
    return Owned(named.learner, named.name, found, folder, *told)


def _entries(files: Sequence[Found], depth: int) -> dict[str, list[Found]]:
    """Group by what stands at a depth: folders with what is in them, and single files."""
    entries: dict[str, list[Found]] = {}
    for found in files:
        if len(found.parts) > depth and not _is_stamp(found, depth):
            entries.setdefault(found.parts[depth], []).append(found)
    return entries


def _is_stamp(found: Found, depth: int) -> bool:
    return found.kind == "stamp" and len(found.parts) == depth + 1


def _is_folder(inside: Sequence[Found], depth: int) -> bool:
    return any(len(found.parts) > depth + 1 or found.kind == "folder" for found in inside)


def _wraps(files: Sequence[Found], depth: int, place: Place) -> bool:
    """Tell whether what stands at a depth are not learners, but what is wrapped around them.

    That is one folder around a class, as zip makers put it; several zips of a platform; or several
    zips or folders of a class, by the work in them.
    """
    entries = _entries(files, depth)
    inner = {name: _entries(inside, depth + 1) for name, inside in entries.items()}
    if not entries or not all(inner.values()) or platform_of(list(entries)) is not None:
        return False
    if all(platform_of(list(each), _folders(each, depth + 1)) for each in inner.values()):
        return True
    if len(entries) == 1:
        return _is_class(files, depth + 1, place)
    if depth or any(_is_one_learner(inside, 1, place) for inside in entries.values()):
        return False
    at_work = [_at_work(each, place) for each in inner.values()]
    enough = any if all(_is_zip(name) for name in entries) else all
    return all(at_work) and enough(len(each) > 1 for each in at_work)


def _is_class(files: Sequence[Found], depth: int, place: Place) -> bool:
    """Tell whether what is in a single folder are learners, not one learner's files."""
    entries = _entries(files, depth)
    if _is_one_learner(files, depth, place):
        return False
    if len(entries) == 1:
        return _is_nbgraders(entries, depth, place)
    if len(_folders(entries, depth)) == len(entries):
        return True
    return len(_at_work(entries, place)) > 1


def _at_work(entries: dict[str, list[Found]], place: Place) -> set[str]:
    """Return the names, without suffixes, of what holds any work on the exercise."""
    return {
        plain_stem(name)
        for name, inside in entries.items()
        if any(place.is_work(found) for found in inside)
    }


def _folders(entries: dict[str, list[Found]], depth: int) -> set[str]:
    return {n for n, inside in entries.items() if _is_folder(inside, depth) and not _is_zip(n)}


def _is_one_learner(files: Sequence[Found], depth: int, place: Place) -> bool:
    """Tell whether files and folders are one learner's.

    They are nbgrader's folders of exercises and nothing else; or files named like the module, with
    what these name in their text, and at most one folder of older copies.
    """
    entries = _entries(files, depth)
    folders = {name for name, inside in entries.items() if _is_folder(inside, depth)}
    known = {place.exercise, *place.others, *_stamped(entries, depth)}
    if folders and len(folders) == len(entries) and {_bare(name) for name in folders} <= known:
        return any(_bare(name) == place.exercise for name in folders)
    loose = [inside[0] for name, inside in entries.items() if name not in folders]
    named = [found for found in loose if is_like(found.parts[-1], place.module)]
    if not named:
        return False
    if place.name == place.exercise and any(_is_stamp(found, depth) for found in files):
        return True
    others = [found for found in loose if found not in named]
    if others or folders:
        text = b"".join(_text_of(found) for found in named[:2])
        names = [found.parts[-1] for found in others]
        if any(name not in place.given and not _is_named_in(name, text) for name in names):
            return False
    below = [f for name in folders for f in entries[name] if place.is_work(f)]
    of_copies = {f.parts[depth] for f in below}
    return len(of_copies) <= 1 and all(is_like(f.parts[-1], place.module) for f in below)


def _text_of(found: Found) -> bytes:
    try:
        return found.read(2**20)[0]
    except UnreadableError:
        return b""


def _is_named_in(name: str, text: bytes) -> bool:
    stem = PurePath(name).stem if name.endswith(".py") else name
    return bool(
        re.search(rb"(?<!\w)" + re.escape(stem.encode(errors="replace")) + rb"(?!\w)", text)
    )


def _is_nbgraders(entries: dict[str, list[Found]], depth: int, place: Place) -> bool:
    """Tell whether most learners' folders hold a folder for each exercise, as nbgrader has it."""
    folders = [inside for name, inside in entries.items() if _is_folder(inside, depth)]
    count = 0
    for inside in folders:
        deeper = _entries(inside, depth + 1)
        known = {place.exercise, *place.others, *_stamped(deeper, depth + 1)}
        count += any(
            _bare(name) in known and _is_folder(deeper[name], depth + 1) for name in deeper
        )
    return bool(folders) and 2 * count > len(folders)


def _stamped(entries: dict[str, list[Found]], depth: int) -> set[str]:
    return {n for n, inside in entries.items() if any(_is_stamp(f, depth + 1) for f in inside)}


def _of_exercise(
    files: Sequence[Found], place: Place, haul: Haul, *, depth: int, strict: bool
) -> list[Found]:
    """Leave out what is for another exercise.

    strict: also where nothing else is left, since the layout is nbgrader's.
    """
    entries = _entries(files, depth)
    foreign = place.others | _stamped(entries, depth)
    ours, theirs = list[Found](), list[Found]()
    for name, inside in entries.items():
        is_other = _is_folder(inside, depth) and _bare(name) in foreign - {place.exercise}
        (theirs if is_other else ours).extend(f for f in inside if f.kind != "stamp")
    ours += [f for f in files if len(f.parts) <= depth]  # an empty folder itself, or a bad zip
    if strict and all(found.kind == "folder" for found in ours) and (theirs or not entries):
        ours = []
    if not ours and not strict:
        return theirs
    for found in theirs:
        if found.kind == "file":
            haul.skip(found.origin, "other_exercise")
    return ours


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _bare(name: str) -> str:
    return name[:-4] if _is_zip(name) else name


def _plain(name: str) -> str:
    """Write accents in one way: another system's zip has the same name in another."""
    return unicodedata.normalize("NFC", name)
