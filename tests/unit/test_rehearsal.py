"""What the fork server has done once, so that no inmate has to."""

from __future__ import annotations

import linecache
import signal
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no fork server there", allow_module_level=True)

from autograder.sandbox import rehearsal
from autograder.wire.codec import Answers, Ready, unpack
from autograder.wire.protocol import Loaded, Returned
from autograder.wire.values import Budget


def test_all_that_is_rehearsed_is_answered(monkeypatch):
    said = []
    monkeypatch.setattr(rehearsal._Played, "send", lambda _self, data, _until: said.append(data))
    rehearsal.rehearse()
    ready, loaded, *several = (unpack(each, Budget()) for each in said)
    assert isinstance(ready, Ready)
    assert isinstance(loaded, Loaded)
    assert not loaded.failures
    assert len(several) == rehearsal.TIMES
    for each in several:
        assert isinstance(each, Answers)
        assert all(isinstance(unpack(one, Budget()), Returned) for one in each.packed)
        assert len(each.packed) > 5


def test_nothing_of_a_rehearsal_is_left_to_be_seen():
    known, modules = set(linecache.cache), set(sys.modules)
    rehearsal.rehearse()
    assert set(linecache.cache) == known
    assert not {each for each in set(sys.modules) - modules if "rehearsal" in each}
    assert signal.getsignal(signal.SIGPROF) is signal.SIG_DFL
