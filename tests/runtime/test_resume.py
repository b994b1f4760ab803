"""Killed at any step and taken up again, a run ends with the very bits of one that nobody disturbed."""

import os
import random
import signal
import time

import numpy as np
import pytest

from weftwork.runtime.checkpoints import Checkpoints
from weftwork.runtime.run_directory import ENDED

from .small_notebooks import NETWORKS, notebook, two_outputs

pytestmark = pytest.mark.keras

NAMES = [*NETWORKS, "two outputs"]
EPOCHS = 4


def make(name, folder, **training):
    training = {"epochs": EPOCHS, **training}
    return two_outputs(folder, **training) if name == "two outputs" else notebook(folder, name, **training)


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
        assert run.state() not in ENDED, run.message()
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


def kill_after_checkpoint(host, run, step):
    """Kills the run some steps after a checkpoint asked for in the middle of an epoch; gives the checkpoint's step."""
    wait_for_step(run, step)
    id_ = run.command("checkpoint")
    end = time.monotonic() + 60
    while True:
        answers = [event for event in run.events()[0] if event.get("id") == id_]
        if answers or run.state() in ENDED or time.monotonic() > end:
            break
        time.sleep(0.001)
    kill(run)
    return answers[0]["step"]


@pytest.mark.parametrize("name", NAMES)
def test_killed_in_mid_epoch_and_resumed_is_bit_identical(name, host, new_run, tmp_path):
    book = make(name, tmp_path, options={}, epochs=60 if name == "dropout" else 30)
    whole, broken = new_run(book), new_run(book)
    host.start_run(broken)
    step = kill_after_checkpoint(host, broken, 40)
    assert step % 32, "not in the middle of an epoch"
    resume(host, broken)
    host.start_run(whole)
    broken.wait()
    whole.wait()
    assert_same(whole, broken)


def test_killed_before_the_first_checkpoint_of_an_epoch_starts_over_from_the_last(host, new_run, tmp_path):
    book = make("dropout", tmp_path, epochs=20)
    whole, broken = new_run(book), new_run(book)
    host.start_run(broken)
    wait_for_step(broken, 70)
    kill(broken)
    host.start_run(whole)
    resume(host, broken).wait()
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


def test_early_stopping_counts_on_after_a_resume(host, new_run, tmp_path):
    stopping = {"kind": "EarlyStopping", "params": {"monitor": "val_loss", "min_delta": 1.0, "patience": 9}}
    book = make("dropout", tmp_path, epochs=40, callbacks=(stopping,))
    broken = new_run(book)
    host.start_run(broken)
    wait_for_step(broken, 4 * 32 + 5)
    kill(broken)
    resume(host, broken).wait()
    assert broken.state() == "finished"
    assert [event["epoch"] for event in broken.epochs()] == list(range(1, 11))


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_killed_at_a_random_step_and_resumed_is_bit_identical(name, seed, host, new_run, tmp_path):
    chosen = random.Random(f"{name} {seed}")
    book = make(name, tmp_path, epochs=40)
    whole, broken = new_run(book), new_run(book)
    host.start_run(broken)
    kill_after_checkpoint(host, broken, chosen.randrange(1, 300))
    resume(host, broken)
    wait_for_step(broken, chosen.randrange(400, 800))
    kill(broken)
    host.start_run(whole)
    resume(host, broken).wait()
    whole.wait()
    assert_same(whole, broken)
