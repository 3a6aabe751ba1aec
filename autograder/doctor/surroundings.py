"""What lies around a notebook and changes what it does: variables, the digits, files' names."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.data import COURSE_FILE, FULL_SHA256, keras_file, sha256
from autograder.doctor.findings import Finding

__all__ = ["shadows", "surroundings"]

_PACKAGES = frozenset(
    ("tensorflow", "keras", "torch", "numpy", "matplotlib", "pandas", "scipy", "sklearn")
)
_HASH_SHOWN = 12
_OFF = ("", "0", "false", "no")


def surroundings(folders: tuple[Path, ...]) -> Iterator[Finding]:
    """Look at the environment's variables, the file of MNIST and the names of files in folders."""
    yield from _keras_home()
    yield from _backend()
    yield _mnist()
    for folder in folders:
        yield from shadows(folder)


def _keras_home() -> Iterator[Finding]:
    home = os.environ.get("KERAS_HOME")
    if not home:
        return
    path = Path(home).absolute()
    # Keras makes a folder that is not there yet.
    there = next(each for each in (path, *path.parents) if each.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        yield Finding("KERAS_HOME", "ok", "keras_home", {"path": home})
    else:  # Keras passes over it and says nothing
        yield Finding("KERAS_HOME", "notice", "keras_home_unfit", {"path": home})


def _backend() -> Iterator[Finding]:
    backend = os.environ.get("KERAS_BACKEND", "")
    if backend not in ("", "tensorflow"):
        yield Finding("KERAS_BACKEND", "notice", "keras_backend", {"value": backend})
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "")
    if legacy.lower() not in _OFF:
        yield Finding("TF_USE_LEGACY_KERAS", "notice", "legacy_keras", {"value": legacy})


def _mnist() -> Finding:
    """Look at the digits that ``keras.datasets.mnist.load_data()`` would read."""
    full = keras_file()
    digest = sha256(full)
    facts = {"path": str(full), "hash": digest[:_HASH_SHOWN]}
    if digest == FULL_SHA256:
        return Finding("MNIST", "ok", "mnist_full", facts)
    if full.exists():
        return Finding("MNIST", "problem", "mnist_wrong", facts)
    ours = {"path": str(full), "hash": sha256(COURSE_FILE)[:_HASH_SHOWN]}
    return Finding("MNIST", "absent", "mnist_course", ours)


def shadows(folder: Path) -> Iterator[Finding]:
    """Find files that Python would import in the place of a package or of its own modules."""
    for path in sorted(folder.glob("*")):
        name = path.stem if path.suffix == ".py" else path.name
        known = name in _PACKAGES or name in sys.stdlib_module_names
        # A folder of a project's own, such as this engine's, has its metadata beside it.
        package = (path / "__init__.py").is_file() and not (folder / "pyproject.toml").is_file()
        if known and ((path.suffix == ".py" and path.is_file()) or package):
            yield Finding(path.name, "problem", "shadow", {"path": str(path), "name": name})
