"""The documentation builds as a site, without a warning, and is whole in itself."""

import json
import re
import subprocess
import sys

import pytest

from tests.real.clean_environment import ROOT
from tests.real.installed import need

need("sphinx", "myst_parser", "furo")
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def text_of(site, page):
    return (site / page).read_text(encoding="utf-8")


def test_each_page_leads_to_its_twin_in_the_other_language(site):
    assert '<a href="zh/learner.html" lang="zh">' in text_of(site, "learner.html")
    assert '<a href="../learner.html" lang="en">' in text_of(site, "zh/learner.html")
    assert '<a href="zh/index.html" lang="zh">' in text_of(site, "design.html")


def test_both_languages_can_be_searched(site):
    index = text_of(site, "searchindex.js")
    assert '"misunderstand"' in index
    assert json.dumps("学习者") in index


def test_the_reference_of_checks_is_made_of_the_docstrings(site):
    page = text_of(site, "checks.html")
    assert "takes a list for a tuple" in page
    assert "Parameters" in page


def test_the_questions_quote_the_tool_s_own_words(site):
    page = text_of(site, "faq.html")
    assert "course.toml was looked for in this folder and above" in page
    assert "{{" not in page


def test_a_page_needs_nothing_of_another_server(site):
    loaded = re.compile(
        r"<(?:script|img|iframe)[^>]+src=\"(https?:[^\"]+)|<link[^>]+href=\"(https?:[^\"]+)"
    )
    assert [
        found for page in site.rglob("*.html") for found in loaded.findall(page.read_text())
    ] == []
