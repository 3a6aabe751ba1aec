"""Names that learning platforms make: the learner, and the file as the learner called it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

__all__ = ["Named", "Reader", "platform_of"]

# The first match is the platform's own; whatever follows it was named by the learner.
MOODLE = re.compile(r"(?P<learner>.+?_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<name>.*)")
BLACKBOARD = re.compile(
    r"(?P<head>.+?)_attempt_(?P<attempt>\d{4}(?:-\d\d){5})(?:_(?P<name>.+)|\.txt)"
)
# Canvas: the name without blanks, perhaps LATE, the learner's number, the file's number, the file.
# An online text or a link has no number of a file, an anonymous learner an id of its own.
CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<learner>anon(?:ymous)?_[^\W_]+)_(?:(?P<upload>\d{4,})_(?P<name>.+)"
    r"|(?P<online>text|link)\.html)",
    re.IGNORECASE,
)
CANVAS = re.compile(
    r"(?P<learner>\w+?_(?:LATE_)?\d+)_(?:(?P<upload>\d{4,})_(?P<name>.+)"
    r"|(?P<online>text|link)\.html)"
)
LATE = re.compile(r"_LATE(?=_\d+$)")


@dataclass(frozen=True)
class Named:
    """What a platform's name tells.

    name: the file as the learner called it; empty of a folder.
    attempt: the time of handing in, where the platform writes one; more is newer.
    upload: the platform's number of the file, where it has one; more is newer.
    late: whether it says there that this was handed in late.
    """

    learner: str
    name: str = ""
    attempt: int = 0
    upload: int = 0
    late: bool = False


Reader = Callable[[str], Named | None]


def platform_of(names: Sequence[str], folders: Set[str] = frozenset()) -> Reader | None:
    """Tell which platform made the names of a class; None when none did.

    More than half of the names decide, never a single one, which a learner may have chosen.

    names: each entry of the class once.
    folders: which of them are folders; Canvas makes none, so a folder of a like name is no name
        of its.
    """

    def canvas(name: str) -> Named | None:
        return None if name in folders else _canvas(name)

    for reader in (_moodle, _blackboard(names), canvas):
        read = [named for name in names if (named := reader(name)) is not None]
        # Canvas gives each file a number of its own: what repeats is no such number.
        repeated = Counter(named.upload for named in read if named.upload)
        if 2 * len(read) > len(names) and max(repeated.values(), default=1) == 1:
            return reader
    return None


def _moodle(name: str) -> Named | None:
    found = MOODLE.fullmatch(name)
    return Named(found["learner"], found["name"]) if found else None


def _canvas(name: str) -> Named | None:
    found = CANVAS_ANONYMOUS.fullmatch(name) or CANVAS.fullmatch(name)
    if found is None:
        return None
    theirs = found["name"] or f"{found['online']}.html"
    learner = LATE.sub("", found["learner"])
    late = learner != found["learner"] or name.startswith("LATE_")
    return Named(learner, theirs, upload=int((found["upload"] or "0")[-18:]), late=late)


def _blackboard(names: Sequence[str]) -> Reader:
    """Return what reads the names of one assignment, which all begin with its title.

    A log-in may hold underscores, as the title may: what all have in common is the title.
    """
    heads = {tuple(found["head"].split("_")) for n in names if (found := BLACKBOARD.fullmatch(n))}
    shortest = min((len(head) for head in heads), default=1)
    common = 0
    while common < shortest - 1 and len({head[: common + 1] for head in heads}) == 1:
        common += 1

    def read(name: str) -> Named | None:
        found = BLACKBOARD.fullmatch(name)
        if found is None:
            return None
        head = found["head"].split("_")
        learner = "_".join(head[common:]) if len(heads) > 1 else head[-1]
        attempt = int(found["attempt"].replace("-", ""))
        return Named(learner, found["name"] or "comments.txt", attempt)

    return read
