"""What behaves otherwise on Windows or macOS, and cannot be run here: held by how it is written."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

import autograder
from autograder.atomic import write_atomically

ROOT = Path(autograder.__file__).parent
TEXT = re.compile("[rwax][t+]*")
FROM_A_PROCESS = {"run", "Popen", "check_output"}


@functools.cache
def calls():
    return tuple(_calls())


def _calls():
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = f"{path.relative_to(ROOT.parent).as_posix()}:{node.lineno}"
                yield place, node, node.func.attr, {each.arg for each in node.keywords}


def test_whoever_writes_text_says_its_encoding_and_that_ends_of_lines_stay():
    lacking = [
        place
        for place, node, name, said in calls()
        if name in ("write_text", "read_text")
        and not {"encoding", *(["newline"] if name == "write_text" else [])} <= said
    ]
    assert lacking == []


def test_whoever_opens_a_file_as_text_says_its_encoding():
    lacking = [
        place
        for place, node, name, said in calls()
        if name == "open"
        and any(
            isinstance(mode, ast.Constant) and TEXT.fullmatch(str(mode.value)) for mode in node.args
        )
        and "encoding" not in said
    ]
    assert lacking == []


def test_whoever_reads_a_process_as_text_says_how_it_is_encoded_or_what_cannot_be_read():
    lacking = [
        place
        for place, node, name, said in calls()
        if name in FROM_A_PROCESS and "text" in said and not said & {"encoding", "errors"}
    ]
    assert lacking == []


def test_a_command_writes_no_json_through_a_stream_that_may_not_know_a_name():
    lacking = [
        place
        for place, node, name, said in calls()
        if ast.unparse(node.func) == "sys.stdout.write"
        and "/cli/" in place
        and "streams.py" not in place
    ]
    assert lacking == []


def test_a_file_that_is_open_elsewhere_is_replaced_once_it_is_let_go(tmp_path, monkeypatch):
    path = tmp_path / "result.json"
    path.write_bytes(b"old")
    plainly, refusals = Path.replace, iter([True, True])

    def refused(self, target):
        if next(refusals, False):
            raise PermissionError(13, "used by another process", str(target))
        return plainly(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_stays_open_elsewhere_stays_as_it_was_and_nothing_lies_beside_it(
    tmp_path, monkeypatch
):
    path = tmp_path / "result.json"
    path.write_bytes(b"old")

    def refused(self, target):
        raise PermissionError(13, "used by another process", str(target))

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr("autograder.atomic._SECONDS_BETWEEN_TRIES", 0)
    with pytest.raises(PermissionError):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
