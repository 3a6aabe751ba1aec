"""When learners handed in, from a table: Moodle's grading worksheet, or one of your own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.export.people import read_roster
from autograder.submission.dates import read_date

__all__ = ["dates_of", "read_moodle_date"]

COLUMNS = (
    "last modified (submission)",
    "handed_in",
    "handed in",
    "submitted_at",
    "最后修改 (提交)",
)
NOTHING = frozenset({"", "-", "–"})
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
# As Moodle writes a date in English, with twelve hours or with 24, and in Chinese.
ENGLISH = re.compile(
    r"(?:[a-z]+, )?(?P<day>\d{1,2}) (?P<month>[a-z]+) (?P<year>\d{4}), "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: (?P<half>[ap]m))?",
    re.IGNORECASE,
)
CHINESE = re.compile(
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日\D*?"
    r"(?P<half>上午|下午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)"
)


def dates_of(path: Path, learners: Sequence[str]) -> Mapping[str, str]:
    """Return when learners handed in, ISO 8601, as a table says; without who is not found there.

    path: a CSV file with a column of ids, as a roster has, and one of dates: Moodle's ``Last
    modified (submission)``, or ``handed_in``.

    Raises GradeFlowError when there is no column of dates, or a date cannot be read.
    """
    roster = read_roster(path)
    column = next((name for name in COLUMNS if any(name in row for row in roster.rows)), None)
    if column is None:
        raise GradeFlowError(
            f"{path} has no column of dates: Moodle's grading worksheet calls it `Last modified "
            "(submission)`; call your own `handed_in`."
        )
    places = {id(person): place for place, person in enumerate(roster.people)}
    known, _ = roster.split(learners)
    dates = {}
    for learner, person in known.items():
        text = roster.rows[places[id(person)]].get(column, "")
        if text not in NOTHING:
            dates[learner] = _read(text, path)
    return dates


def _read(text: str, path: Path) -> str:
    date = read_date(text) or read_moodle_date(text)
    if not date:
        raise GradeFlowError(
            f"{path} says {text!r}, which is no date that is known here: write it as in "
            "2026-11-20 23:59, or download the worksheet in English."
        )
    return date


def read_moodle_date(text: str) -> str:
    """Return a date as Moodle writes it, in English or Chinese, as ISO 8601; else nothing."""
    found = ENGLISH.fullmatch(text.strip()) or CHINESE.fullmatch(text.strip())
    if found is None:
        return ""
    month = found["month"].casefold()
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdigit() else 0
    hour = int(found["hour"])
    if found["half"]:
        after = found["half"].casefold() in ("pm", "下午")
        hour = hour % 12 + 12 * after
    year, day, minute = found["year"], int(found["day"]), found["minute"]
    return read_date(f"{year}-{number:02}-{day:02} {hour:02}:{minute}")
