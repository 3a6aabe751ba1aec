"""A worker that is told to end unwinds once and is silent, whatever it was about."""

import os
import signal
import subprocess
import sys

import pytest

from autograder.grading.unwinding import until_told


@pytest.fixture(autouse=True)
def usual():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def tell():
    signal.raise_signal(signal.SIGTERM)


def test_what_runs_is_unwound():
    seen = []

    def run():
        try:
            seen.append("begun")
            tell()
            seen.append("went on")
        finally:
            seen.append("unwound")

    until_told(run)
    assert seen == ["begun", "unwound"]


def test_it_may_come_while_an_exception_is_handled():
    def run():
        try:
            raise BrokenPipeError
        except BrokenPipeError:
            tell()

    until_told(run)


def test_it_may_come_again_while_all_is_unwound():
    seen = []

    def run():
        try:
            tell()
        finally:
            tell()
            seen.append("closed")

    until_told(run)
    assert seen == ["closed"]


def test_it_means_nothing_when_all_is_over():
    until_told(lambda: None)
    tell()


def test_another_exception_is_no_end():
    with pytest.raises(ValueError, match="ours"):
        until_told(lambda: [][int("ours")])


REPORTING = """
import os, signal, sys
from multiprocessing.sharedctypes import RawArray
from pathlib import Path

from autograder.grading import worker
from autograder.grading.entry import Entry
from autograder.grading.orders import LONGEST_STAGE, Setup, pack
from autograder.grading.worker import work
from autograder.wire.protocol import Part, Program


class Hanging:
    # The parent hangs up and ends the worker while that reports, and ends it once more.

    def recv_bytes(self):
        return pack(Entry("ann", "tiny.py", Program("tiny", (Part("tiny.py", ""),))))

    def send_bytes(self, data):
        if len(data) > 100:
            try:
                raise BrokenPipeError
            finally:
                signal.raise_signal(signal.SIGTERM)


worker.FORKS = False  # nobody has forked this one
setup = Setup(Path(sys.argv[1]), "", "none")
work(Hanging(), setup, RawArray("c", LONGEST_STAGE), f"{os.getppid()}:kernel")
signal.raise_signal(signal.SIGTERM)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_worker_that_is_ended_while_it_reports_prints_nothing(tiny_exercise):
    command = [sys.executable, "-c", REPORTING, tiny_exercise().folder]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
