"""The documentation as a site: ``make docs``.

Sphinx, because it has a future as it has a past: it is kept by many, reads docstrings, follows
every link, and takes a warning for an error. Chinese pages lie in ``zh/``, each with the name of
its twin.
"""

import logging
import re
import sys
from pathlib import Path
from typing import Any

import jieba

sys.path.insert(0, str(Path(__file__).parents[1]))

import autograder
from autograder.messages import texts

project = "GradeFlow"
author = "The GradeFlow authors"
release = version = autograder.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_templates"]
smartquotes = False  # --option is two dashes

# ---- Markdown ----
myst_enable_extensions = ["substitution"]
myst_heading_anchors = 3
# What a page quotes of the tool's own words comes from its catalogue: {{ error_no_course }}.
PLACE = re.compile(r"{(\w+)}")
myst_substitutions = {
    key.replace(".", "_"): PLACE.sub(r"*\1*", text).replace("<", "&lt;")
    for key, text in texts("en").items()
    if key.startswith(("error.", "submission."))
}

# ---- the reference of checks, from the docstrings ----
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False
# The docstrings of this project list parameters and attributes as ``name: text``, a line each.
FIELD = re.compile(r"(?P<names>\w+(?:, \w+)*): (?P<text>.*)")

# ---- pages ----
html_theme = "furo"
html_title = "GradeFlow"
html_copy_source = False
html_show_sphinx = False
html_search_language = "zh"  # segments Chinese, and stems English as ever
jieba.setLogLevel(logging.WARNING)
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "languages.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
CHINESE = {f"zh/{path.stem}" for path in (Path(__file__).parent / "zh").glob("*.md")}


def as_fields(*given: Any) -> None:
    """Make fields of the lines ``name: text`` behind an empty line, and of those behind them."""
    lines: list[str] = given[-1]
    made: list[str] = []
    within, before = False, ""
    for line in lines:
        found = FIELD.fullmatch(line) if within or not before.strip() else None
        if found:
            within = True
            made.append(f":param {found['names']}: {found['text']}")
        else:
            within = within and bool(line.strip())
            made.append(f"    {line.strip()}" if within else line)
        before = line
    lines[:] = made


def with_twin(_app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Tell a page which one says the same in the other language, else its first page."""
    twin = page.removeprefix("zh/") if page.startswith("zh/") else f"zh/{page}"
    known = twin in CHINESE or not twin.startswith("zh/")
    context["twin"] = twin if known else "zh/index"
    context["chinese"] = page.startswith("zh/")


def setup(app: Any) -> None:
    """Read docstrings as they are written here, and pair the languages."""
    app.connect("autodoc-process-docstring", as_fields)
    app.connect("html-page-context", with_twin)
