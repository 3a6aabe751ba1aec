"""What the reference pages promise to name, they name."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

import autograder.checks
from autograder.catalogue import course, exercise
from autograder.messages import texts
from autograder.sandbox.policy import Limits

DOCS = Path(__file__).parents[2] / "docs"
IN_COMPOUNDS = {"error.between", "error.none"}  # a comma, and the word for nothing
# For those who write engines' tests, or types of a signature: not what a check is written with.
NOT_FOR_CHECKS = {"FIRST_SEEDS", "SEEDS", "difference", "show", "show_call"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("table", ["error", "submission"])
def test_the_questions_and_answers_quote_every_error_that_the_tool_prints(table):
    quoted = set(re.findall(r"{{ (\w+) }}", page("faq.md")))
    printed = {key for key in texts("en") if key.startswith(f"{table}.")} - IN_COMPOUNDS
    assert {key.replace(".", "_") for key in printed} - quoted == set()
    assert quoted <= {key.replace(".", "_") for key in texts("en")}


@pytest.mark.parametrize(
    "keys",
    [
        course._Manifest.__struct_fields__,
        exercise._Manifest.__struct_fields__,
        exercise.Task.__struct_fields__,
        exercise.Written.__struct_fields__,
        exercise.Misconception.__struct_fields__,
        tuple(field.name for field in dataclasses.fields(Limits)),
    ],
)
def test_the_page_of_the_manifests_names_every_key(keys):
    named = set(re.findall(r"^\| (.+?) \|", page("manifest.md"), re.MULTILINE))
    known = {name for cell in named for name in re.findall(r"`(\w+)`", cell)}
    assert set(keys) - known == set()


def test_the_defaults_of_the_limits_are_those_of_the_page():
    for field in dataclasses.fields(Limits):
        if field.name != "load":
            assert re.search(rf"\| `{field.name}` \| {field.default:g} \|", page("manifest.md"))


def test_the_reference_of_checks_has_everything_that_a_check_is_written_with():
    named = set(re.findall(r"auto(?:function|class|exception):: ([\w.]+)", page("checks.md")))
    named = {name.rpartition(".")[2] for name in named}
    assert set(autograder.checks.__all__) - named == NOT_FOR_CHECKS
    assert named - {"Function"} <= set(autograder.checks.__all__)
