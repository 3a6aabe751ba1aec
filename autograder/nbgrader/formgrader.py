"""formgrader's page of a submission: a policy lets it run nbgrader's own scripts and no other."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import sys
from pathlib import Path
from typing import Any

from autograder.nbgrader.place import course_at

__all__ = ["seal_formgrader", "sealed"]

HANDLERS = "nbgrader.server_extensions.formgrader.handlers"
SCRIPT = re.compile(r"<script\b")
# What nbgrader's page does at a click on the eye beside a learner's name.
CLICKS = ("toggle_name(true);", "toggle_name(false);")


class _Sealing:
    """nbgrader's exporter, whose pages of our exercises get the policy."""

    def __init__(self, exporter: Any, exercises: tuple[str, ...]) -> None:
        self._exporter = exporter
        self._exercises = exercises

    def from_filename(self, filename: str, resources: Any) -> tuple[str, Any]:
        page, resources = self._exporter.from_filename(filename, resources=resources)
        ours = resources["assignment_id"] in self._exercises
        return (sealed(page) if ours else page), resources


def seal_formgrader() -> None:
    """Have formgrader, where this process is its server, write the policy into its pages."""
    handlers = sys.modules.get(HANDLERS)
    if handlers is not None:
        handlers.SubmissionHandler.exporter = property(_exporter)


def _exporter(handler: Any) -> Any:
    stock = handler.settings["nbgrader_exporter"]
    root = handler.coursedir.parent.config.get("GradeFlow", {}).get("course")
    return stock if root is None else _Sealing(stock, course_at(Path(root)).exercises)


def sealed(page: str) -> str:
    """Write a policy into a page that allows the scripts of its head, by a word made for it."""
    nonce = secrets.token_urlsafe(16)
    hashes = " ".join(f"'sha256-{_digest(click)}'" for click in CLICKS)
    policy = (
        # Scripts may load more of their own: MathJax does, and underscore compiles its templates.
        f"script-src 'nonce-{nonce}' 'strict-dynamic' 'unsafe-eval' 'unsafe-hashes' {hashes}; "
        "default-src 'self'; style-src 'self' 'unsafe-inline' https:; "
        "font-src 'self' data: https:; img-src 'self' data:; frame-src 'none'; "
        "object-src 'none'; base-uri 'none'; form-action 'none'"
    )
    top, body, rest = page.partition("<body")
    before, head, after = top.partition("<head>")
    after = SCRIPT.sub(f'<script nonce="{nonce}"', after)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return f"{before}{head}\n{meta}{after}{body}{rest}"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
