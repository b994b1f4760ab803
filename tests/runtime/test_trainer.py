"""How runs are steered, and how they end; each in a process of its own, forked from one warm host."""

import os
import re
import signal
import time

import numpy as np
import pytest

from weftwork.compiler.document import Choice, Split
from weftwork.runtime.run_directory import ENDED, RunRefused

from .small_notebooks import chain, node, notebook

pytestmark = pytest.mark.keras


def wait_until(claim, patience=120):
    end = time.monotonic() + patience
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.002)


def start(host, run):
    host.start_run(run)
    wait_until(lambda: len(run.metrics()) or run.state() in ENDED)
    return run


def states(run):
    return [event["state"] for event in run.events()[0] if event["event"] == "state"]


def test_run_trains_from_its_own_snapshot_and_says_what_decided_its_bits(host, new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=9), epochs=2)
    host.start_run(run)
    assert run.wait() == "finished", run.message()
    info = run.info()
    assert (info["epochs"], info["steps_per_epoch"], info["step"]) == (2, 32, 64)
    assert (info["xla"], info["precision"], info["device"], info["seed"]) == (False, "float32", "CPU", 0)
    assert info["intra_op_threads"] >= 1
    assert set(info["versions"]) == {"python", "tensorflow", "keras"}
    assert info["plan"]["losses"]["n4"]["kind"] == "SparseCategoricalCrossentropy"
    assert len(info["data_fingerprint"]) > 10
    assert states(run) == ["building", "running", "finished"]
    assert len(run.metrics()) == 64
    assert set(run.epochs()[-1]["metrics"]) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert run.model_path.exists()
    assert not list(run.path.rglob("*.tmp*"))


def test_pause_holds_the_step_and_resume_goes_on(host, new_run, tmp_path):
    run = start(host, new_run(notebook(tmp_path, epochs=400)))
    run.pause()
    assert run.wait(("paused", *ENDED)) == "paused"
    step = run.metrics()[-1, 0]
    assert run.info()["step"] == step
    time.sleep(0.3)
    assert run.metrics()[-1, 0] == step
    host.resume_run(run)
    wait_until(lambda: run.metrics()[-1, 0] > step)
    run.stop()
    assert run.wait() == "stopped"
    assert states(run) == ["building", "running", "paused", "running", "stopped"]
    np.testing.assert_array_equal(run.metrics()[:, 0], np.arange(1, len(run.metrics()) + 1))


def test_pause_and_stop_are_heard_in_validation(host, new_run, tmp_path):
    book = notebook(tmp_path, rows=16_000, epochs=2, batch_size=1)
    data = book.cell("rows")
    run = new_run(book.with_cell(data.model_copy(update={"split": Split(validation=0.999)})))
    host.start_run(run)
    wait_until(lambda: run.info().get("steps_per_epoch") or run.state() in ENDED)
    steps = run.info()["steps_per_epoch"]
    wait_until(lambda: len(run.metrics()) == steps)
    run.pause()
    assert run.wait(("paused", *ENDED)) == "paused"
    run.stop()
    assert run.wait() == "stopped"
    assert (len(run.metrics()), run.epochs()) == (steps, [])
    host.resume_run(run)
    wait_until(lambda: run.epochs())
    run.stop()
    wait_until(lambda: run.state() in ENDED and run.info()["pid"])
    assert run.epochs()[0]["step"] == steps


def test_paused_run_can_be_stopped(host, new_run, tmp_path):
    run = start(host, new_run(notebook(tmp_path, epochs=400)))
    run.pause()
    run.wait(("paused",))
    run.stop()
    assert run.wait() == "stopped"
    assert run.model_path.exists()


def test_stop_while_it_waits_or_builds_ends_it_without_a_step(host, new_run, tmp_path):
    run = new_run(notebook(tmp_path, "lstm"))
    run.stop()
    host.start_run(run)
    assert run.wait() == "stopped"
    assert run.message() == "Stopped before the first step."
    assert len(run.metrics()) == 0


