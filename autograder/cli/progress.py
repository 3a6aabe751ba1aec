"""What a learner has done so far, kept beside their exercises in ``.gradeflow/progress.json``."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.model import CheckResult, Result, Verdict

if TYPE_CHECKING:
    from autograder.catalogue import Exercise

__all__ = ["Progress"]

KEYS = ("passed", "checks", "points", "possible")


class Progress:
    """The learner's own notes, never a score.

    A damaged file is forgotten, and a folder that cannot be written is let be.
    """

    def __init__(self, room: Path) -> None:
        self._path = room / ".gradeflow" / "progress.json"

    def of(self, exercise: str) -> dict[str, Any]:
        """Return the last check of an exercise: passed, checks, points, possible."""
        done = self._read().get("checks", {}).get(exercise, {})
        return _numbers(done)

    def is_done(self, exercise: str) -> bool:
        """Tell whether all checks of an exercise passed when they ran last."""
        known = self.of(exercise)
        return bool(known) and known["passed"] == known["checks"]

    def first_to_do(self, exercises: Sequence[Exercise]) -> Exercise | None:
        """Return the first exercise that is not done; None when all are."""
        return next((each for each in exercises if not self.is_done(each.name)), None)

    def first_open(self, exercise: str) -> str | None:
        """Return the first task that did not pass; None where it is not known, or none is."""
        return next(
            (name for name, one in self._tasks(exercise).items() if one["passed"] < one["checks"]),
            None,
        )

    def remember(self, result: Result, *, only_task: str | None = None) -> None:
        """Keep how a check went.

        only_task: that alone was checked; what is known of the others stays, and where nothing is
        known of them, an exercise is not called begun or done by one task.
        """
        known = self._tasks(result.exercise)
        if only_task is not None and only_task not in known:
            return
        tasks = known if only_task is not None else {}
        for name in dict.fromkeys(check.task for check in result.checks):
            tasks[name] = _counted([check for check in result.checks if check.task == name])
        whole: dict[str, Any] = {key: sum(one[key] for one in tasks.values()) for key in KEYS}
        data = self._read()
        data.setdefault("checks", {})[result.exercise] = {**whole, "tasks": tasks}
        self._write(data)

    def _tasks(self, exercise: str) -> dict[str, dict[str, Any]]:
        done = self._read().get("checks", {}).get(exercise, {})
        tasks = done.get("tasks", {}) if isinstance(done, dict) else {}
        if not isinstance(tasks, dict):
            return {}
        return {name: known for name, one in tasks.items() if (known := _numbers(one))}

    def next_rung(self, exercise: str, task: str, rungs: int, asked: int | None) -> int:
        """Return which hint to show, counted from 1, and remember that it was shown."""
        data = self._read()
        hints = data.setdefault("hints", {})
        shown = hints.get(f"{exercise}/{task}", 0)
        shown = shown if isinstance(shown, int) else 0
        rung = min(asked or shown + 1, rungs)
        hints[f"{exercise}/{task}"] = max(rung, shown)
        self._write(data)
        return rung

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        tables = isinstance(data, dict) and all(isinstance(part, dict) for part in data.values())
        return data if tables else {}

    def _write(self, data: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(data, indent=1), encoding="utf-8", newline="\n")


def _counted(checks: Sequence[CheckResult]) -> dict[str, Any]:
    return {
        "passed": sum(check.verdict is Verdict.PASSED for check in checks),
        "checks": len(checks),
        "points": sum(check.points for check in checks),
        "possible": sum(check.worth for check in checks),
    }


def _numbers(done: Any) -> dict[str, Any]:
    """Return the four numbers of a note; of a damaged one nothing."""
    if not isinstance(done, dict) or not all(isinstance(done.get(k), int | float) for k in KEYS):
        return {}
    return {key: done[key] for key in KEYS}
