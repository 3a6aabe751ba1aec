"""The texts of all exercises speak with one voice: docs/terms.md, held by small tables."""

import re
import tomllib
from pathlib import Path

import pytest

from autograder.authoring.source import read_source
from autograder.catalogue import load_exercise

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/exercise.toml"))
OTHERS = [
    ROOT / "autograder/messages/zh.toml",
    *sorted((ROOT / "autograder/authoring/templates").glob("*.tmpl")),
]

# The term of docs/terms.md, and what must not stand in its place.
BANNED = {
    "zh": {
        "轮次": r"轮(?!次)|(?<![\w`（\"])(?<!命名为 )epoch(?![\w`）\"])",
        "批次大小": "批大小|批量大小|批尺寸",
        "截断": "裁剪",
        "one-hot": "独热(?!）)",
        "前向传播": "前向计算|正向传播|向前传播",
        "反向传播": "反向计算|后向传播|逆传播",
        "权重": "权值",
        "偏置": "偏差项|偏置项|偏移量",
        "学习率": "学习速率|学习速度",
        "激活函数": "激励函数|活化函数",
        "损失": "代价函数|成本函数",
        "惩罚": "惩罚项",
        "隐藏层": "隐含层|隐层",
        "样本": "样例",
        "几率": "赔率",
        "真实类别": "正确类别",
        "构图": "追踪",
        "练习": r"[这上下]一节|本节|第 ?[\d一二三四五六七八九十]+ ?节",
        "你": "您",
        "本课": "我们|咱们",
    },
    "en": {
        "learnt": r"\blearned\b",
        "-ize": r"\b(penal|regular|standard|normal|initial)is(e|ed|es|ing|ation)\b",
        "colour, neighbour": r"\b(color|neighbor)",
        "back and forth": r"\bto and fro\b",
        "entry (of an array)": r"\belements?\b",
    },
}
TO_DO = {
    "en": "**What to do.** Replace each line `raise NotImplementedError(...)` by your own code. "
    "Then run `gradeflow check {name}`. If you are stuck, `gradeflow hint {task}` (or any other "
    "task) helps you one step further.",
    "zh": "**怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行 "
    "`gradeflow check {name}`。卡住的时候，`gradeflow hint {task}`（或者别的任务名）会给你下一步的"
    "提示。",
}
HEADING = {"en": r"## Tasks? (\d+)(?: and (\d+))?\. ", "zh": r"## 任务 (\d+)(?: 和 (\d+))?\. "}
EXAMPLE = {"en": r"\*\*Examples?\.\*\* ", "zh": r"\*\*例子。\*\* "}


def texts_below(table, language):
    """All texts of a language in a table of exercise.toml."""
    for key, value in table.items():
        if key == language:
            yield from [value] if isinstance(value, str) else value
        elif isinstance(value, dict):
            yield from texts_below(value, language)
        elif isinstance(value, list):
            for each in value:
                yield from texts_below(each, language) if isinstance(each, dict) else ()


def prose(folder, language):
    cells = read_source(load_exercise(folder).source)
    return [cell.text for cell in cells if cell.kind == "prose" and cell.language == language]


def words(folder, language):
    """The texts of an exercise, with code and formulas taken out of them."""
    manifest = tomllib.loads((folder / "exercise.toml").read_text(encoding="utf-8"))
    return [plain(text) for text in (*prose(folder, language), *texts_below(manifest, language))]


def plain(text):
    text = re.sub(r"```.*?```|\$\$.*?\$\$|^    .*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`", "`c`", text)
    text = re.sub(r"\$[^$]*\$", "$m$", text)
    text = re.sub(r"([\w.])(\([^()（）]*\)|\[[^][]*\])", r"\1", text, flags=re.ASCII)  # calls
    lines = (line.strip() for line in re.sub(r"[ ]*\|[ ]*", "\n", text).split("\n"))
    return "\n".join(lines)


def _chinese():
    for folder in FOLDERS:
        yield pytest.param(words(folder, "zh"), id=folder.name)
    for path in OTHERS:
        yield pytest.param([plain(path.read_text(encoding="utf-8"))], id=path.name)


CHINESE = list(_chinese())


def found(pattern, texts):
    for text in texts:
        for hit in re.finditer(pattern, text):
            yield text[max(0, hit.start() - 12) : hit.end() + 12]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", BANNED)
def test_one_thing_has_one_name(folder, language):
    said = words(folder, language)
    wrong = {term: list(found(bad, said)) for term, bad in BANNED[language].items()}
    assert {term: hits for term, hits in wrong.items() if hits} == {}


@pytest.mark.parametrize("texts", CHINESE)
def test_chinese_sentences_have_full_width_punctuation(texts):
    half = r"[一-鿿][,;:?!(]|[,;:?!)][一-鿿]|[一-鿿]\.(?!\S)"
    assert list(found(half, texts)) == []


@pytest.mark.parametrize("texts", CHINESE)
def test_one_space_stands_between_chinese_and_latin_code_or_formulas(texts):
    together = r"[一-鿿][A-Za-z0-9`$]|[A-Za-z0-9`$%][一-鿿]"
    assert list(found(together, texts)) == []


@pytest.mark.parametrize("texts", CHINESE)
def test_no_space_stands_between_chinese_characters_or_beside_full_width_punctuation(texts):
    apart = r"[一-鿿] +[一-鿿]|[，。：；？！（）“”、] | [，。：；？！（）”、]|\S  +\S"
    assert [hit for hit in found(apart, texts) if not re.search(r"[a-z]: \(|   ", hit)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", BANNED)
def test_no_star_of_an_emphasis_is_left_when_the_prose_is_drawn(folder, language):
    """``**…。**`` directly before a Chinese character stays two stars, for instance."""
    markdown = pytest.importorskip("markdown_it").MarkdownIt()
    for text in prose(folder, language):
        drawn = markdown.render(re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "m", text, flags=re.DOTALL))
        assert "*" not in re.sub(r"<code.*?</code>", "", drawn, flags=re.DOTALL)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_exercise_says_in_the_same_words_what_to_do(folder):
    exercise = load_exercise(folder)
    for language, wanted in TO_DO.items():
        (start,) = prose(folder, language)[:1]
        told = re.sub(r"\s", "", start)
        hinted = [wanted.format(name=folder.name, task=task.name) for task in exercise.tasks]
        assert any(re.sub(r"\s", "", text) in told for text in hinted), language


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", HEADING)
def test_every_task_has_a_heading_in_turn_and_an_example(folder, language):
    tasks = [task.name for task in load_exercise(folder).tasks]
    cells = [text for text in prose(folder, language) if re.match(HEADING[language], text)]
    numbers, named = [], []
    for text in cells:
        heading = text.split("\n", 1)[0]
        numbers += [int(each) for each in re.match(HEADING[language], text).groups() if each]
        named += [name for name in re.findall(r"`(\w+)`", heading) if name in tasks]
        assert re.search(EXAMPLE[language], text), heading
    assert numbers == list(range(1, len(tasks) + 1))
    assert named == tasks
