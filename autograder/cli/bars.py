"""What the terminal shows while a class is graded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from autograder.model import Result

__all__ = ["ProgressBar", "judged_in", "making"]


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
        """Say that a cage is being made, and show that it goes on."""
        from autograder.grading.pool import MAKING

        if not self._made:
            self._console.print(f"{MAKING}.")
        self._made = max(self._made, seconds)
        if self._shown is not None:
            progress, bar = self._shown
            progress.update(bar, description=f"preparing, {self._made:.0f} s")


def making(seconds: float) -> str:
    """Say that a cage is being made, which has taken so much of the processor."""
    from autograder.grading.pool import MAKING

    return f"{MAKING} ({seconds:.0f} s of processor time so far)"


def judged_in(result: Result) -> str:
    """Say which cage was found to hold, where it is not the strongest; nothing else."""
    match result.layers[:1]:
        case ("webassembly",):
            by = " and ".join(
                f"{name} {result.versions[f'guest {name.lower()}']}" for name in ("Python", "NumPy")
            )
            return f"cage: WebAssembly, since the kernel offers none here; {by} judged"
        case ("landlock",):
            return "cage: Landlock, since namespaces are not to be had here"
    return ""
