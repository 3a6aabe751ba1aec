"""Each command that README and the guides show runs, in order, where the engine was installed.

A block ``sh`` is run line by line; a block of ``text`` shows what is for another machine, a network
or a person. A block with a caption is a file, and is written.
"""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.real.clean_environment import ROOT, built, environment, run
from tests.real.installed import need

need("hatchling", "jupytext", "nbgrader", "markdown_it")
pytestmark = pytest.mark.real

CAPTION = re.compile(r":caption: (\S+)\n")
# These say by their exit code that something is wrong in what they were given.
MAY_FAIL = {"gradeflow check": (0, 1), "pytest solutions/01_neuron": (0, 1)}
EXERCISES = ("01_neuron", "02_gates")
LEARNERS = "As a learner"


def blocks(page):
    """Return what a page has one do: the heading of the second rank, and what to write or run."""
    heading, found = "", []
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and token.tag == "h2":
            heading = following.content
        if token.type != "fence":
            continue
        caption = CAPTION.match(token.content)
        if caption:
            found.append((heading, caption[1], token.content[caption.end() :]))
        elif token.info.strip() == "sh":
            found += [(heading, None, line) for line in token.content.splitlines() if line.strip()]
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built("wheel", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def commands(tmp_path_factory, wheel):
    """The folder of the commands that a stranger has installed."""
    return environment(tmp_path_factory.mktemp("installed"), wheel)


@pytest.fixture(scope="module")
def made(tmp_path_factory, commands):
    """A course of two of the exercises, as an instructor has it, and what was handed in."""
    course = tmp_path_factory.mktemp("course")
    listed = (ROOT / "course.toml").read_text(encoding="utf-8")
    names = "".join(f'  "{name}",\n' for name in EXERCISES)
    listed = re.sub(r"exercises = \[\n.*?\]", f"exercises = [\n{names}]", listed, flags=re.DOTALL)
    (course / "course.toml").write_text(listed.replace("change-me", "a salt of our own"), "utf-8")
    for name in ("solutions", "assignments"):
        for exercise in EXERCISES:
            shutil.copytree(ROOT / name / exercise, course / name / exercise)
    shutil.copy(ROOT / "assignments" / "generated.json", course / "assignments")
    for learner in ("ann", "bob"):
        folder = course / "submitted" / learner
        folder.mkdir(parents=True)
        room = "solutions" if learner == "ann" else "assignments"
        shutil.copy(ROOT / room / "01_neuron" / "neuron.py", folder / "neuron.py")
    run(commands / "gradeflow", "build", cwd=course)
    run(commands / "gradeflow", "release", "--zip", "course.zip", cwd=course)
    return course


def follow(steps, folder, commands):
    """Write each file, and run each command as a shell would, where the ones before have led."""
    place, said = folder, ""
    path = f"{commands}:/usr/bin:/bin"
    for caption, text in steps:
        if caption:
            (place / caption).parent.mkdir(parents=True, exist_ok=True)
            (place / caption).write_text(text, encoding="utf-8")
            continue
        words = shlex.split(text, comments=True)
        if words[0] == "cd":
            place = place / words[1]
            continue
        fails = next((codes for known, codes in MAY_FAIL.items() if text.startswith(known)), (0,))
        said = run("/bin/sh", "-c", text, cwd=place, fails=fails, PATH=path)
    return said


def test_readme_leads_learner_instructor_and_author_through_their_first_minutes(
    commands, made, tmp_path
):
    found = blocks(ROOT / "README.md")
    learner, others = tmp_path / "learner", tmp_path / "course"
    learner.mkdir()
    shutil.copy(made / "course.zip", learner)
    shutil.copytree(made, others)
    for place, theirs in ((learner, True), (others, False)):
        steps = [(c, text) for heading, c, text in found if (heading == LEARNERS) is theirs]
        assert len(steps) > 4
        follow(steps, place, commands)
    assert (learner / "my-course" / "neuron.html").is_file()
    assert "ann" in (others / "marks.csv").read_text(encoding="utf-8")


def test_the_learner_s_guide_can_be_followed(commands, made, tmp_path):
    shutil.copy(made / "course.zip", tmp_path)
    steps = [(caption, text) for _, caption, text in blocks(ROOT / "docs" / "learner.md")]
    follow(steps, tmp_path, commands)
    assert (tmp_path / "my-course" / "neuron.html").is_file()


def test_the_instructor_s_guide_can_be_followed(commands, made, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(made, course)
    steps = [(caption, text) for _, caption, text in blocks(ROOT / "docs" / "instructor.md")]
    follow(steps, course, commands)
    assert (course / "marks.csv").is_file()
    assert len(list((course / "feedback").rglob("*.html"))) >= 2


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("README.md", "README.zh.md"),
        ("docs/learner.md", "docs/zh/learner.md"),
        ("docs/instructor.md", "docs/zh/instructor.md"),
    ],
)
def test_a_chinese_page_shows_no_command_that_its_twin_does_not(english, chinese):
    def shown(page):
        return [shlex.split(text, comments=True) for _, _, text in blocks(ROOT / page)]

    known = [["zh" if word == "en" else word for word in each] for each in shown(english)]
    theirs = shown(chinese)
    assert len(theirs) > 4
    assert [each for each in theirs if each not in known] == []


def test_the_author_s_guide_makes_an_exercise_that_is_proved(commands, tmp_path):
    steps = [(caption, text) for _, caption, text in blocks(ROOT / "docs" / "author.md")]
    said = follow(steps, tmp_path, commands)
    assert "proved" in said
    assert "not proved" not in said


def test_a_release_is_made_as_its_page_says(commands, made, wheel, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(made, course)
    shutil.copytree(wheel.parent, course / "dist")
    steps = [(caption, text) for _, caption, text in blocks(ROOT / "docs" / "release.md")]
    follow(steps, course, commands)


def test_no_block_of_a_page_is_of_a_kind_that_nobody_runs():
    pages = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md"]
    pages += sorted((ROOT / "docs").rglob("*.md"))
    unknown = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = re.findall(r"^ *```([^\n`]*)$", text, re.MULTILINE)
        kinds = {kind.strip() for kind in found[::2]}
        unknown += [
            (Path(page).name, kind)
            for kind in kinds - {"sh", "text", "python", "toml", "yaml"}
            if not kind.startswith("{")
        ]
    assert unknown == []
