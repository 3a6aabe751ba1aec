"""The Jupyter kernels of this machine: each is started and asked, for kernel.json may be wrong."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.doctor.findings import Finding
from autograder.doctor.probe import PROBE, Inside, compared, here, read
from autograder.doctor.running import SECONDS_TO_START, KernelTrouble, kernel

__all__ = ["have_jupyter", "kernel_names", "kernels", "without_jupyter"]

_SECONDS_TO_IMPORT = 30.0
_PIP = f'"{sys.executable}" -m pip install "gradeflow[nbgrader]"'
_INSTALL = '"{}" -m ipykernel install --user --name gradeflow --display-name "GradeFlow"'


def have_jupyter() -> bool:
    """Tell whether kernels can be found and started from here at all."""
    return importlib.util.find_spec("jupyter_client") is not None


def without_jupyter() -> Finding:
    """Say how they can be."""
    return Finding("jupyter", "problem", "no_jupyter", {"command": _PIP})


def kernel_names() -> frozenset[str]:
    """Return the names under which notebooks may ask for a kernel."""
    from jupyter_client.kernelspec import KernelSpecManager

    return frozenset(KernelSpecManager().find_kernel_specs())


def kernels(folder: Path, seconds: float = SECONDS_TO_START) -> Iterator[Finding]:
    """Look at every kernel of Python, started in a folder, each as soon as it has answered."""
    install = {"command": _INSTALL.format(sys.executable)}
    if not have_jupyter():
        yield without_jupyter()
        return
    from jupyter_client.kernelspec import KernelSpecManager

    manager = KernelSpecManager()
    specs = manager.get_all_specs()
    for name in sorted(manager.find_kernel_specs().keys() - specs.keys()):
        yield Finding(f"kernel {name}", "problem", "kernel_unreadable", _removing(name))
    spoken = {
        name: each["spec"]
        for name, each in sorted(specs.items())
        if each["spec"]["language"].lower() == "python"
    }
    if not spoken:
        yield Finding("kernels", "problem", "kernel_none", install)
        return
    yield from _same_labels(spoken)
    project, found = here(), False
    for name, spec in spoken.items():
        inside, findings = _asked(name, spec, project, folder, seconds)
        found = found or (inside is not None and inside.prefix == project.prefix)
        yield from findings
    if not found:
        yield Finding("kernels", "problem", "kernel_none_of_project", install)


def _removing(name: str) -> dict[str, str]:
    return {"command": f'"{sys.executable}" -m jupyter kernelspec remove {name}'}


def _same_labels(specs: Mapping[str, Any]) -> Iterator[Finding]:
    """Name kernels that Jupyter's menu shows under one label, so that nobody tells them apart."""
    labels: dict[str, list[str]] = {}
    for name, spec in specs.items():
        labels.setdefault(spec["display_name"], []).append(name)
    for label, names in labels.items():
        if len(names) > 1:
            facts = {"label": label, "names": ", ".join(names)}
            yield Finding("kernels", "problem", "kernel_same_label", facts)


def _asked(
    name: str, spec: Mapping[str, Any], project: Inside, folder: Path, seconds: float
) -> tuple[Inside | None, list[Finding]]:
    """Start a kernel and ask it, or say why it does not start."""
    what = f"kernel {name}"
    program = _program(spec["argv"])
    if program is None:
        facts = {"path": spec["argv"][0] if spec["argv"] else "", **_removing(name)}
        return None, [Finding(what, "problem", "kernel_gone", facts)]
    try:
        with kernel(name, folder, seconds) as running:
            ran = running.run(PROBE, seconds)
    except KernelTrouble as trouble:
        return None, [_why(what, program, trouble, seconds)]
    inside = read(ran.printed)
    if inside is None:
        silent = KernelTrouble("slow" if ran.end == "slow" else "died", ran.error)
        return None, [_why(what, program, silent, seconds)]
    return inside, list(compared(what, inside, project))


def _program(argv: list[str]) -> str | None:
    """Find what a kernel is started with; a bare ``python`` is the one that Jupyter runs on."""
    if not argv:
        return None
    if argv[0] in ("python", "python3", f"python3.{sys.version_info[1]}"):
        return sys.executable
    return shutil.which(argv[0])


def _why(what: str, program: str, trouble: KernelTrouble, seconds: float) -> Finding:
    if trouble.how == "slow":
        return Finding(what, "problem", "kernel_slow", {"seconds": round(seconds)})
    if _lacks_ipykernel(program):
        facts = {"path": program, "command": f'"{program}" -m pip install ipykernel'}
        return Finding(what, "problem", "kernel_without_ipykernel", facts)
    return Finding(what, "problem", "kernel_died", {"words": trouble.last_words})


def _lacks_ipykernel(program: str) -> bool:
    """Ask a kernel's Python itself, away from whatever lies in this folder."""
    if not Path(program).name.lower().startswith("python"):
        return False  # a shell or a starter, which would take the question for something else
    try:
        done = subprocess.run(
            [program, "-c", "import ipykernel"],
            capture_output=True, text=True, errors="replace", timeout=_SECONDS_TO_IMPORT,
            check=False, stdin=subprocess.DEVNULL, cwd=Path(program).anchor or None,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode != 0 and "No module named 'ipykernel" in done.stderr
