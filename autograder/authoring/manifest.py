"""The learner's exercise.toml: the author's, without what is said to authors alone."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from autograder.errors import CourseError
from autograder.model import CheckResult

__all__ = ["manifest_for_learners"]

AUTHORS_ONLY = "equivalent"
REASON = "hidden_only"
REASONS = re.compile(rf"\s*{REASON}\s*=")
HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)")
_Table: TypeAlias = Mapping[str, Mapping[str, int] | str]
QUOTES = re.compile(r'"""|\'\'\'')


def manifest_for_learners(
    path: Path, checks: Sequence[CheckResult] = (), parameters: Mapping[str, str] | None = None
) -> str:
    """Copy an exercise.toml with its name, without its comments and what speaks to authors.

    checks: all that the exercise has; of the hidden ones is written how many there are, and of
    which kinds.
    parameters: by task, those of its function.

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
    added: dict[str, _Table] = {"hidden": ahead, "parameters": parameters or {}}
    tables = {key: table for key, table in added.items() if table}
    written = "".join(_written(key, table) for key, table in tables.items())
    result = f'name = "{name}"\n' + "\n".join(kept).strip("\n") + "\n" + written
    wanted = {"name": name} | _for_learners(tomllib.loads(text)) | tables
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


def _written(header: str, table: _Table) -> str:
    rows = [f"{task} = {_inline(value)}" for task, value in table.items()]
    return "\n".join(["", f"[{header}]", *rows, ""])


def _inline(value: Mapping[str, int] | str) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # which TOML reads alike
    return f"{{ {', '.join(f'{kind} = {count}' for kind, count in value.items())} }}"


def _for_learners(manifest: dict[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in manifest.items() if key != AUTHORS_ONLY}
    known = kept.get("misconceptions", {})
    for name, each in known.items():
        known[name] = {key: value for key, value in each.items() if key != REASON}
    return kept
