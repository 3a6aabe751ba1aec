"""A workflow for GitHub Actions that runs the public checks on each push."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder import __version__
from autograder.catalogue import Exercise, needs_of
from autograder.errors import GradeFlowError

__all__ = ["workflow"]

# A name goes into YAML and into a shell's command.
NAME = re.compile(r"\w[\w.-]*", re.ASCII)
HEAD = """\
# Runs the public checks of these exercises on each push; made by `gradeflow export workflow`.
name: checks
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  checks:
    runs-on: ubuntu-latest
    timeout-minutes: {minutes}
    env:
      GRADEFLOW_LANGUAGE: {language}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
      - name: Install
        run: |
          engine=$(ls ./gradeflow-*.whl 2>/dev/null | head -n 1)
          if [ -n "$engine" ]; then python -m pip install "$engine{extras}"{packages}
          else python -m pip install "gradeflow{extras}=={version}"{packages}; fi
"""
STEP = """\
      - name: {exercise}
        if: ${{{{ !cancelled() }}}}
        run: gradeflow check {exercise} --all --summary "$GITHUB_STEP_SUMMARY"
"""


def workflow(
    exercises: Sequence[Exercise], language: str, python: str = "3.12", minutes: int = 30
) -> str:
    """Write the workflow: a step for each exercise, each tried whatever became of the others.

    The engine is installed from the wheel in the release, where there is one, else by its version.
    The job fails where a step does: exit code 0 of ``gradeflow check`` is that every check passes.

    Raises GradeFlowError for a name that has no place in a shell's command.
    """
    for exercise in exercises:
        if not NAME.fullmatch(exercise.name):
            raise GradeFlowError(
                f"{exercise.name!r} cannot be named in a workflow: call its folder by Latin "
                "letters, digits, _ and - alone."
            )
    facts = {"minutes": minutes, "language": language, "python": python, "version": __version__}
    extras, packages = needs_of(exercises)
    named = "".join(f" {package}" for package in packages)
    head = HEAD.format(extras=extras, packages=named, **facts)
    return head + "".join(STEP.format(exercise=each.name) for each in exercises)
