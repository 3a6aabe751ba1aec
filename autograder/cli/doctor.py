"""What this machine can do."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = ["doctor"]

PACKAGES = ("numpy", "pytest", "msgspec", "nbgrader", "jupytext", "torch", "tensorflow")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "absent", "problem"]
    detail: str
    advice: str = ""


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Try what this machine can do: the layers of the cage, the packages.

    Nothing is guessed: each layer is tried in a child that attempts what it must forbid.
    Exit code 1 when submissions of others cannot be graded safely here.

    Example: gradeflow doctor
    """
    findings = [*_cage(), *_packages()]
    if json:
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(findings), indent=1).decode())
        sys.stdout.write("\n")
    else:
        _print(findings)
    raise typer.Exit(1 if any(finding.state == "problem" for finding in findings) else 0)


def _cage() -> list[Finding]:
    from autograder.catalogue import find_course
    from autograder.errors import GradeFlowError
    from autograder.sandbox.opening import Sandbox

    if sys.platform != "linux":
        return [
            Finding(
                "cage",
                "problem",
                f"there is none on {platform.system()}",
                "Check your own work here; grade the work of others on Linux.",
            )
        ]
    try:
        course = find_course(Path.cwd())
        sandbox = Sandbox("cage", hidden=(course.root,) if course else ())
    except GradeFlowError as error:
        return [Finding("cage", "problem", str(error))]
    try:
        layers = sandbox.report()
        return [
            Finding(name, "ok" if holds else "absent", detail) for name, holds, detail in layers
        ]
    finally:
        sandbox.close()


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
    return "nbgrader" if package == "jupytext" else package


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {"ok": ("✔", "green"), "absent": ("○", "dim"), "problem": ("✘", "red")}
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, style = styles[finding.state]
        detail = f"{finding.detail}  {finding.advice}".rstrip()
        table.add_row(Text(mark, style), Text(finding.what), Text(detail))
    Console(highlight=False).print(table)
