"""Notebooks from Jupyter, Colab and VS Code, whole and damaged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.submission.reading import (
    MOST_SCRIPT,
    SUBMISSION_ERRORS,
    Submission,
    read_program,
)


def code(source, **metadata) -> dict:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def notebook(*cells, **more) -> bytes:
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(whole, indent=1, ensure_ascii=False).encode()


def read(data: bytes) -> list[tuple[str, str]]:
    program = read_program(Submission("ana", "neuron.ipynb", data, ""), "neuron")
    return [(part.label, part.source) for part in program.parts]


def problem(data: bytes) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        read(data)
    assert set(caught.value.facts) == set(SUBMISSION_ERRORS[caught.value.key])
    return caught.value


def test_each_code_cell_is_a_part():
    markdown = {"cell_type": "markdown", "metadata": {}, "source": "# x = 1"}
    raw = {"cell_type": "raw", "metadata": {}, "source": "y = 2"}
    data = notebook(markdown, code("a = 1"), raw, code(["b = 2\n", "c = 3"]))
    assert read(data) == [("cell 1", "a = 1"), ("cell 2", "b = 2\nc = 3")]


def test_cells_are_counted_as_run_all_counts_them():
    data = notebook(code("a = 1"), code(" \n"), code("%%bash\nls"), code("b = 2"))
    assert [label for label, _ in read(data)] == ["cell 1", "cell 2", "cell 3"]


def test_a_cell_comes_as_it_was_written():
    assert read(notebook(code("%%time\n!ls\nx?"))) == [("cell 1", "%%time\n!ls\nx?")]


def test_a_notebook_of_format_3_is_read():
    cell = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": []}
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}, {"cells": [cell]}]})
    assert read(data.encode()) == [("cell 1", "a = 1\nb = 2"), ("cell 2", "a = 1\nb = 2")]


@pytest.mark.parametrize(
    "metadata",
    [
        {"colab": {"base_uri": "x"}, "id": "8_aT", "cellView": "form"},
        {"vscode": {"languageId": "python"}, "tags": []},
        {"jupyter": {"source_hidden": True}, "collapsed": True},
        {"nbgrader": "no record"},
        {"nbgrader": {"grade": "yes", "locked": 1}},
    ],
)
def test_metadata_of_any_program_does_not_matter(metadata):
    assert read(notebook(code("a = 1", **metadata))) == [("cell 1", "a = 1")]


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "R"),
        ({"kernelspec": {"name": "ir", "display_name": "R"}}, "R"),
        ({"kernelspec": {"name": "julia-1.10"}, "language_info": {"name": "julia"}}, "julia"),
    ],
)
def test_a_notebook_of_another_language_is_named_by_it(metadata, language):
    data = json.dumps({"cells": [code("f <- function(x) x")], "metadata": metadata})
    with pytest.raises(SubmissionError) as caught:
        read(data.encode())
    assert caught.value.key == "submission.other_language"
    assert caught.value.facts == {"language": language}


def test_python_under_the_name_of_another_kernel_is_graded_as_what_it_is():
    metadata = {"kernelspec": {"name": "julia-1.10", "language": "julia"}}
    data = json.dumps({"cells": [code("def f(x):\n    return x")], "metadata": metadata})
    assert [label for label, _ in read(data.encode())] == ["cell 1"]


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"kernelspec": {"name": "my-env", "display_name": "course"}},
        {"kernelspec": {"name": "conda", "language": "python"}},
        {"kernelspec": {"name": "ir"}, "language_info": {"name": "python"}},
        {"kernelspec": {"name": "sagemath", "language": "sage"}},
        {"kernelspec": 3},
        {"kernelspec": {"language": "<b>\n" * 99}},
    ],
)
def test_a_notebook_that_may_be_python_is_read(metadata):
    data = json.dumps({"cells": [code("a = 1")], "metadata": metadata})
    assert read(data.encode()) == [("cell 1", "a = 1")]


def test_cells_with_the_same_id_are_both_read():
    cells = [{**code(f"a = {i}"), "id": "same"} for i in range(2)]
    assert read(notebook(*cells)) == [("cell 1", "a = 0"), ("cell 2", "a = 1")]


def test_what_was_typed_into_a_check_s_cell_is_the_learner_s_whatever_its_metadata_say():
    marks = {"grade_id": "x", "schema_version": 3, "grade": True, "locked": True, "points": 2}
    data = notebook(
        code('check("sigmoid")', nbgrader=marks),
        code('check("tanh")\ndef tanh(z): ...', nbgrader=marks),
        code("def relu(z): ...", nbgrader=marks),
    )
    assert [label for label, _ in read(data)] == ["cell 2", "cell 3"]


def test_solution_cells_of_nbgrader_are_code():
    marks = {"grade_id": "x", "schema_version": 3}
    data = notebook(
        code("import numpy", nbgrader={**marks, "grade": False, "locked": True, "solution": False}),
        code("def f(): ...", nbgrader={**marks, "grade": False, "locked": False, "solution": True}),
        code('check("f")', nbgrader={**marks, "grade": True, "locked": True, "points": 2}),
        code("def g(): ...", nbgrader={**marks, "grade": True, "locked": False, "solution": True}),
    )
    assert [label for label, _ in read(data)] == ["cell 1", "cell 2", "cell 4"]


@pytest.mark.parametrize(
    "source",
    [
        "check('sigmoid')",
        "# how am I doing?\ngradeflow.check('sigmoid');  # now\n",
        "from autograder.checks import check\n\ncheck()",
        "import gradeflow\ngradeflow.check('a')\ngradeflow.check('b')",
    ],
)
def test_a_cell_that_only_checks_is_left_to_the_engine(source):
    assert read(notebook(code("a = 1"), code(source))) == [("cell 1", "a = 1")]


@pytest.mark.parametrize(
    "source", ["check = 1", "x = check(1)", "def check(z):\n    return z\ncheck(1)"]
)
def test_a_cell_that_does_more_than_check_stays(source):
    assert read(notebook(code(source))) == [("cell 1", source)]


def test_line_ends_within_cells_become_unix_ones():
    assert read(notebook(code("a = 1\r\nb = 2\rc = 3"))) == [("cell 1", "a = 1\nb = 2\nc = 3")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_notebook_that_went_through_another_editor_is_read(encoding):
    data = notebook(code("名字 = 1")).decode().replace("\n", "\r\n").encode(encoding)
    assert read(data) == [("cell 1", "名字 = 1")]


def test_outputs_may_hold_what_is_no_strict_json():
    output = r'"outputs": [NaN, -Infinity, Infinity, "NaN \\ud83d \ud83d", "\ud83d\ude00"]'
    data = notebook(code("a = 'NaN'")).decode().replace('"outputs": []', output)
    assert read(data.encode()) == [("cell 1", "a = 'NaN'")]


def test_half_a_character_in_the_code_is_replaced():
    data = notebook(code("a = 1  # X")).replace(b"X", rb"\ud83d")
    assert read(data) == [("cell 1", "a = 1  # \ufffd")]


def test_a_number_of_many_digits_is_no_obstacle():
    data = notebook(code("a = 1"), metadata={"n": 0}).replace(b'"n": 0', b'"n": ' + b"9" * 9999)
    assert read(data) == [("cell 1", "a = 1")]


def test_the_last_of_two_equal_keys_counts_as_in_jupyter():
    data = b'{"cells": 5, "nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1"}]}'
    assert problem(data).key == "submission.not_notebook"
    data = b'{"cells": [{"cell_type": "code", "source": "a", "source": "b"}], "nbformat": 4}'
    assert read(data) == [("cell 1", "b")]


def test_a_conflict_that_breaks_the_json_names_its_line():
    lines = notebook(code("a = 1")).decode().split("\n")
    data = "\n".join([*lines[:3], "<<<<<<< HEAD", *lines[3:]]).encode()
    error = problem(data)
    assert (error.key, error.facts) == ("submission.conflict", {"label": "neuron.ipynb", "line": 4})


def test_what_is_no_json_names_the_line():
    error = problem(notebook(code("a = 1")).replace(b'"metadata"', b"oops", 1))
    assert (error.key, error.facts) == ("submission.not_json", {"line": 6})


def test_a_file_that_was_cut_short_names_its_last_line():
    data = b"\n".join(notebook(code("a = 1")).split(b"\n")[:8])
    error = problem(data)
    assert (error.key, error.facts) == ("submission.not_json", {"line": 8})


def test_a_web_page_that_was_saved_as_a_notebook_is_no_json():
    assert problem(b"<!DOCTYPE html>\n<html></html>").key == "submission.not_json"


@pytest.mark.parametrize(
    "data",
    [
        b"{}", b"[]", b"3", b'"cells"', b'{"cells": {}}', b'{"cells": [1]}', b'{"cells": [{}]}',
        b'{"cells": [{"cell_type": "code", "source": 5}]}', b'{"worksheets": [{}]}',
        b'{"name": "package", "version": "1.0"}',
    ],
)  # fmt: skip
def test_json_that_is_no_notebook_is_named(data):
    assert problem(data).key == "submission.not_notebook"


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_that_is_nested_without_end_is_no_notebook(opening):
    for place in (b'{"cells": ', b'{"metadata": ', b'{"cells": [{"cell_type": "code", "source": '):
        assert problem(place + opening * 200_000).key == "submission.not_notebook"


def test_a_notebook_without_code_says_so():
    for cells in ([], [code("")], [{"cell_type": "markdown", "source": "x"}], [code("check('a')")]):
        assert problem(notebook(*cells)).key == "submission.no_code_cells"


def test_an_empty_file_is_empty():
    assert problem(b"").key == "submission.empty"


def test_a_picture_in_the_outputs_does_not_make_a_notebook_too_large():
    cell = {**code("a = 1"), "outputs": [{"data": {"image/png": "A" * (2 * MOST_SCRIPT)}}]}
    assert read(notebook(cell)) == [("cell 1", "a = 1")]


def test_more_code_than_a_script_may_have_is_too_large():
    half = "x" * (MOST_SCRIPT // 2 + 1)
    assert problem(notebook(code(half), code(half))).key == "submission.too_large"
    pieces = b"[" + b'"x",' * MOST_SCRIPT + b'"x"]'
    assert problem(notebook(code("X")).replace(b'"X"', pieces)).key == "submission.too_large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "input", "metadata", "nbgrader"]
            ),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=12,
)
BYTES = st.binary(max_size=200)


def read_or_error(data: bytes) -> list[tuple[str, str]] | SubmissionError:
    try:
        return read(data)
    except SubmissionError as error:
        return error


@settings(max_examples=200, deadline=None)
@given(JSON.map(lambda value: json.dumps(value).encode("utf-8", "replace")) | BYTES, BYTES)
def test_any_bytes_give_a_notebook_or_a_submission_error(data, tail):
    for whole in (data, data[: len(data) // 2] + tail + data[len(data) // 2 :]):
        outcome = read_or_error(whole)
        if isinstance(outcome, SubmissionError):
            assert set(outcome.facts) == set(SUBMISSION_ERRORS[outcome.key])
        else:
            assert all(source.encode() for _, source in outcome)
