"""Whether the checks that there are add up to the points that an exercise declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.catalogue.exercise import MANIFEST, Exercise, Task
from autograder.errors import CourseError

__all__ = ["Worth", "faults_of_points"]


@dataclass(frozen=True)
class Worth:
    """What a check is worth, and whose it is."""

    task: str
    hidden: bool
    points: float


def faults_of_points(exercise: Exercise, checks: Sequence[Worth]) -> Iterator[CourseError]:
    """Find tasks whose checks do not add up to their points, or of which none is public.

    Where checks are missing, everybody would be graded lower, and nothing would tell.
    """
    manifest = exercise.folder / MANIFEST
    lines = manifest.read_text(encoding="utf-8").splitlines()
    for task in exercise.tasks:
        line = next((n for n, text in enumerate(lines, 1) if f'"{task.name}"' in text), None)
        own = [check for check in checks if check.task == task.name]
        if told := _sum_fault(task, own):
            yield CourseError(told, manifest, line)
        if all(check.hidden for check in own):
            told = f"the task {task.name!r} has no public check: add one to test_public.py"
            yield CourseError(told, manifest, line)


def _sum_fault(task: Task, checks: Sequence[Worth]) -> str:
    total = sum(check.points for check in checks)
    if abs(total - task.points) <= 1e-9:
        return ""
    parts = [
        f"{name} {sum(check.points for check in checks if check.hidden is hidden):g}"
        for name, hidden in (("public", False), ("hidden", True))
    ]
    return (
        f"the checks of {task.name!r} add up to {total:g} points ({', '.join(parts)}), "
        f"but the task has {task.points:g}: correct one of them"
    )
