"""The host from the server's side. Tests that kill a host bring their own."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from weftwork.compiler.document import NetworkCell
from weftwork.compiler.specs import TensorSpec
from weftwork.runtime import host as host_module
from weftwork.runtime.host import Host, TaskFailed
from weftwork.runtime.process_identity import process_start
from weftwork.runtime.run_directory import ENDED, RunDirectory

from .small_notebooks import chain, node, notebook

pytestmark = pytest.mark.keras


def own_child():
    """The process of the one host that this process has started and that has children: the shape service is one."""
    hosts = [child for child in psutil.Process().children() if "weftwork.runtime.host_main" in child.cmdline()]
    return next(host for host in hosts if host.children())


def wait_until(claim, patience=120):
    end = time.monotonic() + patience
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


def test_server_side_imports_no_tensorflow():
    code = (
        "import sys, weftwork.runtime.host as h; host = h.Host(); host.start(); host.oracle(); host.close();"
        "print([m for m in ('tensorflow', 'keras', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


def test_host_that_was_not_started_refuses_with_the_reason():
    with pytest.raises(TaskFailed, match="not started"):
        Host().call("weftwork.runtime.failure:one_line", {}, timeout=1)


def test_oracle_gives_what_keras_says(host):
    network = chain(node("Input", shape=[8]), node("Dense", units=3), node("Output"))
    shapes = host.oracle().infer(network)
    assert shapes["n1"].outputs == {"output": TensorSpec((None, 3), "float32")}
    assert (shapes["n1"].parameters, shapes["n1"].trainable) == (27, 27)
    assert host.oracle() is host.oracle()


def test_refused_layer_is_an_answer_and_no_failure(host):
    network = chain(node("Input", shape=[8]), node("Conv2D", filters=1, kernel_size=3), node("Output"))
    shapes = host.oracle().infer(network)
    assert shapes["n1"].refused
    assert host.oracle().infer(NetworkCell(id="network_2", name="empty")) == {}


def test_many_threads_may_ask_at_once(host):
    answers = {}

    def ask(units):
        network = chain(node("Input", shape=[8]), node("Dense", units=units), node("Output"))
        answers[units] = host.oracle().infer(network)["n1"].parameters

    threads = [threading.Thread(target=ask, args=(units,)) for units in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == {units: 9 * units for units in range(1, 9)}


def test_call_gives_the_function_s_result(host):
    assert host.call("weftwork.runtime.process_identity:process_start", {"pid": os.getpid()}) == process_start(
        os.getpid()
    )


def test_call_runs_in_a_process_of_its_own(host):
    first, second = (host.call("weftwork.runtime.process_identity:this_process", {})[0] for _ in range(2))
    assert len({first, second, os.getpid()}) == 3


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("weftwork.runtime.evaluate:nowhere", {}, "nowhere"),
        ("os:system", {"command": "true"}, "no task of Weftwork"),
        ("weftwork.runtime.metrics_file:read_metrics", {"path": "x", "columns": "two"}, "TypeError"),
        ("weftwork.runtime.link:linked_pair", {}, "gave something else than JSON"),
    ],
)
def test_failed_call_is_one_clear_line(function, arguments, message, host):
    with pytest.raises(TaskFailed, match=message) as failed:
        host.call(function, arguments)
    assert "\n" not in str(failed.value)


def test_call_over_its_time_is_ended(host, tmp_path):
    os.mkfifo(tmp_path / "never")
    with pytest.raises(TaskFailed, match=r"longer than 0\.5 s"):
        host.call("weftwork.runtime.events:read_lines", {"path": str(tmp_path / "never")}, timeout=0.5)


def test_call_over_its_memory_fails_with_advice(host):
    with pytest.raises(TaskFailed, match="memory did not suffice"):
        host.call("weftwork.runtime.batches:epoch_order", {"seed": 0, "epoch": 0, "rows": 10**9}, memory=500 * 2**20)


def test_call_whose_process_dies_says_so(host, tmp_path):
    os.mkfifo(tmp_path / "never")
    parent = own_child()
    before = set(parent.children())

    def kill():
        wait_until(lambda: set(parent.children()) - before)
        for child in set(parent.children()) - before:
            child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(TaskFailed, match="ended without an answer"):
        host.call("weftwork.runtime.events:read_lines", {"path": str(tmp_path / "never")}, timeout=100)
    killer.join()


def test_shape_service_that_dies_is_started_again(host):
    network = chain(node("Input", shape=[8]), node("Dense", units=3), node("Output"))
    host.oracle().infer(network)
    own = own_child()
    before = set(own.children())
    for child in before:
        child.kill()
    wait_until(lambda: set(own.children()) - before)
    assert host.oracle().infer(network)["n1"].parameters == 27


def test_runs_go_on_when_host_and_server_are_killed_and_the_host_comes_back(new_run, tmp_path):
    host = Host()
    host.start()
    assert host.wait_ready(120), host.message
    run = new_run(notebook(tmp_path, epochs=4000))  # goes on for longer than a host takes to start
    host.start_run(run)
    wait_until(lambda: len(run.metrics()))
    os.kill(host_pid(run), signal.SIGKILL)
    rows = len(run.metrics())
    wait_until(lambda: len(run.metrics()) > rows)
    # The host is started again by itself, and what is asked meanwhile is answered.
    wait_until(lambda: host.state == "starting")
    network = chain(node("Input", shape=[8]), node("Dense", units=3), node("Output"))
    assert host.oracle().infer(network)["n1"].parameters == 27
    host.close()
    assert (host.state, run.state()) == ("gone", "running")
    run.stop()
    assert run.wait() == "stopped"


def host_pid(run: RunDirectory) -> int:
    """The parent of a run's process."""
    with open(f"/proc/{run.info()['pid']}/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[1])


def test_run_started_before_the_host_is_ready_waits_and_runs(new_run, tmp_path):
    host = Host()
    host.start()
    assert host.state == "starting"
    run = new_run(notebook(tmp_path, epochs=1))
    host.start_run(run)
    assert run.state() == "queued"
    assert run.wait() in ENDED
    assert run.state() == "finished", run.message()
    host.close()
    np.testing.assert_array_equal(run.metrics()[:, 0], np.arange(1, 33))


def test_host_that_cannot_start_says_why_and_fails_what_waits(monkeypatch, new_run, tmp_path):
    spawn = host_module.spawn_linked
    monkeypatch.setattr(
        host_module, "spawn_linked", lambda module, log: spawn("weftwork.runtime.no_such_module", log=log)
    )
    host = Host()
    host.start()
    run = new_run(notebook(tmp_path, epochs=1))
    host.start_run(run)
    assert not host.wait_ready(120)
    wait_until(lambda: host.state == "gone")
    assert "no_such_module" in host.message
    wait_until(lambda: run.state() == "failed")
    assert "no_such_module" in run.message()
