"""Scripts as learners' editors write them."""

from __future__ import annotations

import ast
import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograder.submission
from autograder.errors import GradeFlowError, SubmissionError
from autograder.submission.reading import (
    MOST_SCRIPT,
    SUBMISSION_ERRORS,
    Submission,
    read_file,
    read_program,
)

CODE = "# 作者:王小明\ndef sigmoid(z):\n\treturn 1 / (1 + 2.718 ** -z)\n"


def script(data: bytes, name: str = "neuron.py") -> str:
    (part,) = read_program(Submission("ana", name, data, name), "neuron").parts
    assert part.label == name
    return part.source


def problem(data: bytes, name: str = "neuron.py") -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        script(data, name)
    assert set(caught.value.facts) == set(SUBMISSION_ERRORS[caught.value.key])
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_a_script_is_read_in_the_encodings_that_editors_write(encoding):
    assert script(CODE.encode(encoding)) == CODE


@pytest.mark.parametrize("encoding", ["gbk", "gb2312", "big5", "shift_jis"])
def test_a_coding_cookie_is_obeyed_even_behind_letters_of_that_encoding(encoding):
    text = f"# 王小明 -*- coding: {encoding} -*-\nname = '王'\n"
    assert script(text.encode(encoding)) == text


def test_a_latin_1_cookie_is_obeyed_where_the_bytes_could_be_chinese():
    text = "#!/usr/bin/python\n# coding: latin-1\nname = 'éé'\n"
    assert script(text.encode("latin-1")) == text


def test_western_letters_without_a_cookie_are_read():
    assert script("# José: café, déjà vu\nx = 1\n".encode("cp1252")).endswith("x = 1\n")


@pytest.mark.parametrize(
    "cookie", ["punycode", "unicode_escape", "utf-7", "rot13", "zlib", "no.such"]
)
def test_a_cookie_that_names_no_encoding_of_text_is_passed_over(cookie):
    text = f"# coding: {cookie}\nx = '\\u0041'\n"
    assert script(text.encode()) == text


def test_a_cookie_that_lies_does_not_make_a_script_unreadable():
    text = "# coding: utf-8\nname = '王'\n"
    assert script(text.encode("gbk")) == text


def test_a_mark_of_utf_8_before_other_bytes_does_not_make_a_script_unreadable():
    assert script(codecs.BOM_UTF8 + "x = '王'\n".encode("gbk")) == "x = '王'\n"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_windows_and_old_macs_become_unix_ones(end):
    assert script(CODE.replace("\n", end).encode()) == CODE


@pytest.mark.parametrize(
    "data", [b"", b"\n\r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, " \n".encode("utf-16")]
)
def test_a_file_without_a_character_is_empty(data):
    assert problem(data).key == "submission.empty"


@pytest.mark.parametrize("data", [b"\0" * 4096, b"x = 1\0\n", CODE.encode() + b"\0" * 9])
def test_nul_bytes_are_named(data):
    assert problem(data).key == "submission.nul"


def test_bytes_that_are_no_text_are_named():
    assert problem(b"\x01\x02\x81\x8d\xff\xfe\x03").key == "submission.encoding"


def test_a_script_over_the_limit_says_how_large_it_is():
    error = problem(b"x" * (MOST_SCRIPT + 1))
    assert error.key == "submission.too_large"
    assert error.facts["limit_mb"] == 2


def test_a_file_that_was_cut_while_reading_says_its_whole_size():
    cut = Submission("ana", "neuron.py", b"x" * (MOST_SCRIPT + 1), "neuron.py", size=3 * 2**30)
    with pytest.raises(SubmissionError) as caught:
        read_program(cut, "neuron")
    assert caught.value.facts["size_mb"] == 3072


def test_a_script_of_just_the_limit_is_read():
    assert len(script(b"x" * MOST_SCRIPT)) == MOST_SCRIPT


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", ">>>>>>> main", "<<<<<<<"])
def test_a_merge_conflict_names_its_line(marker):
    error = problem(f"x = 1\r\n{marker}\r\ny = 2\r\n".encode())
    assert (error.key, error.facts) == ("submission.conflict", {"label": "neuron.py", "line": 2})


@pytest.mark.parametrize(
    "text", ['"""Title\n=======\n"""\n', '"""\n<<<<<<< HEAD\n"""\n', "x = 1 <<5\n", "#<<<<<<< a\n"]
)
def test_what_only_looks_like_a_conflict_is_read(text):
    assert script(text.encode()) == text


def test_a_percent_script_stays_as_it_is():
    text = "# %% [markdown]\n# # Title?\n\n# %%\nx = 1\n"
    assert script(text.encode()) == text


def test_a_syntax_error_is_left_to_whoever_runs_the_script():
    assert script(b"def f(:\n    return\n") == "def f(:\n    return\n"


@pytest.mark.parametrize(
    ("name", "suffix"), [("neuron.py.txt", ".txt"), ("neuron.doc", ".doc"), ("a.RAR", ".rar")]
)
def test_another_suffix_is_named(name, suffix):
    error = problem(b"x = 1\n", name)
    assert (error.key, error.facts) == ("submission.wrong_suffix", {"suffix": suffix})


def test_a_suffix_in_capitals_is_the_same_suffix():
    assert script(b"x = 1\n", "NEURON.PY") == "x = 1\n"


def test_the_program_carries_its_module_and_what_is_forbidden():
    program = read_program(Submission("ana", "a.py", b"x = 1", "a.py"), "neuron", ("scipy",))
    assert (program.module, program.forbidden) == ("neuron", ("scipy",))


def test_a_submission_is_known_by_the_hash_of_its_bytes():
    assert Submission("ana", "a.py", b"x", "a.py").sha256.startswith("2d711642b726b044")


def test_a_file_that_a_user_names_is_read(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes(CODE.encode("gbk"))
    assert read_file(path, "neuron").parts[0].source == CODE


def test_a_missing_file_and_a_folder_say_what_is_wrong(tmp_path):
    for path, told in ((tmp_path / "no.py", "There is no file"), (tmp_path, "give a script")):
        with pytest.raises(GradeFlowError, match=told):
            read_file(path, "neuron")


def test_every_error_that_is_raised_is_in_the_closed_set_with_its_facts():
    folder = Path(autograder.submission.__file__).parent
    raised = {}
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SubmissionError":
                keys = [c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)]
                facts = tuple(keyword.arg for keyword in node.keywords)
                raised.update({key: facts for key in keys if "." in str(key)})
    # What keeps a file from being had is found with the file, and raised when it is to be read.
    found = {f"submission.{each}": ("reason",) for each in ("archive", "unreachable")}
    assert raised | found | {"submission.nul": (), "submission.nothing": ()} == SUBMISSION_ERRORS


def script_or_error(data: bytes) -> str | SubmissionError:
    try:
        return script(data)
    except SubmissionError as error:
        return error


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"# coding: gbk\n", codecs.BOM_UTF16_LE]))
def test_any_bytes_give_a_script_or_a_submission_error(data, head):
    outcome = script_or_error(head + data)
    if isinstance(outcome, SubmissionError):
        assert set(outcome.facts) == set(SUBMISSION_ERRORS[outcome.key])
    else:
        assert outcome.encode()  # can cross the wire
        assert "\r" not in outcome
