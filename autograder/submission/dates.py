"""When something was handed in, where the platform says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograder.submission.files import UnreadableError
from autograder.submission.finding import Found

__all__ = ["read_date", "stamp_above", "when_handed_in"]

MOST = 200  # bytes of a time stamp
# As nbgrader writes it into timestamp.txt, with the zone's name or its distance, and as ISO 8601.
DATE = re.compile(
    r"\s*(?P<date>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?"
    r"\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d|[A-Za-z]+(?:[/_+-][A-Za-z]+)*)?\s*"
)


def read_date(text: str) -> str:
    """Return a date and time as ISO 8601, with its distance from UTC where a zone is named.

    Empty where the text is none.
    """
    found = DATE.fullmatch(text[:MOST])
    if found is None:
        return ""
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{found['time']}")
        zone = found["zone"]
        if zone in ("Z", "UTC"):
            moment = moment.replace(tzinfo=UTC)
        elif zone and zone[0] in "+-":
            moment = datetime.fromisoformat(moment.isoformat() + zone)
        elif zone:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, KeyError, OSError):  # no such day, no such zone
        return ""
    return moment.isoformat(timespec="seconds")


def stamp_above(found: Found, stamps: Mapping[tuple[str, ...], Found]) -> Found | None:
    """Return the time stamp that lies nearest above a file: beside it, or around its folder."""
    for depth in range(len(found.parts) - 1, -1, -1):
        if stamp := stamps.get(found.parts[:depth]):
            return stamp
    return None


def when_handed_in(attempt: int, stamp: Found | None) -> str:
    """Return when, ISO 8601; empty where neither says so.

    attempt: Blackboard's time in digits, of no zone that is known.
    stamp: nbgrader's ``timestamp.txt``.
    """
    digits = str(attempt)
    if len(digits) == 14:
        return read_date(
            f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"
        )
    if stamp is None:
        return ""
    try:
        data, _ = stamp.read(MOST)
    except UnreadableError:
        return ""
    return read_date(data.decode("utf-8", errors="replace").strip())
