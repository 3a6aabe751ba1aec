"""One pytest session for an exercise's checks, with nothing in it that is not theirs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["pytest_alone"]

UNUSED_PLUGINS = (
    "cacheprovider",
    "terminal",
    "logging",
    "junitxml",
    "pastebin",
    "doctest",
    "unittest",
    "faulthandler",
    "stepwise",
    "setuponly",
    "setupplan",
    "warnings",
    "debugging",
    "threadexception",
    "unraisableexception",
)


def pytest_alone(tests: Sequence[Path], folder: Path, plugins: Sequence[object]) -> int:
    """Run pytest over check files, with these plugins and its own indispensable ones.

    Returns pytest's exit code.
    """
    arguments = [
        *(str(path) for path in tests),
        f"--rootdir={folder}",
        # Else each folder on the way to it is listed, with a node for all that lies there.
        f"--confcutdir={folder}",
        f"--config-file={os.devnull}",
        "--noconftest",
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        *(f"-pno:{name}" for name in UNUSED_PLUGINS),
    ]
    with _kept_out(tests):
        return pytest.main(arguments, plugins=list(plugins))


@contextmanager
def _kept_out(tests: Sequence[Path]) -> Iterator[None]:
    """Keep out what is not the exercise's: plugins, options of the environment, other checks.

    Installed plugins cost a second and may change verdicts, and so may PYTEST_ADDOPTS. A check
    file that is imported stays in sys.modules under a short name, which the next exercise's file
    of the same name would be taken for; nor may a hidden one lie about once more, as bytecode.
    """
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ[names[0]] = "1"
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        paths = {str(path) for path in tests}
        for name, module in list(sys.modules.items()):
            if getattr(module, "__file__", None) in paths:
                del sys.modules[name]
