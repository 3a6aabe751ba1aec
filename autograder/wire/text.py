"""Learner text made harmless for every renderer: no terminal escapes, no control characters."""

from __future__ import annotations

import re

__all__ = ["clean", "clean_line"]

# Each alternative consumes what it looks at and never looks back, so the time is linear in the
# text: whoever wrote it may want a renderer to hang.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?"  # OSC, DCS
    r"|\x1b[ -/]*[0-~]?"  # the short ones
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # whatever else is no text
    r"|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # direction marks: text that reads as another
)


def clean(text: str) -> str:
    """Return the text without escapes and controls; line ends and tabs stay."""
    return _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """Return the text cleaned and on one line: a name, a type, a label."""
    return clean(text).replace("\n", " ").replace("\t", " ")
