"""What a program's text tells before it runs: what it needs, and which parts run nothing.

Read outside the cage too, so in time and memory in proportion to the text.
"""

from __future__ import annotations

import re

from autograder.wire.protocol import Program

__all__ = ["has_magics", "has_prompts", "needs_cells", "needs_pyplot", "only_defines"]

# What IPython brings, whatever may look for it by another way, and waiting outside a function.
OF_IPYTHON = {
    "In", "Out", "_ih", "_oh", "_dh", "display", "get_ipython", "exit", "quit", "IPython",
    "ipywidgets", "builtins", "__builtins__", "eval", "exec", "globals", "locals", "vars", "dir",
    "async", "await",
}  # fmt: skip
EARLIER = re.compile(r"_+\d*|_i+\d*")  # what was entered, or came out
ESCAPES = ("%", "!", "?", ",", ";", "/")
ASSIGNED = re.compile(r"=[ \t]*[%!]")
PROMPTS = re.compile(r">>>|In \[|\.\.\.:")  # docstrings have them too: what can be read needs none
# A line of a part in which functions are defined and nothing runs; how long such a part is; and
# what Python may take for the begin of another line.
HARMLESS = re.compile(r"def \w+\([\w, ]*\):|[ \t]|#|$")
LONGEST_HARMLESS = 4096  # characters: of a longer one the parser itself might die
OTHER_ENDS = {"\r", "\f"}


def only_defines(source: str) -> bool:
    """Tell whether a part holds functions and nothing that runs: no default, and no decorator."""
    short = len(source) <= LONGEST_HARMLESS and source.startswith(("def ", "#"))
    return short and OTHER_ENDS.isdisjoint(source) and all(map(HARMLESS.match, source.split("\n")))


def needs_cells(program: Program) -> bool:
    """Tell whether IPython may be needed: by a notebook, or by a script that one was saved as.

    A notebook of which all is plain Python runs as a script does, unless somebody wants to see
    what its cells show.
    """
    if not program.notebook:
        return any(
            "get_ipython()" in part.source or has_magics(part.source) for part in program.parts
        )
    return program.display or any(_is_of_ipython(part.source) for part in program.parts)


def needs_pyplot(program: Program) -> bool:
    """Tell whether a program may draw: what imports pyplot, under whatever name, says so."""
    return any("matplotlib" in part.source or "pylab" in part.source for part in program.parts)


def _is_of_ipython(source: str) -> bool:
    """Tell whether a cell may have anything that only IPython knows."""
    words = set(re.findall(r"\w+", source))
    if not words.isdisjoint(OF_IPYTHON):
        return True
    if any(word.startswith("_") and EARLIER.fullmatch(word) for word in words):
        return True
    lines = [line.strip() for line in source.splitlines()]
    if any(line.startswith(ESCAPES) or line.endswith("?") for line in lines):
        return True
    blank = source[: len(source) - len(source.lstrip())]
    stands_in = blank != "" and not blank.endswith("\n")  # IPython takes it back
    return stands_in or ASSIGNED.search(source) is not None


def has_magics(source: str) -> bool:
    """Tell whether a script may hold the magics of the notebook that it was saved as."""
    return any(line.lstrip().startswith(("%", "!", "?")) for line in source.split("\n"))


def has_prompts(source: str) -> bool:
    """Tell whether a cell that cannot be read may have been copied with its prompts."""
    return PROMPTS.search(source) is not None
