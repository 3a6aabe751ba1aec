"""What a learner has done so far, kept beside their exercises in ``.gradeflow/progress.json``."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from autograder.model import Result, Verdict

__all__ = ["Progress"]


class Progress:
    """The learner's own notes, never a score.

    A damaged file is forgotten, and a folder that cannot be written is let be.
    """

    def __init__(self, room: Path) -> None:
        self._path = room / ".gradeflow" / "progress.json"

    def of(self, exercise: str) -> dict[str, Any]:
        """Return the last check of an exercise: passed, checks, points, possible."""
        done = self._read().get("checks", {}).get(exercise, {})
        keys = ("passed", "checks", "points", "possible")
        numbers = all(isinstance(done.get(key), int | float) for key in keys)
        return {key: done[key] for key in keys} if numbers else {}

    def remember(self, result: Result) -> None:
        """Keep how a check went."""
        data = self._read()
        data.setdefault("checks", {})[result.exercise] = {
            "passed": sum(check.verdict is Verdict.PASSED for check in result.checks),
            "checks": len(result.checks),
            "points": sum(check.points for check in result.checks),
            "possible": sum(check.worth for check in result.checks),
        }
        self._write(data)

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
            self._path.write_text(json.dumps(data, indent=1), encoding="utf-8")
