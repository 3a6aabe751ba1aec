"""What judges computes as what is judged does: with one thread, whatever the machine has."""

import os

import pytest

from autograder.grading.nursery import Nursery
from autograder.sandbox.policy import ONE_THREAD


def test_workers_start_with_one_thread_for_numbers_as_submissions_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    nursery = Nursery("numpy", "none", ())
    try:
        with nursery.imports():
            inside = {name: os.environ.get(name) for name in ONE_THREAD}
    finally:
        nursery.close()

    assert inside == ONE_THREAD
    assert os.environ["OMP_NUM_THREADS"] == "8"
    assert "MKL_NUM_THREADS" not in os.environ
