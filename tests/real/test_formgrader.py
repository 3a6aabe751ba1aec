"""nbgrader's extensions of JupyterLab, by mouse: formgrader's buttons, and a learner's Validate.

And what a learner sees of an exercise's figure there, before anything has run.

With GRADEFLOW_PICTURES=docs the pictures of docs/formgrader.md are taken anew.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbgrader_course as c
import pytest
from lab_server import browser_page, chromium, lab
from nbgrader_course import DOUBLE, NAME, SQUARE, TOTAL

pytestmark = pytest.mark.real

# A learner, their name, what they handed in, and the score that formgrader shall show.
CLASS = {
    "ada": ("Ada", "Moreau", {"double": DOUBLE, "total": TOTAL}, "6 / 6"),
    "ben": ("Ben", "Okafor", {"double": SQUARE, "total": TOTAL}, "2 / 6"),
    "chen": ("晓", "陈", {"double": "import os\nos._exit(0)", "total": TOTAL}, "2 / 6"),
    "dana": ("Dana", "Weiss", None, "0 / 6"),
}
OWN_EXCHANGE = """
c = get_config()
c.Exchange.root = {!r}
c.CourseDirectory.course_id = "nn"
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a class's submissions, none of them graded, and a learner's own folder."""
    chromium()  # no course is made for nothing
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(c.FILES, "tiny.py", c.with_figure())
        c.make_course(root)
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(OWN_EXCHANGE.format(str(exchange)))
    with c.opened(root) as book:
        for student, (first, last, answers, _) in CLASS.items():
            book.add_student(student, first_name=first, last_name=last)
            given = c.answered(c.released(root), **answers) if answers else "{broken"
            c.submit(root, student, given)
    shutil.copytree(root / "assignments", root / "learner")
    return root


@pytest.fixture(scope="module")
def desk(course, tmp_path_factory):
    """JupyterLab in Chromium, logged in by its token: the page, and the server's address."""
    with lab(course, tmp_path_factory.mktemp("home")) as server, browser_page() as page:
        page.goto(f"{server.address}login")
        page.fill("#password_input", server.token)
        page.click("#login_submit")
        page.locator(".jp-Launcher").wait_for()
        page.keyboard.press("Control+b")  # the files make room
        yield page, server.address


@pytest.fixture(scope="module")
def formgrader(desk):
    """Formgrader's page of an exercise's submissions, opened as a teacher opens it."""
    page, _ = desk
    page.click('.lm-MenuBar-itemLabel:text("Nbgrader")')
    page.click('[data-command="nbgrader:open-formgrader"]')
    frame = page.frame_locator("iframe[src*=formgrader]")
    frame.locator("tr", has_text=NAME).locator(".num-submissions a").click()
    frame.locator("td.autograde a").nth(len(CLASS) - 1).wait_for()
    assert shown(frame, "status") == dict.fromkeys(CLASS, "needs autograding")
    return frame


@pytest.fixture(scope="module")
def graded(formgrader):
    """The same page after Autograde has been pressed for everybody, and Feedback for one."""
    for student in CLASS:
        press(formgrader, "autograde", student)
    press(formgrader, "generate-feedback", "ben")
    return formgrader


def press(frame, button, student):
    row(frame, student).locator(f"td.{button} a").click()
    frame.locator(".modal-dialog").wait_for()
    said = frame.locator(".modal-dialog").inner_text()
    assert said.partition("Log Output")[0].split()[:2] == ["×", "Success"], said
    frame.locator(".modal-footer button").click()
    frame.locator(".modal-dialog").wait_for(state="detached")


def row(frame, student):
    return frame.locator(f'#main-table tr:has(td.student-id:text-is("{student}"))')


def shown(frame, column):
    """Read a column of the table of submissions, by learner."""
    return {name: row(frame, name).locator(f"td.{column}").inner_text() for name in CLASS}


def picture(page, name):
    """Take a picture for the documentation, when somebody wants one."""
    folder = os.environ.get("GRADEFLOW_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / name)


def test_autograde_runs_our_engine_and_the_page_shows_its_scores(graded, desk, course):
    assert shown(graded, "score") == {student: told[-1] for student, told in CLASS.items()}
    assert shown(graded, "status") == dict.fromkeys(CLASS, "graded")
    assert c.scores(course)["ben"] == {"double": 0.0, "total": 2.0}
    assert "ended the whole Python process" in json.dumps(c.autograded(course, "chen"))
    picture(desk[0], "formgrader.png")


def test_feedback_opens_in_jupyterlab_with_points_and_message(graded, desk):
    page, address = desk
    page.goto(f"{address}lab/tree/feedback/ben/{NAME}/tiny.html")
    told = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    told.get_by_text("0 of 4 points").scroll_into_view_if_needed()
    said = told.inner_text()
    for text in ("Score: 2.0 / 6.0", "2 of 2 points", "You squared instead of doubling."):
        assert text in said
    assert c.SECRET not in said
    picture(page, "formgrader-feedback.png")


def test_on_a_submissions_page_a_grade_can_be_given_and_no_script_of_a_learners_runs(
    graded, desk, course
):
    page, address = desk
    with c.opened(course) as book:
        there = book.find_submission_notebook("tiny", NAME, "ada").id
    page.goto(f"{address}formgrader/submissions/{there}/")
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert "nonce-" in policy
    score = page.locator("#check-total")
    page.wait_for_function("document.getElementById('check-total').placeholder == '2'")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        score.fill("1")
        score.press("Tab")
    with c.opened(course) as book:
        assert book.find_grade("check-total", "tiny", NAME, "ada").manual_score == 1.0
    # What would get past the sanitiser is stopped by the policy.
    page.evaluate(
        "text => document.querySelector('#notebook').insertAdjacentHTML('beforeend', text)",
        "<a id='bad' href=\"javascript:document.title='ran'\">x</a>"
        "<img src=x onerror=\"document.title='ran'\">",
    )
    page.locator("#bad").click()
    page.wait_for_timeout(300)
    assert page.title() != "ran"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (DOUBLE, ["Success! Your notebook passes all the tests."]),
        (SQUARE, ['check("double")', "You squared instead of doubling."]),
    ],
    ids=["right", "wrong"],  # the notebooks' names too
)
def test_the_validate_button_gives_a_true_answer(desk, course, answer, said, request):
    page, address = desk
    name = f"{request.node.callspec.id}.ipynb"
    notebook = c.answered(c.released(course), double=answer, total=TOTAL)
    (course / "learner" / NAME / name).write_text(json.dumps(notebook), encoding="utf-8")
    page.goto(f"{address}lab/tree/learner/{NAME}/{name}?reset")
    page.locator(".jp-NotebookPanel:visible .validate-button").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    told = dialog.inner_text()
    for text in said:
        assert text in told
    assert ("Success!" in told) == (answer == DOUBLE)
    assert 'check("total")' not in told
    dialog.get_by_text("Ok", exact=True).click()


def test_a_figure_is_shown_without_running_anything(desk):
    page, address = desk
    page.goto(f"{address}lab/tree/learner/{NAME}/tiny.ipynb?reset")
    shown = page.locator('.jp-MarkdownOutput:visible img[alt="A line that falls."]')
    shown.wait_for()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 960
