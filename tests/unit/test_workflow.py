"""A workflow that runs the public checks, and the summary that it shows."""

import re

import msgspec
import pytest
import yaml
from test_pages import ATTACK, check, hostile, result

from autograder.errors import GradeFlowError
from autograder.export.workflow import workflow
from autograder.model import Evidence, Verdict
from autograder.report.markdown import summary_of


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise()


def test_each_exercise_is_a_step_that_is_tried_whatever_became_of_the_others(exercise):
    other = msgspec.structs.replace(
        exercise, name="02_more", framework="torch", packages=("pandas",)
    )
    made = yaml.safe_load(workflow([exercise, other], "zh"))
    job = made["jobs"]["checks"]
    steps = {step.get("name"): step for step in job["steps"]}
    assert steps["01_tiny"]["run"].startswith("gradeflow check 01_tiny --all --summary")
    assert "cancelled" in steps["02_more"]["if"]
    assert "[torch]" in steps["Install"]["run"]
    assert steps["Install"]["run"].count(" pandas") == 2
    assert made["permissions"] == {"contents": "read"}
    assert job["env"]["GRADEFLOW_LANGUAGE"] == "zh"


def test_a_name_that_a_shell_would_read_otherwise_is_refused(exercise):
    for name in ("01 tiny", "a;rm", "${{x}}", "练习"):
        with pytest.raises(GradeFlowError, match="cannot be named in a workflow"):
            workflow([msgspec.structs.replace(exercise, name=name)], "en")


def test_the_summary_tells_the_tasks_and_the_first_failing_call_of_each(exercise):
    evidence = Evidence("differs", "double(1)", "1.0", "2.0", (0,), "1.0", "2.0")
    text = summary_of(result(check(evidence=evidence), check(Verdict.PASSED, task="total")),
                      exercise, "en")  # fmt: skip
    assert "1 of 2 checks pass" in text
    assert "| ✅ | `total`" in text
    assert "```text\ncall    double(1)\n" in text


def test_nothing_that_a_program_says_is_more_than_text_in_a_summary(exercise):
    told = Evidence(
        "raised", got="```\n# heading\n````", facts={"exception": ATTACK, "message": "|"}
    )
    text = summary_of(result(check(evidence=told)), exercise, "en")
    outside = re.sub(r"(`{3,})text\n.*?\n\1", "", text, flags=re.S)
    assert not re.search(r"(?<!\\)<", outside)
    assert "# heading" not in outside
    assert "\x1b" not in text
    assert "\u202e" not in summary_of(hostile(), exercise, "en")


def test_a_summary_holds_nothing_of_a_hidden_check(exercise):
    secret = check(hidden=True, evidence=Evidence("differs", "double(0.731)", "0.731", "0.731"))
    assert "0.731" not in summary_of(result(secret), exercise, "en")
