"""A program that has killed its process is loaded again, without what has killed it."""

from __future__ import annotations

from dataclasses import replace

from autograder.wire.protocol import Death, Failure, Loaded, Program

__all__ = ["Sparing"]


class Sparing:
    """A program as it loads: of a part that kills, definitions only, and then nothing at all.

    The other parts run as ever.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._begun = 0  # the part that is being loaded
        self._deaths: dict[str, Death] = {}  # by the label of the part

    def starts(self) -> None:
        """Say that a process loads it from its beginning."""
        self._begun = 0

    def begins(self, part: int) -> bool:
        """Say which part the process loads now; tell whether it can be that part's turn.

        Parts begin in order and once each, so a process ends with this.
        """
        if not self._begun < part < len(self.program.parts):
            return False
        self._begun = part
        return True

    def killed(self, death: Death) -> None:
        """Say that the part that was being loaded has killed its process."""
        parts = self.program.parts
        label = parts[self._begun].label if parts else self.program.module
        self._deaths.setdefault(label, death)

    def spare(self) -> bool:
        """Make the part that was being loaded milder; tell whether there was anything to spare."""
        parts = self.program.parts
        part = parts[self._begun] if parts else None
        if part is None or not part.source:
            return False
        if part.definitions_only:
            tried = replace(part, source="")
        else:
            tried = replace(part, definitions_only=True)
        milder = (*parts[: self._begun], tried, *parts[self._begun + 1 :])
        self.program = replace(self.program, parts=milder)
        return True

    @property
    def first_death(self) -> Death:
        """What killed the first process; ask only when there was one."""
        return next(iter(self._deaths.values()))

    def told(self, loaded: Loaded) -> Loaded:
        """Add what has killed processes to what went wrong in the one that lives."""
        killed = tuple(Failure(part, death) for part, death in self._deaths.items())
        others = tuple(each for each in loaded.failures if each.part not in self._deaths)
        return replace(loaded, failures=(*killed, *others))
