"""What a task's result looks like below a notebook's cell."""

import base64
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autograder.catalogue import load_exercise
from autograder.checks import line, panel, picture
from autograder.messages import has
from autograder.model import CheckResult, Diagnosis, Evidence, Result, Score, SourceLine, Verdict
from autograder.report.cell import task_html

ATTACK = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"' style='\x1b[31m\u202e"
ENEMY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>\"'&;/=! scriptimgonerrorsvg{}%#\x00\x1b\u202e", max_size=60),
    st.just(ATTACK),
)
TAGS = {"div", "b", "span", "pre", "details", "summary", "img"}
ATTRIBUTES = {"class", "lang", "style", "src", "alt"}
X = np.linspace(0, 1, 5)
DRAWN = picture(
    panel(line("target", X, X), line("learner", X, X), title="double", task="double"),
    panel(line("target", X, X), title="both"),
)


class Reader(HTMLParser):
    """What a browser would build: tags with attributes, texts, and whether tags are balanced."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def check(verdict=Verdict.FAILED, task="double", name="test_double_doubles", **fields):
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult(name, task, False, verdict, 2.0, points, **fields)


def differs(**fields):
    return Evidence(
        "differs", "double(1)", "1.0", "2.0", (0,), "1.0", "2.0", difference=1.0, wrong=1, size=3,
        **fields,
    )  # fmt: skip


def result(*checks, points=0.0, **fields):
    return Result("01_tiny", "", "notebook", Score(6.0, points), checks=checks, **fields)


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise()


def html(exercise, result, language="en", task="double", **fields):
    return task_html(
        exercise.task(task), result, exercise, language, points="3 of 4 points", **fields
    )


def pictures(page):
    addresses = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    return [base64.b64decode(address).decode() for address in addresses]


def said_by(text, kind):
    """A result in which a program has said a text wherever it can."""
    evidence = Evidence(
        kind, text, text, text, (0,), text, text, 1.0, 1, 3,
        (SourceLine(text, 1, text, text),), text,
        {"exception": text, "message": text, "category": text, "says": text},
    )  # fmt: skip
    checks = [check(evidence=evidence), check(name=text, evidence=differs(printed=text))]
    return result(*checks, notes=(Diagnosis("note.other_file", facts={"file": text}),))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(enemy=ENEMY, kind=st.sampled_from(["raised", "differs", "warning", "statement"]))
def test_whatever_a_program_says_the_tags_and_attributes_stay_the_same(exercise, enemy, kind):
    assume(enemy and not has(f"advice.{enemy}"))
    hostile, plain = (
        Reader(html(exercise, said_by(text, kind), tells_notes=True)) for text in (enemy, "word")
    )
    assert hostile.tags == plain.tags
    assert {tag for tag, _ in plain.tags} <= TAGS
    assert {name for _, attributes in plain.tags for name in attributes} <= ATTRIBUTES
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", hostile.text)


def test_an_attack_is_shown_as_the_text_that_it_is(exercise):
    evidence = Evidence("raised", call=ATTACK, facts={"exception": "E", "message": ATTACK})
    page = Reader(html(exercise, result(check(evidence=evidence))))
    assert page.text.count("<script>alert(1)</script>") == 2


def test_the_four_parts_the_diagnosis_and_the_points_stand_there(exercise):
    wrong = check(evidence=differs(), diagnosis=Diagnosis("T1", True))
    text = Reader(html(exercise, result(wrong), remark="A remark.")).text
    for said in (
        "3 of 4 points", "A remark.", "Twice as much", "double doubles", "double(1)", "1.0", "2.0",
        "First difference at index [0]", "What it looks like You squared instead of doubling.",
        "What is 2 times 3?",
    ):  # fmt: skip
        assert said in re.sub(r"\s+", " ", text)


def test_all_words_are_in_the_reader_s_language(exercise):
    page = html(exercise, result(check(evidence=differs()), plot=DRAWN), "zh")
    assert 'lang="zh-Hans"' in page
    for said in ("加倍", "应为", "得到", "2 乘 3 是多少", "提示"):
        assert said in page
    assert not re.search("wanted|hint|looks|next", Reader(page).text)
    assert "你的" in pictures(page)[0]


def test_a_second_failure_waits_behind_a_click_and_passed_checks_are_one_line(exercise):
    right = check(Verdict.PASSED, name="test_double_once")
    other = Evidence("raised", call="double(2)", facts={"exception": "KeyError", "message": "'x'"})
    wrong = [check(name="test_double_a", evidence=differs())]
    wrong += [check(name="test_double_b", evidence=other)]
    page = html(exercise, result(right, *wrong))
    open_, _, behind = page.partition("Why?")
    assert "double a" in open_
    assert (open_.count("double(1)"), behind.count("double(2)")) == (1, 1)


def test_checks_that_fail_in_the_same_way_wait_behind_one_line_with_their_number(exercise):
    wrong = [check(name=f"test_double_{n}", evidence=differs()) for n in "abc"]
    page = html(exercise, result(*wrong))
    open_, _, behind = page.partition("Other checks that fail in the same way: 2")
    assert "double a" in open_
    assert "double b" not in open_
    assert "double b" in behind
    assert behind.count("double(1)") == 2


def test_a_cell_begins_with_what_is_wrong_and_folds_what_passes(exercise):
    right = check(Verdict.PASSED, name="test_double_once")
    stopped = check(Verdict.ERROR, name="test_double_twice", evidence=Evidence("todo"))
    page = html(exercise, result(right, check(name="test_double_a", evidence=differs()), stopped))
    places = [page.index(title) for title in ("double twice", "double a", "What passes")]
    assert places == sorted(places)
    assert page.index("double once") > places[-1]


def test_a_picture_that_agrees_stands_small(exercise):
    small, large = (
        html(exercise, result(check(verdict, evidence=seen), plot=DRAWN))
        for verdict, seen in ((Verdict.PASSED, None), (Verdict.FAILED, differs()))
    )
    assert "width:26em" in small
    assert "width:26em" not in large


def test_of_a_task_that_is_right_only_points_and_picture_stay(exercise):
    page = html(exercise, result(check(Verdict.PASSED), points=2.0, plot=DRAWN))
    assert "doubles" not in page
    assert "hint" not in Reader(page).text.lower()
    assert len(pictures(page)) == 1


def test_a_picture_holds_the_task_s_panels_and_those_of_several_stand_with_the_last(exercise):
    right = [check(Verdict.PASSED), check(Verdict.PASSED, task="total", name="test_total")]
    (drawn,) = pictures(html(exercise, result(*right, plot=DRAWN)))
    assert ">double<" in drawn
    assert ">both<" not in drawn
    (last,) = pictures(html(exercise, result(*right, plot=DRAWN), task="total"))
    assert ">both<" in last


def test_of_what_is_not_written_yet_nothing_is_drawn(exercise):
    unwritten = check(Verdict.SKIPPED, evidence=Evidence("todo"))
    page = html(exercise, result(unwritten, plot=DRAWN))
    assert not pictures(page)
    assert "Not written yet." in page


def test_a_fault_of_ours_says_so_and_shows_no_check(exercise):
    page = html(exercise, result(check(evidence=differs()), points=None))
    assert "our fault, not yours" in page
    assert "double(1)" not in page


def test_hints_open_one_behind_the_other(exercise):
    manifest = exercise.folder / "exercise.toml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace('["What is 2 times 3?"]', '["One?", "Two?"]').replace(
        '["2 乘 3 是多少?"]', '["一?", "二?"]'
    )
    manifest.write_text(text, encoding="utf-8")
    page = html(load_exercise(exercise.folder), result(check(evidence=differs())))
    assert re.search(
        r"<summary[^>]*>Hints, one at a time</summary>.*One\?.*<details[^>]*>"
        r"<summary[^>]*>next hint</summary>.*Two\?.*</details>\s*</div>\s*</details>",
        page,
        re.DOTALL,
    )
