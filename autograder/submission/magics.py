"""Notebook syntax that is not Python, taken out of a cell without moving a line.

IPython's own syntax can stand only where a statement begins, and such a line is never valid Python;
so what is valid Python is never touched. The one exception: calls of ``get_ipython()``, which
exported notebooks have instead, go the same way.
"""

from __future__ import annotations

import re

from autograder.submission.scanner import Scanner

__all__ = ["plain_cell", "plain_script"]

# The body of these is Python that runs in the notebook. IPython runs that of no other as such
# (%%bash, %%writefile, a magic that it does not know).
PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "lprun", "mprun", "memit", "debug"})
TARGET = r"[^\W\d][\w.,* \t\[\]]*?=[ \t]*"
MAGIC = re.compile(
    rf"""[ \t\f]*(?:
        (?:{TARGET})?[%!]                       # %matplotlib inline, !ls, x = !ls, t = %timeit f()
      | \?                                       # ?obj
      | (?:{TARGET})?get_ipython\(\)\.(?:run_line_magic|magic|system|getoutput)\(.*\)[ \t]*$
      | (?:pip3?|conda|mamba|uv)[ ](?:install|uninstall|list|show|freeze|pip|add)\b
      | matplotlib[ ](?:inline|notebook|widget)[ \t]*$
      | [^'"#\s][^'"#]*?(?<![\s?])\?\??[ \t]*$   # obj?
    )""",
    re.VERBOSE,
)
MAYBE = re.compile(r"[%!?]|get_ipython|pip|conda|mamba|uv |matplotlib ")
TIMED = re.compile(rf"([ \t\f]*)({TARGET})?%%?time[ \t]+(?=\S)")
CELL_MAGIC = re.compile(r"%%(\w+|!)")


def plain_cell(source: str) -> str | None:
    """Return a cell as Python with every line where it was; None when the cell holds no Python."""
    lines = _dedented(source).split("\n")
    for place, line in enumerate(lines):
        found = CELL_MAGIC.match(line.lstrip())
        if found is None:
            if line.strip():
                break
            continue
        if found[1] not in PYTHON_CELLS:
            return None
        lines[place] = f"# {line.strip()}"
    return plain_script("\n".join(lines))


def plain_script(source: str) -> str:
    """Return a script or a cell without magics, shell lines and ``?help``, line for line.

    ``%time statement`` keeps its statement; ``x = !command`` makes ``x`` an empty list.
    """
    if not MAYBE.search(source):
        return source
    scanner = Scanner()
    lines = []
    in_magic = False
    for line in source.split("\n"):
        if in_magic:
            in_magic = line.endswith("\\")
            lines.append(f"# {line.strip()}")
            continue
        plain = line
        if scanner.at_start and MAGIC.match(line):
            plain = _replaced(line)
            in_magic = line.endswith("\\") and plain.endswith(f"# {line.strip()}")
        if not in_magic:
            scanner.read(plain)
        lines.append(plain)
    return "\n".join(lines)


def _dedented(source: str) -> str:
    """Return a cell without the indentation of its first line, which IPython takes off as well."""
    indent = re.match(r"\n*([ \t]+)\S", source)
    if indent is None:
        return source
    return re.sub(f"^{indent[1]}", "", source, flags=re.MULTILINE)


def _replaced(line: str) -> str:
    """Return a statement of Python that stands for a line of notebook syntax."""
    timed = TIMED.match(line)
    if timed is not None:
        return f"{timed[1]}{timed[2] or ''}{line[timed.end() :]}"
    indent = line[: len(line) - len(line.lstrip())]
    target = re.match(r"[ \t\f]*([^\W\d]\w*)[ \t]*=", line)
    statement = f"{target[1]} = []" if target else "pass"
    return f"{indent}{statement}  # {line.strip()}"
