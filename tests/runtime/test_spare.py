"""The child that waits for the next run, warmed by a tiny one. The oracle is a child that was forked for its run."""

import json
import subprocess
import sys

import numpy as np
import psutil
import pytest

from weftwork.runtime.run_directory import create_run

from .small_notebooks import NETWORKS, notebook, two_outputs

pytestmark = pytest.mark.keras

# As the host does it: forks of a process that has imported everything and run nothing. A pair at a time.
_PAIRS_OF_CHILDREN = """
import os, sys
from weftwork.runtime.quiet_tensorflow import quiet_tensorflow
quiet_tensorflow()
from weftwork.runtime import host_main
host_main._import_all()

def child(path, warm):
    pid = os.fork()
    if pid == 0:
        from weftwork.runtime.machine import suits_a_warm_process, thread_choices
        from weftwork.runtime.run_directory import RunDirectory
        from weftwork.runtime.trainer import run_trainer
        from weftwork.runtime.warm_up import warm_up
        if warm:
            warm_up(next(n for n in thread_choices() if suits_a_warm_process(RunDirectory(path).info(), n)))
        os._exit(run_trainer(path))
    return pid

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

for warm, fresh in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    if any([ended(pid) for pid in (child(warm, True), child(fresh, False))]):
        sys.exit(f"{warm} or {fresh} failed")
"""


def outcome(run):
    """All that a run has computed: rows but for the time, and every variable of its last checkpoint by path."""
    last = max((run.path / "checkpoints").glob("step-*"))
    paths = json.loads((last / "state.json").read_text())["variables"]
    with np.load(last / "variables.npz") as stored:
        variables = [stored[str(number)] for number in range(len(paths))]
    return last.name, paths, variables, np.delete(run.metrics(), 2, axis=1)


def assert_same(one, other):
    assert one[:2] == other[:2]
    for ours, theirs in zip(one[2], other[2], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(one[3], other[3])


@pytest.mark.long
def test_warmed_child_computes_the_same_bits_as_a_fresh_one(new_run, tmp_path):
    runs = []
    for name in (*NETWORKS, "two outputs"):
        folder = tmp_path / name
        folder.mkdir()
        book = two_outputs(folder, epochs=2) if name == "two outputs" else notebook(folder, name, epochs=2)
        runs += [create_run(folder, book, "train", notebook_name="test.weft") for _ in range(2)]
    command = [sys.executable, "-c", _PAIRS_OF_CHILDREN, *(str(run.path) for run in runs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for warm, fresh in zip(runs[::2], runs[1::2], strict=True):
        assert_same(outcome(warm), outcome(fresh))


def test_next_run_takes_the_spare_child_and_the_one_after_gets_its_own(host, new_run, tmp_path):
    assert host.wait_warm(120)
    children = {child.pid for process in psutil.Process().children() for child in process.children()}
    book = notebook(tmp_path, epochs=1)
    runs = [new_run(book), new_run(book)]
    for run in runs:
        host.start_run(run)
    assert [run.wait() for run in runs] == ["finished", "finished"]
    assert [run.info()["pid"] in children for run in runs] == [True, False]
    assert_same(*map(outcome, runs))
    # Another is made ready for the run after these.
    assert host.wait_warm(120)


def test_run_with_another_number_of_threads_gets_its_own_child(host, new_run, tmp_path):
    assert host.wait_warm(120)
    children = {child.pid for process in psutil.Process().children() for child in process.children()}
    threads = psutil.cpu_count() + 1
    run = new_run(notebook(tmp_path, epochs=1), threads=threads)
    host.start_run(run)
    assert run.wait() == "finished"
    assert run.info()["pid"] not in children
    assert run.info()["intra_op_threads"] == threads
    assert host.warm


def test_stop_before_the_first_step_reaches_a_run_in_the_spare_child(host, new_run, tmp_path):
    assert host.wait_warm(120)
    run = new_run(notebook(tmp_path, epochs=400))
    run.stop()
    host.start_run(run)
    assert run.wait() == "stopped"
