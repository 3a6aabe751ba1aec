"""Whose result is it? Finding learners in a roster or in the list of a learning platform."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.export.sheet import read_sheet
from autograder.model import Person
from autograder.submission.learners import safe_id

__all__ = ["Keys", "Roll", "Roster", "keys_of", "read_roster"]

# As our finder of submissions makes it of what Moodle and Canvas put before a file's name: what
# stands in a name of another kind is no number of theirs, so it counts only beside the name.
NUMBERED = re.compile(r"(?P<head>.+)_(?P<number>\d+)")
IDS = (
    *("learner", "student_id", "id", "username", "login", "user", "学号", "用户名"),
    *("id number", "sis login id", "sis user id", "identifier"),
)
FOR_MOODLE = "id number"
NAMES = ("name", "full name", "student", "姓名")
EMAILS = ("email", "email address", "e-mail", "邮箱", "电子邮件地址")


@dataclass(frozen=True)
class Keys:
    """What a person may be known by.

    ids: log-ins, ids, e-mail addresses: each belongs to one person.
    numbers: the platform's own numbers, which it puts into the names of files.
    names: full names, in either order.
    nameless: what the platform writes for a name where it hides names.
    """

    ids: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    nameless: frozenset[str] = frozenset()


def keys_of(ids: Sequence[str], numbers: Sequence[str] = (), names: Sequence[str] = ()) -> Keys:
    """Make keys of texts as they stand in a file; empty ones do not count.

    numbers: as a platform's column of its numbers has them: ``Participant 901``, ``101``.
    names: each as a whole; ``Lee, Ann`` is found as ``Ann Lee`` too.
    """
    digits = [re.fullmatch(r"(\D*)(\d+)\s*", text) for text in numbers]
    return Keys(
        frozenset(_plain(text) for text in ids if text.strip()),
        frozenset(found[2] for found in digits if found),
        frozenset(each for text in names if text.strip() for each in _orders(text)),
        frozenset(_letters(found[1]) for found in digits if found and found[1].strip()),
    )


class Roll:
    """A list of people in which a result's learner is looked up."""

    def __init__(self, people: Sequence[Keys]) -> None:
        self._people = tuple(people)
        self._ids: dict[str, set[int]] = {}
        self._numbers: dict[str, set[int]] = {}
        self._names: dict[str, set[int]] = {}
        self._locals: dict[str, set[int]] = {}
        mails = [text for keys in people for text in keys.ids if "@" in text]
        # Within one domain a log-in is a person's own; ann@a.edu is not who ann@b.edu is.
        one_domain = len({text.rpartition("@")[2] for text in mails}) == 1
        for place, keys in enumerate(people):
            local = {text.partition("@")[0] for text in keys.ids if "@" in text and one_domain}
            for index, texts in (
                (self._ids, keys.ids),
                (self._numbers, keys.numbers),
                (self._names, keys.names),
                (self._locals, local),
            ):
                for text in texts:
                    index.setdefault(text, set()).add(place)

    def find(self, learner: str) -> int | None:
        """Return the place of a learner in the list; None when nobody or more than one fits.

        By id first; then by full name; then by log-in, where all addresses are of one domain; then
        by name and the platform's number, as they stand in the name of a file. Where the list has
        both name and number, both must fit: nobody gets what is another's.
        """
        for index, text in (
            (self._ids, _plain(learner)),
            (self._names, _letters(learner)),
            (self._locals, _plain(learner)),
        ):
            places = index.get(text, set()) if text else set()
            if places:
                return next(iter(places)) if len(places) == 1 else None
        numbered = NUMBERED.fullmatch(learner)
        if numbered is None:
            return None
        head, number = _letters(numbered["head"]), numbered["number"]
        by_name = self._names.get(head, set()) if head else set()
        fits = {
            place
            for place in by_name | self._numbers.get(number, set())
            if _fits(self._people[place], head, number)
        }
        return fits.pop() if len(fits) == 1 else None


def _fits(keys: Keys, head: str, number: str) -> bool:
    by_number = not keys.numbers or number in keys.numbers
    by_name = not keys.names or head in keys.names or head in keys.nameless
    return by_number and by_name


@dataclass(frozen=True)
class Roster:
    """Who takes the course; rows: what the file says of each, by column in small letters."""

    people: tuple[Person, ...]
    keys: tuple[Keys, ...]
    rows: tuple[Mapping[str, str], ...] = ()

    def split(self, learners: Sequence[str]) -> tuple[Mapping[str, Person], tuple[Person, ...]]:
        """Return who the learners of results are, and who handed in nothing.

        Two learners who look like one person are neither: who it is, is not guessed.
        """
        roll = Roll(self.keys)
        places = {learner: roll.find(learner) for learner in learners}
        count = Counter(places.values())
        known = {
            who: self.people[place]
            for who, place in places.items()
            if place is not None and count[place] == 1
        }
        missing = tuple(p for place, p in enumerate(self.people) if place not in count)
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
    people, keys, rows, seen = [], [], [], set[str]()
    for row in sheet.rows[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not cells.get(chosen):
            continue
        name, email = _name(cells), _first(cells, EMAILS)
        person = Person(_first(cells, (FOR_MOODLE, chosen)), name, email)
        if _plain(cells[chosen]) in seen:
            raise GradeFlowError(f"{path} has two rows for {cells[chosen]}: remove one.")
        seen.add(_plain(cells[chosen]))
        people.append(person)
        rows.append(cells)
        known = [cells[each] for each in (*IDS, *EMAILS) if each in cells]
        keys.append(keys_of(known, _numbers(cells), [name]))
    return Roster(tuple(people), tuple(keys), tuple(rows))


def _numbers(cells: Mapping[str, str]) -> list[str]:
    """Return the platform's own number: Moodle's, or Canvas' beside the ids of the school."""
    is_canvas = any(each in cells for each in ("sis login id", "sis user id"))
    return [cells[each] for each in ("identifier", *(["id"] if is_canvas else [])) if each in cells]


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
