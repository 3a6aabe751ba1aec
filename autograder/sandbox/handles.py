"""Handles of objects in processes that follow one another, each of which counts from 0."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.wire.protocol import Call, Death, Handle, Missing, Outcome

__all__ = ["Handles"]

KEYS = 2**31  # handles of one process; a session's handle is KEYS * generation + key


class Handles:
    """The handles of a session: its own outside, a process's own inside."""

    def __init__(self) -> None:
        self._deaths: list[Death] = []  # by generation

    def ended(self, death: Death) -> None:
        """Say what ended the process: its handles are stale, and the next one has its own."""
        self._deaths.append(death)

    def issued(self, handle: Handle) -> Handle:
        """Make a process's handle the session's own."""
        return replace(handle, key=len(self._deaths) * KEYS + handle.key)

    def translated(self, call: Call) -> Call | Outcome:
        """Give the process its own handles back, or say what ended the process they came from."""
        try:
            args, kwargs, target = self._given((call.args, call.kwargs, call.target))
        except _StaleError as stale:
            return stale.outcome
        return replace(call, target=target, args=args, kwargs=kwargs)

    def _given(self, value: Any) -> Any:
        if isinstance(value, Handle):
            generation, key = divmod(value.key, KEYS)
            if generation != len(self._deaths):
                known = 0 <= generation < len(self._deaths)
                missing = Missing(f"object {value.key}", kind=value.kind)
                raise _StaleError(self._deaths[generation] if known else missing)
            return replace(value, key=key)
        if type(value) is tuple:
            return tuple(self._given(item) for item in value)
        if type(value) is list:
            return [self._given(item) for item in value]
        if type(value) is dict:
            return {key: self._given(item) for key, item in value.items()}
        return value


class _StaleError(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
