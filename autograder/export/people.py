"""Whose result is it? Finding learners in a roster or in the list of a learning platform."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.export.sheet import read_sheet
from autograder.model import Person
from autograder.submission.learners import safe_id

__all__ = ["Keys", "Roll", "Roster", "keys_of", "read_roster"]

# As our finder of submissions makes it of what Moodle and Canvas put before a file's name.
NUMBERED = re.compile(r"(?P<head>.+)_(?P<number>\d+)")
IDS = (
    *("learner", "student_id", "id", "username", "login", "user", "学号", "用户名"),
    *("id number", "sis login id", "sis user id", "identifier"),
)
NAMES = ("name", "full name", "student", "姓名")
EMAILS = ("email", "email address", "e-mail", "邮箱", "电子邮件地址")


@dataclass(frozen=True)
class Keys:
    """What a person may be known by.

    ids: log-ins, ids, e-mail addresses: each belongs to one person.
    numbers: the platform's own numbers, which it puts into the names of files.
    names: full names, in either order.
    """

    ids: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


def keys_of(ids: Sequence[str], numbers: Sequence[str] = (), names: Sequence[str] = ()) -> Keys:
    """Make keys of texts as they stand in a file; empty ones do not count.

    names: each as a whole; ``Lee, Ann`` is found as ``Ann Lee`` too.
    """
    digits = (re.search(r"(?<!\d)(\d+)\s*$", text) for text in numbers)
    return Keys(
        frozenset(_plain(text) for text in ids if text.strip()),
        frozenset(found[1] for found in digits if found),
        frozenset(each for text in names if text.strip() for each in _orders(text)),
    )


class Roll:
    """A list of people in which a result's learner is looked up."""

    def __init__(self, people: Sequence[Keys]) -> None:
        self._ids: dict[str, set[int]] = {}
        self._numbers: dict[str, set[int]] = {}
        self._names: dict[str, set[int]] = {}
        self._locals: dict[str, set[int]] = {}
        for place, keys in enumerate(people):
            for index, texts in (
                (self._ids, keys.ids),
                (self._numbers, keys.numbers),
                (self._names, keys.names),
                (self._locals, {text.partition("@")[0] for text in keys.ids if "@" in text}),
            ):
                for text in texts:
                    index.setdefault(text, set()).add(place)

    def find(self, learner: str) -> int | None:
        """Return the place of a learner in the list; None when nobody or more than one fits.

        By id first, then by the platform's number in the name of the file, then by full name, then
        by what stands before the @ of an e-mail address.
        """
        numbered = NUMBERED.fullmatch(learner)
        head = numbered["head"] if numbered else learner
        number = numbered["number"] if numbered else ""
        for index, text in (
            (self._ids, _plain(learner)),
            (self._numbers, number),
            (self._names, _letters(learner)),
            (self._names, _letters(head)),
            (self._locals, _plain(learner)),
        ):
            places = index.get(text, set()) if text else set()
            if places:
                return next(iter(places)) if len(places) == 1 else None
        return None


@dataclass(frozen=True)
class Roster:
    """Who takes the course."""

    people: tuple[Person, ...]
    keys: tuple[Keys, ...]

    def split(self, learners: Sequence[str]) -> tuple[Mapping[str, Person], tuple[Person, ...]]:
        """Return who the learners of results are, and who handed in nothing."""
        roll = Roll(self.keys)
        places = {learner: roll.find(learner) for learner in learners}
        known = {who: self.people[place] for who, place in places.items() if place is not None}
        there = set(places.values())
        missing = tuple(p for place, p in enumerate(self.people) if place not in there)
        return known, missing


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV file with a column of ids, and columns of names and e-mails if wanted.

    Known are the columns of nbgrader (id, first_name, last_name, email), of Canvas and of Moodle.

    Raises GradeFlowError when it has no column of ids, or two rows with the same.
    """
    sheet = read_sheet(path)
    header = [cell.casefold() for cell in sheet.header]
    chosen = next((name for name in IDS if name in header), None)
    if chosen is None:
        raise GradeFlowError(
            f"{path} has no column with the learners' ids: call one `learner` "
            f"(it has: {', '.join(sheet.header)})."
        )
    people, keys, seen = [], [], set[str]()
    for row in sheet.rows[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not cells.get(chosen):
            continue
        name, email = _name(cells), _first(cells, EMAILS)
        person = Person(safe_id(cells[chosen]), name, email)
        if person.id.casefold() in seen:
            raise GradeFlowError(f"{path} has two rows for {person.id}: remove one.")
        seen.add(person.id.casefold())
        people.append(person)
        known = [cells[each] for each in (*IDS, *EMAILS) if each in cells]
        keys.append(keys_of(known, known, [name]))
    return Roster(tuple(people), tuple(keys))


def _name(cells: Mapping[str, str]) -> str:
    whole = _first(cells, NAMES)
    if whole:
        return whole
    first = _first(cells, ("first_name", "first name", "firstname", "名"))
    last = _first(cells, ("last_name", "last name", "lastname", "surname", "姓"))
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in first + last)
    return f"{last}{first}" if is_chinese else f"{first} {last}".strip()


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _plain(text: str) -> str:
    return safe_id(text).casefold()


def _orders(name: str) -> set[str]:
    last, comma, first = name.partition(",")
    return {_letters(name), _letters(f"{first} {last}")} if comma else {_letters(name)}


def _letters(name: str) -> str:
    """Return a name's letters alone, as Canvas writes them into the names of files."""
    text = unicodedata.normalize("NFC", name).casefold()
    return "".join(letter for letter in text if letter.isalnum())
