"""What an exception says, and where in the program it arose, without what lies between.

TensorFlow writes the frames of its graphs into the text of an exception: those of its own, of Keras
and of the engine, and, in a graph, the only ones that tell the learner's line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autograder.wire.protocol import TraceLine

__all__ = ["text_of", "trace_of"]

MOST_READ = 50_000  # characters of a text that are looked at
MOST_TEXT = 2000
MOST_TRACE_LINES = 5
FRAME = re.compile(r'^[ \t|]*File "([^"\n]{1,400})", line (\d{1,7}), in ([^\n]{0,200})\n?', re.M)
# Nodes, colours and where a function was made mean nothing to whoever wrote the program.
NOISE = re.compile(
    r"\x1b\[[0-9;]*m|^[ \t]*\[\[\{\{node [^\n]*\n?|\{\{function_node [^}\n]*\}\}[ ]?"
    r"|\b[\w.<>]{1,200}\.<locals>\.| defined at \(most recent call last\):"
    r"|[ ]?\[Op:\w+\](?: name: ?)?",
    re.M,
)
NODE = re.compile(r"'\{\{node ([^}\n]{0,400})\}\} = [^'\n]{0,2000}'")
NUMBER = re.compile(r"^\[(?:Errno|WinError) -?\d{1,6}\] ")
PLACE = re.compile(r" \((?:unknown location|(?:/|[A-Za-z]:\\)[^\n]{1,4000}\.(?:pyc?|so|pyd))\)$")
GAPS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def text_of(error: BaseException) -> str:
    """Return an exception's text, whatever its class does when asked, without any frames.

    Nor has it what another system writes otherwise for the same: an error's number, and the folder
    in which a library lies.
    """
    text = _said_by(error)
    if isinstance(error, OSError):
        text = NUMBER.sub("", text)
    elif isinstance(error, ImportError):
        text = PLACE.sub("", text)
    text = NODE.sub(r"'\1'", text)
    if FRAME.search(text) or NOISE.search(text):
        text = GAPS.sub("\n", NOISE.sub("", FRAME.sub("", text))).strip()
    return text[:MOST_TEXT]


def trace_of(error: BaseException, labels: Mapping[str, str]) -> tuple[TraceLine, ...]:
    """Return the program's own lines on the way to an exception, the last one innermost.

    labels: by file, what the learner calls the parts of their program; all else is left out.
    """
    lines = list(_frames(error, labels))
    for file, line, function in FRAME.findall(_said_by(error)):
        if file in labels:
            at = TraceLine(labels[file], int(line), function.removesuffix(" *").strip())
            if at not in lines:
                lines.append(at)
    return tuple(lines[-MOST_TRACE_LINES:])


def _frames(error: BaseException, labels: Mapping[str, str]) -> Iterator[TraceLine]:
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        if code.co_filename in labels:
            function = "" if code.co_name == "<module>" else code.co_name
            yield TraceLine(labels[code.co_filename], frame.tb_lineno, function)
        frame = frame.tb_next


def _said_by(error: BaseException) -> str:
    try:
        return str(error)[:MOST_READ]
    except BaseException:  # a learner's exception may have a broken __str__
        return ""
