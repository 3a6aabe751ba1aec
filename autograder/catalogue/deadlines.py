"""Deadlines: ``deadlines.toml`` at the root of a course, for reports and exports alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from autograder.catalogue.naming import similar
from autograder.catalogue.reading import line_of, read_toml
from autograder.errors import CourseError

__all__ = ["Deadline", "LateRule", "deadlines_of"]

DEADLINES = "deadlines.toml"


class LateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What being late costs.

    percent_per_day: of the possible points, for each day that has begun.
    most_percent: no more is taken than that.
    grace_minutes: so late is in time.
    closed_after_days: what is later than that has no points; 0 for never.
    """

    percent_per_day: float = 0.0
    most_percent: float = 100.0
    grace_minutes: float = 0.0
    closed_after_days: float = 0.0


class _Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    due: datetime | None = None
    extended: dict[str, datetime] = {}
    excused: tuple[str, ...] = ()
    late: LateRule | None = None


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    timezone: str = ""
    late: LateRule = LateRule()
    exercises: dict[str, _Exercise] = {}


class Deadline(msgspec.Struct, frozen=True):
    """When an exercise is due, for whom otherwise, and what being late costs.

    Learners are named as their results are, or by id or e-mail address as in the roster.
    due, extended: each with a time zone.
    zone: of what was handed in at a time without one; None for this machine's.
    """

    due: datetime | None
    extended: Mapping[str, datetime]
    excused: frozenset[str]
    rule: LateRule
    zone: tzinfo | None


def deadlines_of(root: Path, exercises: tuple[str, ...]) -> dict[str, Deadline]:
    """Read the deadlines of a course, by exercise; none where there is no such file.

    Raises CourseError, located, when something in it is wrong.
    """
    path = root / DEADLINES
    if not path.is_file():
        return {}
    manifest = read_toml(path, _Manifest)
    for message, place in _faults(manifest, exercises):
        raise CourseError(message, path, line_of(path.read_text(encoding="utf-8"), place))
    zone = ZoneInfo(manifest.timezone) if manifest.timezone else None
    return {
        name: Deadline(
            _zoned(each.due, zone) if each.due else None,
            {learner: _zoned(moment, zone) for learner, moment in each.extended.items()},
            frozenset(each.excused),
            each.late or manifest.late,
            zone,
        )
        for name, each in manifest.exercises.items()
    }


def _zoned(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=zone) if zone else moment.astimezone()


def _faults(manifest: _Manifest, exercises: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if manifest.timezone:
        try:
            ZoneInfo(manifest.timezone)
        except (KeyError, ValueError, OSError):
            told = f"there is no time zone {manifest.timezone!r}: write it as in Europe/Berlin"
            yield told, "$.timezone"
    for name, each in manifest.exercises.items():
        if name not in exercises:
            near = similar(name, exercises)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(exercises)}"
            yield f"the course has no exercise {name!r}: {hint}", "$.exercises"
        if each.extended and each.due is None:
            yield f"{name} has extensions but is never due: write due = …", "$.exercises"
    rules = [manifest.late, *(each.late for each in manifest.exercises.values() if each.late)]
    for rule in rules:
        for field in rule.__struct_fields__:
            if not 0 <= getattr(rule, field) < float("inf"):
                yield f"{field} must be a number that is not below 0", "$.late"
