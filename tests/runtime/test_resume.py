"""Killed at any step and taken up again, a run ends with the very bits of one that nobody disturbed."""

import os
import random
import signal
import time

import numpy as np
import pytest

from weftwork.compiler.document import Choice
from weftwork.runtime.checkpoints import Checkpoints
from weftwork.runtime.run_directory import ENDED

from .small_notebooks import NETWORKS, notebook, two_outputs

pytestmark = pytest.mark.keras

# Each with an optimizer of its own; that of the last one follows a schedule, as everything does in small_notebooks.
OPTIMIZERS = {
    "dropout": Choice(kind="SGD", params={"learning_rate": 0.05, "momentum": 0.9}),
    "batch normalization": Choice(kind="RMSprop", params={"learning_rate": 0.005, "momentum": 0.5}),
    "lstm": Choice(kind="Adam", params={"learning_rate": 0.01}),
    "two outputs": Choice(kind="Nadam", params={"learning_rate": 0.005}),
    "Adam with schedule": None,
}
NAMES = list(OPTIMIZERS)
# 320 rows, a fifth of them for validation, in batches of 8.
STEPS = 32


def make(name, folder, **training):
    if OPTIMIZERS[name] is not None:
        training["optimizer"] = OPTIMIZERS[name]
    if name == "two outputs":
        return two_outputs(folder, **training)
    return notebook(folder, name if name in NETWORKS else "dropout", **training)


def outcome(run):
    """Every variable at the end of the run, and every row but its time."""
    assert run.state() == "finished", (run.message(), run.log_path.read_text()[-2000:])
    path = run.path / "checkpoints" / Checkpoints(run.path / "checkpoints").latest().name
    with np.load(path / "variables.npz") as stored:
        variables = [stored[name] for name in stored.files]
    return [*variables, np.delete(run.metrics(), 2, axis=1)]


def assert_same(run, other):
    for one, two in zip(outcome(run), outcome(other), strict=True):
        np.testing.assert_array_equal(one, two)
    metrics = [[event["metrics"] for event in each.epochs()] for each in (run, other)]
    assert metrics[0] == metrics[1]


def wait_for_step(run, step, patience=120):
    end = time.monotonic() + patience
    while len(run.metrics()) < step:
        assert run.state() not in (*ENDED, "lost") or len(run.metrics()) >= step, run.message()
        assert time.monotonic() < end, "the run does not move"
        time.sleep(0.001)


def kill(run):
    os.kill(run.info()["pid"], signal.SIGKILL)
    assert run.wait(timeout=60) == "lost"


def resume(host, run):
    before = run.info()["pid"]
    host.resume_run(run)
    end = time.monotonic() + 120
    while run.info()["pid"] == before and time.monotonic() < end:
        time.sleep(0.005)
    return run


def start_and_kill_in_mid_epoch(host, run, step):
    """Starts a run, and kills it some steps after a checkpoint that lies beyond `step` in the middle of an epoch.

    It goes on only for moments: a quick run would be over before a busy machine lets us look at it again."""
    run.pause()
    host.start_run(run)
    while True:
        assert run.wait(("paused", *ENDED), timeout=120) == "paused", run.message()
        at = run.info()["step"]
        if at >= step and at % STEPS:
            break
        run.resume()
        assert run.wait(("running", *ENDED), timeout=120) == "running", run.message()
        run.pause()
    run.resume()
    time.sleep(0.02)
    kill(run)
    assert any(event["event"] == "checkpoint" and event["step"] == at for event in run.events()[0])


# Dropout is stopped and resumed below; killed, it is in the long suite.
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.long) if n == "dropout" else n for n in NAMES])
def test_killed_in_mid_epoch_and_resumed_is_bit_identical(name, host, new_run, tmp_path):
    book = make(name, tmp_path, epochs=12 if name == "lstm" else 25)
    whole, broken = new_run(book), new_run(book, steps_per_execution=5)
    start_and_kill_in_mid_epoch(host, broken, 40)
    resume(host, broken)
    host.start_run(whole)
    broken.wait()
    whole.wait()
    assert_same(whole, broken)


def test_stopped_and_resumed_is_bit_identical(host, new_run, tmp_path):
    book = make("dropout", tmp_path, epochs=20)
    whole, broken = new_run(book), new_run(book)
    host.start_run(whole)
    host.start_run(broken)
    wait_for_step(broken, 50)
    broken.stop()
    assert broken.wait() == "stopped"
    assert broken.model_path.exists()
    resume(host, broken).wait()
    whole.wait()
    assert_same(whole, broken)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_killed_at_a_random_step_and_resumed_is_bit_identical(name, seed, host, new_run, tmp_path):
    chosen = random.Random(f"{name} {seed}")
    book = make(name, tmp_path, epochs=60 if name == "lstm" else 120)
    whole, broken = new_run(book), new_run(book, steps_per_execution=5)
    start_and_kill_in_mid_epoch(host, broken, chosen.randrange(1, 300))
    resume(host, broken)
    wait_for_step(broken, chosen.randrange(400, 800))
    kill(broken)
    host.start_run(whole)
    resume(host, broken).wait()
    whole.wait()
    assert_same(whole, broken)


def test_killed_after_settings_were_changed_ends_as_the_run_that_repeats_it(host, new_run, tmp_path):
    """The changes are made again by nobody: they stand in the checkpoint, and for the repetition in the events."""
    from weftwork.runtime.reproduce import reproduce

    run = new_run(notebook(tmp_path, epochs=25), steps_per_execution=5)
    run.pause()
    host.start_run(run)
    assert run.wait(("paused", *ENDED), timeout=120) == "paused", run.message()
    run.set("dropout", "rate", 0.6)
    run.set("optimizer", "learning_rate.initial_learning_rate", 0.005)
    run.resume()
    wait_for_step(run, 40)
    kill(run)
    resume(host, run)
    assert run.wait() == "finished", run.message()
    assert [change["value"] for change in run.changes()] == [0.6, 0.005]
    again = reproduce(run)
    assert again["matched"], again
    assert_same(run, type(run)(again["directory"]))
