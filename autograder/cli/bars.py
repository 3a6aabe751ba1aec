"""What the terminal shows while a class is graded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from autograder.model import Result

__all__ = ["ProgressBar", "making"]


class ProgressBar:
    """Shows how many of so many are graded, and how long the rest will take."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._shown: tuple[Progress, TaskID] | None = None
        self._made = 0.0

    def over(self, results: Iterator[Result]) -> Iterator[Result]:
        """Pass results on while the bar is there."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console, disable=self._total == 0) as progress:
            bar = progress.add_task("grading", total=self._total)
            self._shown = progress, bar
            for result in results:
                progress.update(bar, advance=1, description="grading")
                yield result

    def making(self, seconds: float) -> None:
        """Show that a cage is being made, and that it goes on."""
        if not self._made and not self._console.is_terminal:
            self._console.print(making(seconds))
        self._made = max(self._made, seconds)
        if self._shown is not None:
            progress, bar = self._shown
            progress.update(bar, description=making(self._made))


def making(seconds: float) -> str:
    """Say that a cage is being made, which has taken so much of the processor."""
    from autograder.grading.pool import MAKING

    return f"{MAKING}: {seconds:.0f} s of processor time so far"
