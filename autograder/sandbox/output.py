"""What a program prints, kept up to a limit."""

from __future__ import annotations

import io
import sys

__all__ = ["CappedOutput", "CutOutput", "OpenOutput", "OutputLimitError", "captured"]


class OutputLimitError(BaseException):
    """Passed the output limit; no Exception, so that a learner's handler lets it by."""


class CappedOutput(io.TextIOBase):
    """Keeps what is printed, up to a cap in characters."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.size = 0
        self.pieces: list[str] = []

    def write(self, text: str, /) -> int:
        """Keep a piece.

        Raises OutputLimitError once there is too much.
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.size += len(text)
        if self.size > self.cap:
            raise OutputLimitError
        self.pieces.append(text)
        return len(text)

    def writable(self) -> bool:
        """Say yes: print() asks."""
        return True

    @property
    def full(self) -> bool:
        """Whether the cap was passed, even if the program caught what write() raised."""
        return self.size > self.cap

    def text(self) -> str:
        """Return what was printed."""
        return "".join(self.pieces)


class CutOutput(CappedOutput):
    """Keeps what is printed up to a cap, and lets the program print on into nothing."""

    def write(self, text: str, /) -> int:
        """Keep a piece, or what of it there is room for."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        piece = text[: max(0, self.cap - self.size)]
        self.size += len(piece)
        if piece:
            self.pieces.append(piece)
        return len(text)

    @property
    def kept(self) -> int:
        """How many pieces there are."""
        return len(self.pieces)

    def since(self, kept: int) -> str:
        """Return what was printed after so many pieces."""
        return "".join(self.pieces[kept:])


class OpenOutput(CutOutput):
    """Keeps nothing: what is printed goes where it always does, and a debugger can ask."""


class captured:  # noqa: N801 - used as what contextlib.redirect_stdout is
    """Keep what is printed, on either stream, while the block runs."""

    def __init__(self, output: CappedOutput) -> None:
        self._output = None if isinstance(output, OpenOutput) else output

    def __enter__(self) -> None:
        if self._output is not None:
            self._before = sys.stdout, sys.stderr
            sys.stdout = sys.stderr = self._output

    def __exit__(self, *_error: object) -> None:
        if self._output is not None:
            sys.stdout, sys.stderr = self._before
