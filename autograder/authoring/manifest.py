"""The learner's exercise.toml: the author's, without what is said to authors alone."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.model import CheckResult

__all__ = ["manifest_for_learners"]

AUTHORS_ONLY = "equivalent"
REASON = "hidden_only"
REASONS = re.compile(rf"\s*{REASON}\s*=")
HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)")
QUOTES = re.compile(r'"""|\'\'\'')


def manifest_for_learners(path: Path, checks: Sequence[CheckResult] = ()) -> str:
    """Copy an exercise.toml with its name, without its comments and what speaks to authors.

    checks: all that the exercise has; of the hidden ones is written how many there are, and of
    which kinds.

    The name seeds random inputs, and a learner may rename their folder. Comments, and the reasons
    in ``hidden_only``, speak to the next author, and ``[equivalent]`` quotes the reference.

    Raises CourseError, located, when ``[equivalent]`` is not a table of its own.
    """
    text = path.read_text(encoding="utf-8")
    kept: list[str] = []
    inside = dropping = False
    for line in text.splitlines():
        header = None if inside else HEADER.match(line)
        if header:
            dropping = header[1] == AUTHORS_ONLY
        comment = not inside and (line.lstrip().startswith("#") or REASONS.match(line))
        if len(QUOTES.findall(line)) % 2 and not comment:
            inside = not inside
        if not dropping and not comment and (line.strip() or (kept and kept[-1].strip())):
            kept.append(line)
    name = path.resolve().parent.name
    ahead = _ahead(checks)
    result = f'name = "{name}"\n' + "\n".join(kept).strip("\n") + "\n" + _written(ahead)
    wanted = (
        {"name": name} | _for_learners(tomllib.loads(text)) | ({"hidden": ahead} if ahead else {})
    )
    try:
        same = tomllib.loads(result) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        lines = text.splitlines()
        at = next((n for n, line in enumerate(lines, 1) if AUTHORS_ONLY in line), None)
        told = (
            f"write [{AUTHORS_ONLY}] as a table of its own, {REASON} on one line, and triple "
            "quotes only around texts"
        )
        raise CourseError(told, path, at)
    return result


def _ahead(checks: Sequence[CheckResult]) -> dict[str, dict[str, int]]:
    """Count the hidden checks of each task by their kind, in the order of the checks."""
    counts: dict[str, Counter[str]] = {}
    for check in checks:
        if check.hidden:
            counts.setdefault(check.task, Counter())[check.kind] += 1
    return {task: dict(kinds) for task, kinds in counts.items()}


def _written(ahead: dict[str, dict[str, int]]) -> str:
    if not ahead:
        return ""
    rows = [
        f"{task} = {{ {', '.join(f'{kind} = {count}' for kind, count in kinds.items())} }}"
        for task, kinds in ahead.items()
    ]
    return "\n".join(["", "[hidden]", *rows, ""])


def _for_learners(manifest: dict[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in manifest.items() if key != AUTHORS_ONLY}
    known = kept.get("misconceptions", {})
    for name, each in known.items():
        known[name] = {key: value for key, value in each.items() if key != REASON}
    return kept
