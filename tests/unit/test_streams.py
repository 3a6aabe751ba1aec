"""What commands print where a stream does not know every character: they never end by it."""

from __future__ import annotations

import io
import json
import sys

import pytest
from rich.console import Console

from autograder.cli.streams import print_json, put, spell


@pytest.fixture
def printed(monkeypatch):
    """Have standard output be a file of a Windows of some country."""

    def begin(encoding):
        raw = io.BytesIO()
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, io.TextIOWrapper(raw, encoding, newline="\r\n"))
        return raw

    return begin


def flushed(raw):
    sys.stdout.flush()
    return raw.getvalue()


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "gbk", "ascii"])
def test_a_mark_that_a_stream_does_not_know_is_still_told_from_the_other(printed, encoding):
    raw = printed(encoding)
    spell()
    Console().print("✔ sigmoid\n✘ tanh")
    assert flushed(raw) == b"v sigmoid\r\nx tanh\r\n"


def test_a_stream_writes_what_it_knows_as_ever_and_a_question_mark_for_the_rest(printed):
    raw = printed("gbk")
    spell()
    print("神经元 ✔ ไทย z − 1")
    assert flushed(raw).decode("gbk") == "神经元 v ??? z - 1\r\n"


def test_json_is_utf_8_with_plain_ends_of_lines_in_every_stream(printed):
    raw = printed("cp1252")
    print("first")
    print_json({"learner": "安娜"})
    put(b"[]\n")
    text = flushed(raw)
    assert text.startswith(b"first\r\n{\n")
    assert json.loads(text.removeprefix(b"first\r\n").removesuffix(b"[]\n")) == {"learner": "安娜"}