def test_polite_kill_is_a_stop(host, new_run, tmp_path):
    run = start(host, new_run(notebook(tmp_path, epochs=400)))
    os.kill(run.info()["pid"], signal.SIGTERM)
    assert run.wait() == "stopped"
    assert run.model_path.exists()


def test_killed_run_is_lost_and_keeps_its_rows(host, new_run, tmp_path):
    run = start(host, new_run(notebook(tmp_path, epochs=400)))
    os.kill(run.info()["pid"], signal.SIGKILL)
    assert run.wait() == "lost"
    assert run.info()["state"] == "running"
    assert len(run.metrics()) > 0


def test_commands_are_answered_with_the_step_at_which_they_took_effect(host, new_run, tmp_path):
    plain = Choice(kind="Adam", params={"learning_rate": 0.01})
    run = start(host, new_run(notebook(tmp_path, epochs=400, optimizer=plain)))
    asked = [
        run.command("checkpoint"),
        run.command("learning_rate", 0.002),
        run.command("learning_rate", "fast"),
        run.command("dance"),
    ]

    def answers():
        return {event["id"]: event for event in run.events()[0] if event["event"] == "command"}

    wait_until(lambda: len(answers()) == 4)
    told = [answers()[id_] for id_ in asked]
    assert [answer["accepted"] for answer in told] == [True, True, False, False]
    assert "'fast'" in told[2]["message"]
    assert "knows no command 'dance'" in told[3]["message"]
    at = told[1]["step"]
    wait_until(lambda: run.metrics()[-1, 0] > at)
    run.stop()
    run.wait()
    rates = run.metrics()[:, run.columns().index("learning_rate")]
    np.testing.assert_allclose(rates[:at], 0.01, rtol=1e-6)
    np.testing.assert_allclose(rates[at:], 0.002, rtol=1e-6)


def test_finished_run_is_not_resumed(host, new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=1))
    host.start_run(run)
    assert run.wait() == "finished"
    with pytest.raises(RunRefused, match="has finished"):
        host.resume_run(run)


def without_data(folder, book):
    (folder / "rows.npz").unlink()
    return book


def without_network(folder, book):
    return book.with_cell(book.cell("train").model_copy(update={"network": "gone"}))


def with_a_wrong_layer(folder, book):
    return book.with_cell(chain(node("Input", shape=[8]), node("Conv2D", filters=1, kernel_size=3), node("Output")))


@pytest.mark.parametrize(
    ("break_it", "message"),
    [(without_data, "rows.npz"), (without_network, "names no network"), (with_a_wrong_layer, "n1|Conv2D|conv")],
)
def test_run_that_cannot_be_built_fails_in_one_line(break_it, message, host, new_run, tmp_path):
    run = new_run(break_it(tmp_path, notebook(tmp_path)))
    host.start_run(run)
    assert run.wait() == "failed"
    assert re.search(message, run.message()), run.message()
    assert "\n" not in run.message()
    assert "Traceback" not in run.message()
    assert "Traceback" in run.log_path.read_text()
    assert [event["message"] for event in run.events()[0] if event["event"] == "problem"][-1] == run.message()
    assert run.info()["at"]["cell"]


def test_failed_run_can_be_resumed_when_its_cause_is_gone(host, new_run, tmp_path):
    book = notebook(tmp_path, epochs=1)
    run = new_run(book)
    data = (tmp_path / "rows.npz").read_bytes()
    (tmp_path / "rows.npz").unlink()
    host.start_run(run)
    assert run.wait() == "failed"
    (tmp_path / "rows.npz").write_bytes(data)
    host.resume_run(run)
    assert run.wait(("finished",), timeout=120) == "finished"


def test_data_that_changed_meanwhile_are_not_mixed_in(host, new_run, tmp_path):
    run = start(host, new_run(notebook(tmp_path, epochs=400)))
    run.stop()
    assert run.wait() == "stopped"
    notebook(tmp_path, rows=640)
    host.resume_run(run)
    assert run.wait(("failed",), timeout=120) == "failed"
    assert "data have changed" in run.message()
