"""Figures in prose: where they stand, what their code may do, and how they are drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from autograder.authoring.build import faults
from autograder.authoring.captions import in_notebook
from autograder.authoring.figures import STYLE, digest_in, draw_figures
from autograder.authoring.skeleton import new_exercise
from autograder.authoring.source import read_source
from autograder.authoring.stub import stub_of
from autograder.catalogue import Exercise, find_course, load_exercise
from autograder.errors import CourseError

LIST = 'exercises = []\n\n[title]\nen = "Small"\nzh = "小课程"\n'
CODE = """\
# %% figure="line"
def draw_line(fig):
    ax = fig.subplots()
    ax.plot(STARTS, ENDS)
    ax.set(xlabel="$x_1$")


# %%
STARTS = [0, 1]
ENDS = [1, 0]
OTHERS = [5, 5]


"""
SHOWN = {
    "en": "# ![A line that falls.](line.png)\n#\n# **Figure.** It falls from 1 to 0.\n",
    "zh": "# ![一条下降的线。](line.png)\n#\n# **图。** 它从 1 降到 0。\n",
}
TASK = '# %% task="weighted_sums"\n'


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """The skeleton with a figure at the end of its task's prose."""
    (tmp_path / "course.toml").write_text(LIST, encoding="utf-8")
    course = find_course(tmp_path)
    assert course is not None
    folder = new_exercise(course, "13_sums")
    made = load_exercise(folder)
    text = made.source.read_text(encoding="utf-8")
    last = {"en": "# $3 - 2 + 0.5 = 1.5$ and", "zh": "# 加权和是"}
    for language, beginning in last.items():
        line = next(each for each in text.splitlines() if each.startswith(beginning))
        text = text.replace(line, f"{line}\n#\n{SHOWN[language].rstrip()}")
    made.source.write_text(text.replace(TASK, f"{CODE}{TASK}"), encoding="utf-8")
    return made


def edit(exercise: Exercise, old: str, new: str) -> Exercise:
    text = exercise.source.read_text(encoding="utf-8")
    assert old in text
    exercise.source.write_text(text.replace(old, new, 1), encoding="utf-8")
    return exercise


def line_of(exercise: Exercise, text: str, nth: int = 1) -> int:
    lines = exercise.source.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line][nth - 1]


def drawn(exercise: Exercise) -> bytes:
    pictures = draw_figures(exercise, read_source(exercise.source))
    assert list(pictures) == ["line.png"]
    return pictures["line.png"]


# ---- where a figure stands ----


def test_a_figure_is_no_fault(exercise):
    assert [str(fault) for fault in faults(exercise)] == []


@pytest.mark.parametrize(
    ("language", "caption"),
    [("en", "**Figure (line.png).** It falls"), ("zh", "**图（line.png）。** 它从")],
)
def test_a_script_names_the_file_and_holds_neither_picture_nor_code(exercise, language, caption):
    stub = stub_of(exercise, language)
    assert caption in stub
    assert not [text for text in ("draw_line", "![", "subplots", "figure=") if text in stub]


def test_a_notebook_shows_the_picture_as_an_attachment():
    text = (
        "So.\n\n![A line\nthat falls.](line.png)\n\n**Figure.** It falls.\n\n![x](http://a.b/c.png)"
    )
    assert in_notebook(text) == text.replace("(line.png)", "(attachment:line.png)")


