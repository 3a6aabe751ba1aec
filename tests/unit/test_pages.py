import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from autograder.insight import Alike, Group, Likeness, Overview, Row
from autograder.model import CheckResult, Diagnosis, Evidence, Result, Score, SourceLine, Verdict
from autograder.report import pages
from autograder.report.class_page import Extras, class_page
from autograder.report.course_page import Part, Standing, course_page
from autograder.report.gathering import gather
from autograder.report.history import Change, History
from autograder.report.learner import learner_page
from autograder.report.pages import write_page

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> \u202e\x1b[31m {{ 7 * 7 }}"
SECRET = "0.731059"
VOID = {"meta", "input", "img", "br"}


class Reader(HTMLParser):
    """What a browser would build: tags with attributes, texts, and whether tags are balanced."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + " "

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def check(verdict=Verdict.FAILED, hidden=False, task="double", **fields):
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult("test_double_doubles", task, hidden, verdict, 2.0, points, **fields)


def result(*checks, points=0.0, **fields):
    named = {"learner": "ann", "file": "tiny.py", **fields}
    return Result("01_tiny", score=Score(6.0, points), checks=checks, **named)


def hostile():
    evidence = Evidence(
        "raised",
        call=ATTACK,
        got=ATTACK,
        wanted=ATTACK,
        printed=ATTACK,
        lines=(SourceLine(ATTACK, 1, ATTACK, ATTACK),),
        facts={"exception": ATTACK, "message": ATTACK},
    )
    checks = [check(evidence=evidence), check(evidence=evidence, task="total")]
    return result(*checks, load=(evidence,), learner=ATTACK, file=ATTACK)


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise()


def hostile_report(exercise, *, anonymous=False):
    change = Change(ATTACK, 1.0, None, True, True, (ATTACK,))
    history = History("2026-11-20T10:00:00", 1, 0, (change,))
    line = SourceLine(ATTACK, 1, ATTACK, ATTACK)
    evidence = Evidence("raised", call=ATTACK, got=ATTACK, facts={"exception": ATTACK})
    group = Group(
        *(1, "key", "double", (ATTACK,) * 2, "", "T1", "", (("total", (ATTACK,)),), (ATTACK,)),
        *((line,), ATTACK, True, evidence, (ATTACK,)),
    )
    alike = Alike((ATTACK,) * 2, ATTACK, ATTACK, 0.9, 40, 2, (Row(line, line, True),))
    seen = Overview((group,), 2, 2, 2, 0), Likeness((alike,), 2, ())
    gathered = gather(exercise, [hostile(), result(learner=ATTACK, problem=Evidence(ATTACK))])
    return class_page(gathered, exercise, "en", Extras(history, (), {}, *seen), anonymous=anonymous)


def hostile_course(exercise):
    part = Part(exercise, gather(exercise, [hostile()]))
    standing = Standing(ATTACK, ATTACK, ((ATTACK, ATTACK),), "100 %")
    return course_page(ATTACK, [part], [standing], [ATTACK], "en")


@pytest.fixture(params=["learner", "class", "course"])
def hostile_page(request, exercise):
    if request.param == "learner":
        return learner_page(hostile(), exercise, "en", pictures={"en": f"<svg>{ATTACK}</svg>"})
    return hostile_report(exercise) if request.param == "class" else hostile_course(exercise)


def test_nothing_a_learner_wrote_becomes_a_tag_or_an_attribute(hostile_page):
    page = Reader(hostile_page)
    assert not page.attributes("script")
    names = {name for _, attributes in page.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"style", "href"}
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in
               page.attributes("img"))  # fmt: skip
    assert "<script>alert(1)</script>" in page.text  # shown as the text it is
    assert "{{ 7 * 7 }}" in page.text


def test_an_anonymous_report_says_nothing_that_a_learner_has_chosen(exercise):
    page = Reader(hostile_report(exercise, anonymous=True))
    assert "7 * 7" not in page.text
    assert "alert" not in page.text


def test_no_control_character_and_no_mark_of_direction_is_left(hostile_page):
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", hostile_page)


def test_the_policy_allows_the_pages_own_style_sheet_and_nothing_else(hostile_page):
    page = Reader(hostile_page)
    policy = next(meta["content"] for meta in page.attributes("meta") if "http-equiv" in meta)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    style = re.search(r"<style>(.*?)</style>", hostile_page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy


def test_a_page_holds_both_languages_and_shows_the_chosen_one(exercise):
    page = Reader(learner_page(result(check()), exercise, "zh"))
    assert [part["lang"] for part in page.attributes("main")] == ["en", "zh"]
    chosen = [button["id"] for button in page.attributes("input") if "checked" in button]
    assert chosen == ["pick-2"]
    assert "加倍" in page.text
    assert "Twice as much" in page.text


def test_points_values_advice_and_hints_are_on_the_page(exercise):
    evidence = Evidence(
        "differs", "double(1)", "1.0", "2.0", (0,), "1.0", "2.0", difference=1.0, wrong=1, size=3
    )
    wrong = check(evidence=evidence, diagnosis=Diagnosis("T1", True))
    right = check(Verdict.PASSED, task="total")
    text = Reader(learner_page(result(wrong, right, points=2.0), exercise, "en")).text
    for said in (
        "2 of 6 points",
        "0 of 4",
        "double doubles",
        "double(1)",
        "First difference at index [0]: got 1.0, wanted 2.0.",
        "What it looks like",
        "You squared instead of doubling.",
        "What is 2 times 3?",
    ):
        assert said in text
    assert "Add them up." not in text  # no hint where nothing is to be done


def test_what_a_hidden_check_knows_is_not_on_the_page_whoever_makes_it(exercise):
    evidence = Evidence(
        "differs", f"double({SECRET})", SECRET, SECRET, (0,), SECRET, SECRET, difference=1.0,
        facts={"item": SECRET},
    )  # fmt: skip
    page = learner_page(result(check(hidden=True, evidence=evidence)), exercise, "en")
    assert SECRET not in page
    assert "doubles" not in page
    assert "Hidden check 1" in page


def test_a_withheld_score_shows_no_number_and_says_whose_fault_it_is(exercise):
    fault = Evidence("fault", facts={"error": "solutions/secret.py broke"})
    broken = result(check(Verdict.PASSED), check(Verdict.FAULT, evidence=fault), points=None)
    text = Reader(learner_page(broken, exercise, "en")).text
    assert "No score yet" in text
    assert "This is our fault, not yours" in text
    assert not re.search(r"\d of \d", text)


def test_a_file_that_cannot_be_read_says_why_and_lists_no_task(exercise):
    problem = Evidence("submission.not_json", facts={"line": 4})
    text = Reader(learner_page(result(problem=problem), exercise, "en")).text
    assert "damaged at line 4" in text
    assert "Twice as much" not in text


def test_a_task_that_was_not_written_says_so_once(exercise):
    todo = [check(Verdict.SKIPPED, evidence=Evidence("todo")) for _ in range(3)]
    text = Reader(learner_page(result(*todo), exercise, "en")).text
    assert text.count("Not written yet.") == 1


def test_a_page_is_written_whole_and_in_place_of_an_earlier_one(tmp_path):
    path = tmp_path / "new" / "王 芳.html"
    write_page(path, "one")
    write_page(path, "二")
    assert path.read_text(encoding="utf-8") == "二"
    assert list(path.parent.iterdir()) == [path]


def test_a_page_is_renewed_by_what_it_is_made_of_and_not_by_the_clock(tmp_path):
    path = tmp_path / "ann.html"
    assert not pages.is_made_of(path, b"result")
    pages.write_page(path, pages.made_of("<p>é</p>", b"result"))
    assert pages.is_made_of(path, b"result")
    assert not pages.is_made_of(path, b"another")
    path.write_bytes(path.read_bytes().replace(b"<p>", b"<b>"))
    assert not pages.is_made_of(path, b"result")
