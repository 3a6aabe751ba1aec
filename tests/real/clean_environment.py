"""A fresh virtual environment with the engine's wheel, as somebody has it who installs it.

pip installs the wheel alone; what it depends on is that of the environment of the tests.
"""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"


def run(*command, cwd, fails=(0,), **variables):
    """Run a command as a stranger would, without what the tests' own environment says."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GRADEFLOW", "PYTHONPATH"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"} | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    allowed = fails if isinstance(fails, tuple) else (fails,)
    assert done.returncode in allowed, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def built(kind, folder):
    """Build the wheel or the sdist, and return its file."""
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=ROOT)
    return next(Path(folder).glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def environment(folder, package):
    """Make a virtual environment with a wheel installed, and return the folder of its commands."""
    home = Path(folder)
    venv.create(home / ".venv", with_pip=False)  # to install pip as well takes longer than all else
    bin_folder = home / ".venv" / BIN
    packages = next((home / ".venv").rglob("site-packages"))
    pip = (sys.executable, "-m", "pip", "--python", bin_folder / "python")
    run(*pip, "install", "--no-deps", "--no-index", "--quiet", package, cwd=home)
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pytest = bin_folder / "pytest"  # which pip would have written
    pytest.write_text(f'#!/bin/sh\nexec {bin_folder / "python"} -m pytest "$@"\n', "utf-8")
    pytest.chmod(0o755)
    where = run(bin_folder / "python", "-c", "import autograder; print(autograder)", cwd=home)
    assert str(packages) in where
    return bin_folder
