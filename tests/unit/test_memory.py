"""Memory: how many jobs it is enough for, and that a class of any size takes the same."""

import tracemalloc

import pytest

from autograder.errors import GradeFlowError
from autograder.grading.memory import available, jobs_that_fit
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.grading.spool import Spool
from autograder.grading.store import ResultStore
from autograder.grading.stored import StoredResults
from autograder.model import Result, Score, to_json
from autograder.submission.discover import Wanted, discover

MIB = 2**20
RIGHT = "def double(z):\n    return 2 * z\ndef total(z):\n    return float(sum(z))\n"


@pytest.fixture
def machine(tmp_path):
    """A machine's files, by path, and what it says of the memory that is left."""

    def left(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return available(tmp_path / "proc", tmp_path / "cgroup")

    return left


MEMINFO = "MemTotal: 9000 kB\nMemFree: 10 kB\nMemAvailable:  4096 kB\n"


def test_without_control_groups_there_is_what_the_machine_says(machine):
    assert machine(proc__meminfo=MEMINFO) == 4 * MIB


def test_nobody_knows_where_the_system_does_not_say(machine):
    assert machine() is None


def test_the_narrowest_group_around_us_counts_and_cached_files_do_not(machine):
    room = machine(
        proc__meminfo=MEMINFO,
        proc__self__cgroup="0::/a/b\n",
        cgroup__a__b__memory_DOT_max="max\n",
        cgroup__a__b__memory_DOT_current="1\n",
        cgroup__a__memory_DOT_max=f"{3 * MIB}\n",
        cgroup__a__memory_DOT_current=f"{2 * MIB}\n",
        cgroup__a__memory_DOT_stat=f"anon 5\ninactive_file {MIB // 2}\n",
    )
    assert room == 3 * MIB // 2


def test_a_container_sees_its_own_group_at_the_root(machine):
    room = machine(
        proc__self__cgroup="4:cpu,memory:/docker/0123\n",
        cgroup__memory__memory_DOT_limit_in_bytes=str(2 * MIB),
        cgroup__memory__memory_DOT_usage_in_bytes=str(MIB),
    )
    assert room == MIB


def test_version_one_writes_a_great_number_for_no_limit(machine):
    room = machine(
        proc__meminfo=MEMINFO,
        proc__self__cgroup="4:memory:/\n",
        cgroup__memory__memory_DOT_limit_in_bytes="9223372036854771712",
        cgroup__memory__memory_DOT_usage_in_bytes=str(MIB),
    )
    assert room == 4 * MIB


def test_as_many_jobs_run_as_were_asked_for_where_there_is_room_or_nobody_knows():
    assert jobs_that_fit(4, "numpy", None) == (4, "")
    assert jobs_that_fit(4, "numpy", 2**40) == (4, "")


def test_fewer_jobs_run_where_the_memory_is_not_enough_and_it_is_said():
    jobs, told = jobs_that_fit(4, "tensorflow", 2000 * MIB)
    assert 1 <= jobs < 4
    assert "4 jobs take about" in told
    assert "2000 MiB" in told
    assert f"{jobs} job" in told


def test_one_job_runs_in_any_case_and_is_told_of_what_may_happen():
    jobs, told = jobs_that_fit(2, "tensorflow", 300 * MIB)
    assert jobs == 1
    assert "withheld, never lowered" in told


# ---- a class of any size ----


def test_entries_are_read_when_their_turn_comes(tiny_exercise, make_entry):
    made = []

    def entries():
        for n in range(12):
            made.append(n)
            yield make_entry(RIGHT, f"learner {n}")

    ahead = []
    with Pool(Setup(tiny_exercise().folder, "", "none"), 2) as pool:
        for done, _ in enumerate(pool.grade(entries()), 1):
            ahead.append(len(made) - done)
    assert len(ahead) == 12
    assert max(ahead) <= 4


def test_entries_that_wait_come_back_as_they_were_and_as_often_as_asked(make_entry):
    spool = Spool()
    entries = [make_entry(RIGHT * n, f"learner {n}") for n in range(1, 5)]
    for entry in entries:
        spool.add(entry)
    assert len(spool) == 4
    assert list(spool) == entries == list(spool)


@pytest.fixture
def stored(tmp_path):
    """Three results in a folder."""
    with ResultStore(tmp_path / "out") as store:
        for learner in "abc":
            result = Result("01_tiny", learner, "tiny.py", Score(6, 1.0))
            store.write(learner, to_json(result))
    return tmp_path / "out"


def test_stored_results_are_read_one_by_one(stored):
    results = StoredResults(stored, "01_tiny", ["a", "c"])
    assert len(results) == 2
    first = iter(results)
    assert next(first).learner == "a"
    (stored / "c.json").write_text("{")
    with pytest.raises(GradeFlowError, match=r"c\.json is damaged"):
        next(first)


def test_results_of_another_exercise_are_refused(stored):
    with pytest.raises(GradeFlowError, match="is a result of 01_tiny, not of 02_other"):
        list(StoredResults(stored, "02_other", ["a"]))


def test_what_a_class_has_handed_in_waits_on_the_disk(tmp_path):
    large = "double = 1\n# " + "x" * MIB
    for number in range(24):
        folder = tmp_path / f"learner{number:02d}"
        folder.mkdir()
        (folder / "tiny.py").write_text(large)
        (folder / "data.csv").write_text(large)
    tracemalloc.start()
    try:
        found = discover([tmp_path], Wanted("01_tiny", "tiny")).submissions
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        sizes = {len(each.data) + sum(len(data) for _, data in each.files) for each in found}
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == 24
    assert min(sizes) > MIB
    assert held < MIB
    assert most < 10 * MIB
    assert [each.learner for each in found[22:]] == ["learner22", "learner23"]


def test_what_finds_no_room_on_the_disk_is_told(tmp_path, monkeypatch):
    (tmp_path / "tiny.py").write_text("x = 1\n")

    class Full:
        def write(self, _data):
            raise OSError(28, "No space left on device")

        seek = close = flush = lambda *_: None

    monkeypatch.setattr("tempfile.TemporaryFile", Full)
    with pytest.raises(GradeFlowError, match=r"no room among the temporary files: .*No space"):
        discover([tmp_path / "tiny.py"], Wanted("01_tiny", "tiny"))
