"""What is looked at inside a kernel, and here: the same code, so that the answers compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.doctor.findings import Finding

__all__ = ["PROBE", "Inside", "compared", "here", "read"]

# Runs in kernels that may be of any Python 3 and have nothing of ours. Nothing is imported that
# takes seconds or could fail: a package's version is written beside it.
PROBE = """
def _gradeflow_probe():
    import json, os, platform, sys
    try:
        from importlib import metadata
    except ImportError:
        metadata = None
    def version(*names):
        for name in names if metadata else ():
            try:
                return metadata.version(name)
            except Exception:
                pass
        return ""
    print("gradeflow-probe:" + json.dumps({
        "executable": sys.executable,
        "prefix": os.path.realpath(sys.prefix),
        "python": platform.python_version(),
        "versions": {
            "numpy": version("numpy"),
            "matplotlib": version("matplotlib"),
            "tensorflow": version("tensorflow", "tensorflow-cpu", "tensorflow-macos"),
            "keras": version("keras"),
            "torch": version("torch"),
            "gradeflow": version("gradeflow"),
        },
        "variables": {
            name: os.environ.get(name, "")
            for name in ("KERAS_HOME", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS")
        },
    }))
_gradeflow_probe()
del _gradeflow_probe
"""
_MARK = "gradeflow-probe:"


@dataclass(frozen=True)
class Inside:
    """What a Python says of itself; a package that it lacks has no version."""

    executable: str
    prefix: str
    python: str
    versions: Mapping[str, str]
    variables: Mapping[str, str]


def read(printed: str) -> Inside | None:
    """Read what the probe has printed, whatever else was printed around it."""
    for line in printed.splitlines():
        if line.startswith(_MARK):
            try:
                return Inside(**json.loads(line.removeprefix(_MARK)))
            except (ValueError, TypeError):
                return None
    return None


def here() -> Inside:
    """Ask the Python that runs this: the project's environment."""
    import contextlib
    import io

    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exec(PROBE, {})  # noqa: S102 - our own
    found = read(stream.getvalue())
    assert found is not None
    return found


def compared(what: str, inside: Inside, project: Inside) -> Iterator[Finding]:
    """Compare a kernel's Python with the project's."""
    facts = {"python": inside.python, "executable": inside.executable}
    if inside.prefix == project.prefix:
        yield Finding(what, "ok", "kernel_of_project", facts)
    else:
        yield Finding(what, "notice", "kernel_elsewhere", facts)
        lacks = _differing(inside, project, lacking=True)
        if lacks:
            yield Finding(what, "notice", "kernel_lacks", {"packages": ", ".join(lacks)})
        others = _differing(inside, project, lacking=False)
        if others:
            facts = {"differences": ", ".join(others)}
            yield Finding(what, "notice", "kernel_versions", facts)
    for name, value in inside.variables.items():
        if value != project.variables[name]:
            said = {"name": name, "inside": value or "-", "outside": project.variables[name] or "-"}
            yield Finding(what, "notice", "kernel_variable", said)


def _differing(inside: Inside, project: Inside, *, lacking: bool) -> list[str]:
    """Name what the project has and a kernel lacks, or has in another version."""
    found = []
    for name, ours in project.versions.items():
        theirs = inside.versions.get(name, "")
        if ours and lacking and not theirs:
            found.append(f"{name} {ours}")
        elif ours and theirs and theirs != ours and not lacking:
            found.append(f"{name} {theirs} ({ours})")
    return found
