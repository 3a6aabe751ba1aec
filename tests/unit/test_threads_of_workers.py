"""What workers share computes as what is judged does: with one thread, and its fair share."""

import os
import time

import pytest

from autograder.grading import nursery
from autograder.grading.nursery import Nursery
from autograder.sandbox.policy import ONE_THREAD


def test_workers_start_with_one_thread_for_numbers_as_submissions_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    own = Nursery("numpy", "none", ())
    try:
        with own.imports():
            inside = {name: os.environ.get(name) for name in ONE_THREAD}
    finally:
        own.close()

    assert inside == ONE_THREAD
    assert os.environ["OMP_NUM_THREADS"] == "8"
    assert "MKL_NUM_THREADS" not in os.environ


@pytest.mark.skipif(not nursery.FORKS, reason="only Linux forks its workers")
def test_what_imports_for_the_workers_has_the_share_of_a_session_of_its_own() -> None:
    own = Nursery("numpy", "none", ())
    try:
        own.begin()
        imports, by = nursery._server()._forkserver_pid, time.monotonic() + 20
        while os.getsid(imports) == os.getsid(0) and time.monotonic() < by:
            time.sleep(0.01)
        assert os.getsid(imports) == imports
    finally:
        own.close()
