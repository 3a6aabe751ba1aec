"""One right program in the shapes that learners hand it in: programs, systems, encodings."""

from __future__ import annotations

from collections.abc import Iterator

from tools.classroom import notebooks
from tools.classroom.made import Full, Made
from tools.classroom.material import Material

__all__ = ["make_shapes"]

CHINESE = "# 作业:请老师批改,谢谢!(第一题我想了很久)\n"


def make_shapes(material: Material) -> Iterator[Made]:
    """Make the right program in many shapes."""
    for learner, what, files in (
        *_encodings(material),
        *_scripts(material),
        *_notebooks(material),
        *_several_files(material),
    ):
        yield Made(learner, "right", what, files, Full())


Shape = tuple[str, str, dict[str, bytes]]


def _encodings(material: Material) -> Iterator[Shape]:
    name, text = material.name, material.script
    chinese = CHINESE + text
    yield "windows-crlf", "Windows line ends", {name: text.replace("\n", "\r\n").encode()}
    yield "utf8-bom", "UTF-8 with a byte order mark", {name: chinese.encode("utf-8-sig")}
    yield "utf16", "UTF-16, Notepad's “Unicode”", {name: chinese.encode("utf-16")}
    yield "李雷", "Chinese name and comments", {name: chinese.encode()}
    coded = "# -*- coding: gbk -*-\n" + chinese
    yield "韩梅梅-gbk", "GBK with its coding line", {name: coded.encode("gbk", "replace")}
    yield (
        "no-last-newline",
        "no line end at the end of the file",
        {name: text.rstrip("\n").encode()},
    )


def _scripts(material: Material) -> Iterator[Shape]:
    name, text = material.name, material.script
    yield "py-percent", "py:percent script with prose", {name: material.percent.encode()}
    main = '\n\nif __name__ == "__main__":\n    print("my own tries:", 1 + 1)\n'
    yield "main-block", "with a main block", {name: (text + main).encode()}
    noisy = text + '\n\nprint("=" * 40)\nprint("it works on my machine")\n'
    yield "prints", "prints at top level", {name: noisy.encode()}
    again = f"{material.exercise.module} (1).py"
    yield "downloaded-twice", "a browser's file name", {again: text.encode()}
    yield "王芳", "a Chinese file name", {"我的作业.py": (CHINESE + text).encode()}


def _notebooks(material: Material) -> Iterator[Shape]:
    name = f"{material.exercise.module}.ipynb"
    cells = notebooks.chunks(material.script)

    def shape(learner: str, what: str, made: object) -> Shape:
        return learner, what, {name: notebooks.to_bytes(made)}

    yield shape("jupyter", "a notebook, a cell a function", notebooks.notebook(cells))
    yield shape("one-cell", "a notebook of one cell", notebooks.notebook([material.script]))
    yield shape("vs-code", "a notebook from VS Code", notebooks.in_vs_code(cells))
    yield shape("colab", "a notebook from Colab, outputs kept", notebooks.in_colab(cells))
    magic = ["%matplotlib inline\n%load_ext autoreload", "!pip install numpy", *cells]
    magic += ["%%time\nprint(1 + 1)", "?print", "%%bash\nls -l", "files = !ls\nprint(files)"]
    yield shape("magics", "a notebook with magics and shell lines", notebooks.notebook(magic))
    prose = notebooks.notebook(cells)
    prose["cells"].insert(0, notebooks.prose_cell("# 我的作业\n\nSigmoid: $\\sigma(z)$", 900))
    prose["cells"].insert(2, notebooks.code_cell("", 901))
    yield shape("prose-cells", "a notebook with prose and an empty cell", prose)
    tried = notebooks.notebook([*cells, "x = 1\nx  # looks at a value", "help(print)"])
    yield shape("scratch-cells", "a notebook with scratch cells", tried)
    yield (
        "crlf-notebook",
        "a notebook with Windows line ends and a BOM",
        {
            name: b"\xef\xbb\xbf"
            + notebooks.to_bytes(notebooks.notebook(cells)).replace(b"\n", b"\r\n")
        },
    )


def _several_files(material: Material) -> Iterator[Shape]:
    module = material.exercise.module
    cells = notebooks.chunks(material.script)
    yield (
        "both-forms",
        "the same as script and as notebook",
        {
            f"{module}.py": material.script.encode(),
            f"{module}.ipynb": notebooks.to_bytes(notebooks.notebook(cells)),
        },
    )
    yield (
        "extra-files",
        "with a data file, a checkpoint and a picture beside it",
        {
            f"{module}.py": material.script.encode(),
            "notes.txt": "没有问题\n".encode(),
            "plot.png": b"\x89PNG\r\n\x1a\n",
            f".ipynb_checkpoints/{module}-checkpoint.ipynb": b"{}",
        },
    )
