"""Whether "Restart and Run All" gives what the script gives, and what the notebook has stored.

The learner's own file is run twice, as themselves: in a fresh kernel, and as a script of the
project's Python. Both get a cell's Python without magics, and stop at the first exception.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.doctor.findings import Finding
from autograder.doctor.kernels import kernel_names
from autograder.doctor.running import KernelTrouble, Ran, kernel, run_script
from autograder.wire.protocol import Part

__all__ = ["Opened", "runs_alike"]

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|\b(?:nan|inf)\b")
# Keras draws its bars otherwise in a kernel than in a script.
_COUNTED = re.compile(r"(?<!\d)\d++/\d")
_MOVES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\x08")
_PROJECTS_OWN = "python3"  # Jupyter's name for the kernel of the Python that it runs on


@dataclass(frozen=True)
class Opened:
    """A learner's file, and the code that it holds."""

    path: Path
    parts: tuple[Part, ...]

    @property
    def is_notebook(self) -> bool:
        """Tell a notebook from a script."""
        return self.path.suffix.lower() == ".ipynb"


class _Output(msgspec.Struct):
    output_type: str = ""
    name: str = ""
    text: str | list[str] = ""


class _StoredCell(msgspec.Struct):
    cell_type: str = ""
    execution_count: int | None = None
    outputs: list[_Output] = []
    source: str | list[str] = ""


class _Kernelspec(msgspec.Struct):
    name: str = _PROJECTS_OWN


class _Metadata(msgspec.Struct):
    kernelspec: _Kernelspec = msgspec.field(default_factory=_Kernelspec)


class _Stored(msgspec.Struct):
    """What a notebook of today's format has kept of its last run."""

    cells: list[_StoredCell] = []
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


@dataclass
class _Run:
    """A notebook's run in a fresh kernel: what each part printed, and how it ended."""

    printed: dict[str, str] = field(default_factory=dict)
    stopped: str = ""  # the part that did not end well
    last: Ran = field(default_factory=lambda: Ran(""))


def runs_alike(notebook: Opened, script: Opened, seconds: float) -> Iterator[Finding]:
    """Run a notebook in its kernel and as a script, and say where they part.

    script: what to compare with: a script of the same exercise, or the notebook's own cells.
    """
    what = notebook.path.name
    try:
        stored = msgspec.json.decode(notebook.path.read_bytes(), type=_Stored)
    except msgspec.DecodeError:  # an older format: it has no such memory
        stored = _Stored()
    name = stored.metadata.kernelspec.name
    yield from _out_of_order(what, stored)
    if name not in kernel_names():
        yield Finding(what, "problem", "notebook_kernel_unknown", {"name": name})
        return
    try:
        run = _restarted(name, notebook, seconds)
    except KernelTrouble as trouble:
        facts = {"name": name, "words": trouble.last_words}
        yield Finding(what, "problem", "notebook_kernel", facts)
        return
    code = "\n".join(part.source for part in script.parts)
    as_script = run_script(code, script.path.name, script.path.resolve().parent, seconds)
    yield _compared(what, run, as_script, seconds)
    if not run.stopped:
        yield from _as_stored(what, run, stored)


def _restarted(name: str, notebook: Opened, seconds: float) -> _Run:
    run = _Run()
    with kernel(name, notebook.path.resolve().parent) as fresh:
        until = time.monotonic() + seconds
        for part in notebook.parts:
            run.last = fresh.run(part.source, max(0.0, until - time.monotonic()))
            run.printed[part.label] = run.last.printed
            if run.last.end != "well":
                run.stopped = part.label
                break
    return run


def _compared(what: str, run: _Run, script: Ran, seconds: float) -> Finding:
    if "slow" in (run.last.end, script.end):
        return Finding(what, "notice", "run_slow", {"seconds": round(seconds)})
    facts = {"label": run.stopped, "error": run.last.error or run.last.end}
    told = {"error": script.error or script.end}
    if run.stopped and script.end != "well":
        same = run.last.error.partition(":")[0] == script.error.partition(":")[0]
        if same:
            # The name was there while the notebook was being written.
            does = "run_stops_do" if run.last.error.startswith("NameError") else ""
            return Finding(what, "notice", "run_both_stop", facts, does=does)
        return Finding(what, "problem", "run_stop_apart", {**facts, "other": told["error"]})
    if run.stopped:
        return Finding(what, "problem", "run_stops", facts, does=_advice(run.last.error))
    if script.end != "well":
        return Finding(what, "problem", "script_stops", told)
    ours, theirs = _lines("".join(run.printed.values())), _lines(script.printed)
    if ours == theirs:
        return Finding(what, "ok", "run_alike")
    if _without_numbers(ours) == _without_numbers(theirs):
        return Finding(what, "notice", "run_other_numbers", _first_difference(ours, theirs))
    return Finding(what, "problem", "run_differs", _first_difference(ours, theirs))


def _lines(printed: str) -> list[str]:
    """Return what stands there in the end, without the bars that Keras draws."""
    lines = (line.rpartition("\r")[2] for line in _unmoved(printed).strip().split("\n"))
    kept = [line.rstrip() for line in lines if not _is_bar(line)]
    return kept if any(kept) else []


def _unmoved(printed: str) -> str:
    return _MOVES.sub("", printed.replace("\r\n", "\n"))


def _without_numbers(lines: list[str]) -> list[str]:
    return [" ".join(_NUMBER.sub("#", line).split()) for line in lines]


def _first_difference(ours: list[str], theirs: list[str]) -> dict[str, str]:
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            return {"notebook": one, "script": other}
    rest = ours[len(theirs) :] or theirs[len(ours) :]
    return {"notebook": rest[0], "script": "-"} if len(ours) > len(theirs) else {
        "notebook": "-", "script": rest[0],
    }  # fmt: skip


def _out_of_order(what: str, stored: _Stored) -> Iterator[Finding]:
    """Tell whether the cells were last run in another order than they stand."""
    counts = [cell.execution_count for cell in stored.cells if cell.execution_count is not None]
    if counts != sorted(counts):
        order = ", ".join(f"[{count}]" for count in counts)
        yield Finding(what, "notice", "cells_out_of_order", {"order": order})


def _as_stored(what: str, run: _Run, stored: _Stored) -> Iterator[Finding]:
    """Find the first cell whose stored output is not what a fresh run prints."""
    number = 0
    for cell in stored.cells:
        if cell.cell_type != "code" or not "".join(cell.source).strip():
            continue
        number += 1
        label = f"cell {number}"
        kept = _lines("".join(_text(cell)))
        if not kept or label not in run.printed:
            continue
        fresh = _lines(run.printed[label])
        if kept != fresh:
            facts = {"label": label, **_first_difference(fresh, kept)}
            yield Finding(what, "notice", "stored_differs", facts)
            return


def _text(cell: _StoredCell) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            yield "".join(output.text)


def _advice(error: str) -> str:
    """Choose what to do about an error that the notebook alone has; "" is the usual advice."""
    if error.startswith(("ModuleNotFoundError", "ImportError")):
        return "run_stops_import_do"
    return "" if error.startswith("NameError") else "run_stop_apart_do"


def _is_bar(line: str) -> bool:
    """Tell Keras's progress: a drawn bar, or steps that are counted (``8/8 … 3ms/step``)."""
    counted = _COUNTED.search(line)
    return "━" in line or (counted is not None and "/step" in line[counted.end() :])