CASES = {
    # name: (old, new, text in the fault's line, which such line, words)
    "a cell that draws something else": (
        "def draw_line", "def draw_circle", "def draw_circle", 1, "must hold draw_line(fig) and"
    ),
    "a cell that does more than draw": (
        "def draw_line", "K = 1\ndef draw_line", "K = 1", 1, "must hold draw_line(fig) and"
    ),
    "a figure with a second cell": (
        "# %%\nSTARTS", '# %% figure="line"\ndef draw_line(fig):\n    pass\n\n\n# %%\nSTARTS',
        "def draw_line", 2, "has a second cell; the first is on line",
    ),
    "a name that is no file's": (
        'figure="line"', 'figure="A line"', "def draw_line", 1, "is no figure's name"
    ),
    "a task's cell that is a figure's": (
        TASK, '# %% task="weighted_sums" figure="line"\n', "def weighted", 1, "remove figure"
    ),
    "a picture that no cell draws": (
        "(line.png)", "(lime.png)", "![A line", 1, 'add `# %% figure="lime"`'
    ),
    "a figure that is not shown in Chinese": (
        SHOWN["zh"], "# 没有图。\n", "def draw_line", 1, 'is shown never in prose with lang="zh"'
    ),
    "a figure that is shown twice": (
        SHOWN["en"], f"{SHOWN['en']}#\n{SHOWN['en']}", "def draw_line", 1, "more than once"
    ),
    "a figure without alternative text": (
        "![A line that falls.]", "![ ]", "![ ]", 1, "without alternative text"
    ),
    "a figure without a caption": (
        "# **Figure.** It", "# It", "![A line", 1, "own, and `**Figure.** …`"
    ),
    "a caption in the other language": (
        "# **Figure.** It", "# **图。** It", "![A line", 1, "and `**Figure.** …` in the next"
    ),
    "a figure within a sentence": (
        "# ![A line", "# See ![A line", "![A line", 1, "stands in a line of its own"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_of_a_figure_is_told_with_its_line_and_its_remedy(exercise, case):
    old, new, text, nth, words = CASES[case]
    edit(exercise, old, new)
    told = [str(fault) for fault in faults(exercise)]
    place = f"{exercise.source}:{line_of(exercise, text, nth)}: "
    assert any(each.startswith(place) and words in each for each in told), told


# ---- what its code does ----


def test_a_figure_uses_what_the_source_defines_and_is_a_small_picture(exercise):
    picture = drawn(exercise)
    assert len(picture) < 12_000
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
        assert image.width <= 960


def test_a_picture_has_a_white_ground_of_its_own_for_dark_notebooks(exercise):
    with Image.open(io.BytesIO(drawn(exercise))) as image:
        assert "transparency" not in image.info
        assert image.convert("RGBA").getpixel((1, 1)) == (255, 255, 255, 255)


def test_the_settings_of_whoever_builds_do_not_show(exercise):
    import matplotlib

    before = drawn(exercise)
    with matplotlib.rc_context({"lines.linewidth": 9, "axes.facecolor": "black"}):
        assert drawn(exercise) == before
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_drawing_twice_gives_equal_bytes(exercise):
    assert drawn(exercise) == drawn(exercise)


FAILING = {
    # name: (old, new, text in the fault's line, words)
    "code that raises": (
        "ax.plot(STARTS",
        "ax.plot(MISSING",
        "MISSING",
        "(NameError: name 'MISSING'",
    ),
    "code that fails in matplotlib": ("ENDS)", "[1])", "ax.plot", "mend this line"),
    "nothing drawn": ("ax = fig.subplots()", "return", "def draw_line", "is empty: draw on fig"),
    "text that no font has": ('"$x_1$"', '"轴"', "def draw_line", "put words into the caption"),
    "too large a picture": (
        "ax.plot(STARTS, ENDS)",
        "import numpy; ax.imshow(numpy.random.default_rng(0).random((400, 900)))",
        "def draw_line",
        "draw less",
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_code_that_cannot_draw_is_told_with_its_line(exercise, case):
    old, new, text, words = FAILING[case]
    edit(exercise, old, new)
    with pytest.raises(CourseError) as caught:
        drawn(exercise)
    place = f"{exercise.source}:{line_of(exercise, text)}: "
    assert str(caught.value).startswith(place)
    assert words in str(caught.value)


def test_a_source_without_figures_is_not_run_for_them(exercise):
    cells = [cell for cell in read_source(exercise.source) if cell.figure is None]
    edit(exercise, "import numpy as np", "import numpy as np\n1 / 0")
    assert draw_figures(exercise, cells) == {}


# ---- what a picture says of itself ----


def test_a_picture_carries_a_digest_of_its_code_and_of_what_the_code_uses(exercise):
    before = digest_in(drawn(exercise))
    assert before is not None
    edit(exercise, "OTHERS = [5, 5]", "OTHERS = [5, 5]  # of the same cell")
    used = digest_in(drawn(exercise))
    edit(exercise, "np.dot(X, w) + b", "b + np.dot(X, w)")
    unused = digest_in(drawn(exercise))
    edit(exercise, "ax.plot(STARTS, ENDS)", "ax.plot(ENDS, STARTS)")
    assert before != used == unused != digest_in(drawn(exercise))


def test_another_style_makes_another_digest(exercise, monkeypatch):
    before = digest_in(drawn(exercise))
    monkeypatch.setitem(STYLE, "lines.linewidth", 3.0)
    assert digest_in(drawn(exercise)) != before


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_damaged_bytes_have_no_digest(data):
    assert digest_in(data) is None
