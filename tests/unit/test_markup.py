"""A learner's prose on nbgrader's pages: what comes out as HTML runs nothing, and loses nothing."""

import base64
import json
import re

import pytest

pytest.importorskip("nbgrader")

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.nbgrader.markup import page_of
from autograder.nbgrader.sanitize import Blueprint, sanitize

PNG = b"\x89PNG\r\n\x1a\n"
HOSTILE = [
    "- [x](javascript:alert(1))\n- [y](JaVa&#x0a;script:alert(1))",
    "[x]: java\tscript:alert(1)\n\n[x]",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<img src=x onerror=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "> * <iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[x](/formgrader/submissions/1)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "`</code><script>alert(1)</script>`",
    "<div\n\n[x](javascript:alert(1))",
    "![x](http://example.org/who_reads_this.png)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_it_runs_or_calls_elsewhere(text):
    page = page_of(text).html
    assert not re.search(r"<(script|svg|style|iframe|object|form)|\son\w+=", page, re.IGNORECASE)
    links = re.findall(r'<[^>]*(?:href|src)="([^"]*)"', page)
    assert all(link.startswith("https://") for link in links)


@pytest.mark.parametrize("text", [*HOSTILE, "a\n\n- b\n\n      c\n\n$$\nx\n$$\n\n```\n\n[`]\n```"])
def test_nbconvert_shows_it_as_it_is(text):
    page = page_of(text).html
    markdown = MarkdownWithMath(renderer=IPythonRenderer(escape=False))
    assert markdown.render(page).strip() == page


def test_what_is_harmless_stays():
    page = page_of("# A\n\n**b** <sub>c</sub> [d](https://example.org)\n\n|e|\n|-|\n|f|").html
    for part in ("<h1>A</h1>", "<strong>b</strong>", "<sub>c</sub>", "<td>f</td>"):
        assert part in page
    assert 'href="https://example.org"' in page


def test_a_formula_is_drawn_by_the_browser_itself_and_a_broken_one_is_text():
    page = page_of("$\\frac{1}{2}$ and $\\frac{$").html
    assert "<mfrac>" in page
    assert "\\frac{" in page.replace("&#92;", "\\").replace("&#36;", "$")


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("image/png", PNG + b"x" * 1_700_000, "screenshot.png"),
        ("image/gif", b"GIF89a" + b"x" * 9, "moves.gif"),
        ("image/png", PNG, "Screenshot (1).png"),
    ],
)
def test_a_pasted_picture_is_shown(kind, data, name):
    coded = base64.b64encode(data).decode()
    page = page_of(f"![seen](<attachment:{name}>)", {name: {kind: coded}}).html
    assert f'src="data:{kind};base64,{coded}"' in page


def test_a_picture_that_is_missing_or_none_is_named():
    given = {"a.png": {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()}}
    page = page_of("![first](attachment:a.png) ![second](attachment:gone.png)", given).html
    assert page.count("<img alt=") == 2
    assert "data:" not in page


@pytest.mark.parametrize(
    "cell",
    [
        ("code", "\n" * 60_000 + "x = 1"),
        ("markdown", "\n" * 60_000),
        ("code", "def f():" + "\n " * 60_000),
        ("markdown", "![" * 200_000),
    ],
    ids=["blank code", "blank prose", "blank lines with blanks", "brackets"],
)
def test_a_notebook_is_put_in_order_in_proportion_to_its_size(cell):
    kind, source = cell
    cells = [{"cell_type": kind, "metadata": {}, "source": source, "outputs": []}]
    data = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()
    marks = {"grade_id": "double", "locked": False, "solution": True, "grade": False}
    stub = {"cell_type": "code", "id": "d", "metadata": {"nbgrader": marks}, "source": ""}
    made = sanitize(data, "t.ipynb", Blueprint({"double": stub}, {}), ["double"], "en", 2**21)
    assert len(made.cells) == 2


def test_long_code_is_shown_without_colours_whose_patterns_cost_its_square():
    cells = [{"cell_type": "code", "metadata": {}, "source": "(" * 5000, "outputs": []}]
    data = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()
    made = sanitize(data, "t.ipynb", Blueprint({}, {}), [], "en", 2**21)
    assert made.cells[0]["metadata"]["magics_language"] == "text"
