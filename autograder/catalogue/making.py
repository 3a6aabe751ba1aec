"""Starting a course: its ``course.toml``, with a salt that nobody else has."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.catalogue.course import MANIFEST_OF_COURSE
from autograder.catalogue.exercise import MANIFEST
from autograder.messages import LANGUAGES

__all__ = ["make_course"]

TEXT = """\
# Exercises that GradeFlow grades, in teaching order: solutions/ holds a folder for each.
exercises = {exercises}
# In which they are written; the first is meant where nobody has chosen one.
languages = {languages}
# Mixed into the random inputs of hidden checks; made for this course. Keep it from your learners.
salt = "{salt}"

[title]
{titles}
"""


def make_course(root: Path, languages: Sequence[str] = LANGUAGES) -> None:
    """Write the ``course.toml`` of a folder, with the exercises that lie in its ``solutions/``.

    Raises OSError when it cannot be written.
    """
    solutions = root / "solutions"
    folders = sorted(solutions.iterdir()) if solutions.is_dir() else []
    names = [folder.name for folder in folders if (folder / MANIFEST).is_file()]
    title = json.dumps(re.sub(r"[\x00-\x1f\x7f]", "", root.resolve().name), ensure_ascii=False)
    text = TEXT.format(
        exercises=json.dumps(names),
        languages=json.dumps(list(languages)),
        salt=secrets.token_hex(16),
        titles="\n".join(f"{language} = {title}" for language in languages),
    )
    write_atomically(root / MANIFEST_OF_COURSE, text.encode())
