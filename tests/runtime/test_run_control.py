"""Runs in the user's hand: single steps, settings changed on the way, budgets, forks, and what comes of bad rows."""

import json

import numpy as np
import pytest

from weftwork.compiler.document import Choice
from weftwork.runtime.batches import epoch_order
from weftwork.runtime.begin_from import fork_run
from weftwork.runtime.compare_runs import compare_runs
from weftwork.runtime.kept_checkpoints import kept_checkpoints, pin_checkpoint
from weftwork.runtime.reproduce import reproduce
from weftwork.runtime.run_directory import RunRefused
from weftwork.runtime.train_here import resume_here, train_here

from .driven import drive, go_on, step
from .small_notebooks import notebook
from .test_resume import assert_same

pytestmark = pytest.mark.keras

PLAIN = Choice(kind="Adam", params={"learning_rate": 0.01})


def rows(run):
    """All rows but their times."""
    return np.delete(run.metrics(), 2, axis=1)


def change(of, parameter, value):
    return lambda run: (run.set(of, parameter, value), run.step("batch"))


def commands(run):
    return [event for event in run.events()[0] if event["event"] == "command"]


def test_paused_run_steps_one_batch_or_to_the_end_of_the_epoch_and_pauses_again(new_run, tmp_path):
    book = notebook(tmp_path)
    run, whole = new_run(book), new_run(book)
    state, steps = drive(run, step("batch"), step("batch"), step("epoch"), step("epoch"), step("batch"), go_on)
    assert (state, steps) == ("finished", [1, 2, 3, 32, 64, 65])
    assert [event["step"] for event in commands(run)] == [1, 2, 3, 32, 64]
    assert train_here(whole) == "finished"
    assert_same(run, whole)


def test_step_is_refused_where_nothing_is_paused(new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=1))
    run.command("step", "batch")
    run.command("step", "week")
    assert train_here(run) == "finished"
    assert [event["accepted"] for event in commands(run)] == [False, False]
    assert "paused" in commands(run)[0]["message"]


def test_changed_settings_take_effect_at_their_step_and_are_repeated_bit_for_bit(new_run, tmp_path):
    run = new_run(notebook(tmp_path, optimizer=PLAIN))
    layer = "dropout"
    state, steps = drive(
        run,
        change("optimizer", "learning_rate", 0.002),
        step("epoch"),
        change(layer, "rate", 0.7),
        change("optimizer", "beta_1", 0.5),
        go_on,
    )
    assert (state, steps) == ("finished", [1, 2, 32, 33, 34])
    assert run.changes() == [
        {"of": "optimizer", "parameter": "learning_rate", "value": 0.002, "step": 1},
        {"of": layer, "parameter": "rate", "value": 0.7, "step": 32},
        {"of": "optimizer", "parameter": "beta_1", "value": 0.5, "step": 33},
    ]
    live = {(entry["of"], entry["parameter"]): entry["value"] for entry in run.info()["live"]}
    assert (live[layer, "rate"], live["optimizer", "beta_1"]) == (0.7, 0.5)
    rates = run.metrics()[:, run.columns().index("learning_rate")]
    np.testing.assert_allclose(rates, [0.01, *[0.002] * 95], rtol=1e-6)

    again = reproduce(run)
    assert again["matched"]
    assert (again["reproduces"], again["digests"][0]) == (run.id, again["digests"][1])
    repeated = type(run)(again["directory"])
    np.testing.assert_array_equal(rows(run), rows(repeated))
    assert repeated.changes() == run.changes()
    plain = new_run(notebook(tmp_path, optimizer=PLAIN))
    train_here(plain)
    assert plain.info()["weights_digest"] != run.info()["weights_digest"]


def test_changes_after_the_checkpoint_that_a_run_is_taken_up_from_are_made_again(new_run, tmp_path):
    """The newest checkpoints are lost, as in a crash of the disk: what was changed after the one before is done again
    at its own step."""
    book = notebook(tmp_path, optimizer=PLAIN)
    whole = new_run(book)
    broken = new_run(book, until=40)
    actions = [
        lambda run: (pin_checkpoint(run.path, 1), run.step("batch")),
        change("dropout", "rate", 0.6),
        change("optimizer", "learning_rate", 0.003),
    ]
    drive(whole, *actions, go_on)
    assert drive(broken, *actions, go_on)[0] == "stopped"
    kept = kept_checkpoints(broken.path)
    assert [checkpoint.step for checkpoint in kept] == [40, 32, 1]
    options = {name: value for name, value in broken.info()["options"].items() if name != "until"}
    (broken.path / "run.json").write_text(json.dumps({**broken.info(), "options": options}))
    for checkpoint in kept[:-1]:
        (checkpoint.path / "variables.npz").write_bytes(b"torn")
    assert resume_here(broken) == "finished"
    assert [event["step"] for event in broken.events()[0] if event["event"] == "resumed"] == [1]
    assert_same(whole, broken)


def test_fork_goes_on_from_a_checkpoint_with_the_same_bits_until_something_is_changed(new_run, tmp_path):
    book = notebook(tmp_path, optimizer=PLAIN)
    whole, parent = new_run(book), new_run(book)

    def pin(run):
        run.command("checkpoint", "pin")
        run.step("batch")

    assert drive(parent, step("batch"), pin, go_on)[0] == "finished"
    train_here(whole)
    assert [checkpoint.step for checkpoint in kept_checkpoints(parent.path) if checkpoint.pinned] == [2]

    same = fork_run(parent, 2)
    assert same.info()["parent"] == {"run": parent.id, "step": 2}
    assert len(same.metrics()) == 0 or same.metrics()[-1, 0] == 2
    assert train_here(same) == "finished"
    assert_same(whole, same)
    assert kept_checkpoints(same.path)[-1].step == 2

    other = fork_run(parent, 2, options={"epochs": 2}, changes=[("optimizer", "learning_rate", 0.0005)])
    assert train_here(other) == "finished"
    rates = other.metrics()[:, other.columns().index("learning_rate")]
    np.testing.assert_allclose(rates, [0.01, 0.01, *[0.0005] * 62], rtol=1e-6)
    assert reproduce(other)["matched"]

    compared = compare_runs(same, other)
    assert compared["settings"]["changed.optimizer.learning_rate"] == (None, "0.0005 from step 2")
    assert compared["settings"]["options.epochs"] == (None, 2)
    assert compared["same_weights"] is False
    assert compare_runs(whole, same)["same_weights"] is True


def test_finished_run_is_forked_for_more_epochs_as_if_it_had_had_them(new_run, tmp_path):
    book = notebook(tmp_path)
    short, long = new_run(book, epochs=1), new_run(book, epochs=3)
    train_here(short)
    train_here(long)
    with pytest.raises(RunRefused, match="needs more of them"):
        fork_run(short)
    with pytest.raises(RunRefused, match="no checkpoint of step 7; there are those of 32, 0"):
        fork_run(short, 7)
    fork = fork_run(short, options={"epochs": 3})
    assert train_here(fork) == "finished"
    assert_same(long, fork)


def test_pinned_checkpoint_is_kept(new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=1))
    drive(run, lambda run: (pin_checkpoint(run.path, 0), run.step("batch")), step("batch"), go_on)
    assert [(checkpoint.step, checkpoint.pinned) for checkpoint in kept_checkpoints(run.path)] == [
        (32, False),
        (3, False),
        (0, True),
    ]


def test_budget_of_steps_ends_the_run_there_with_its_validation(new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=9, options={"budget_steps": 40}))
    assert train_here(run) == "finished"
    assert run.message() == "Ended after step 40 of 288: its budget of 40 steps is used up."
    assert run.metrics()[:, 0].tolist() == list(range(1, 41))
    assert [event["step"] for event in run.epochs()] == [32, 40]
    assert "val_loss" in run.epochs()[-1]["metrics"]


def test_budget_of_seconds_ends_the_run_and_is_repeated_by_its_steps(new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=100_000), budget_seconds=0.5)
    assert train_here(run) == "finished"
    assert "its budget of 0.5 s is used up" in run.message()
    assert run.info()["seconds"] >= 0.5
    assert reproduce(run)["matched"]


def test_wrong_budget_fails_in_one_line(new_run, tmp_path):
    run = new_run(notebook(tmp_path), budget_steps="many")
    assert train_here(run) == "failed"
    assert run.message() == "budget_steps is a number above 0, not 'many'."


def test_best_epoch_is_kept_beside_the_last(new_run, tmp_path):
    import keras

    run = new_run(
        notebook(tmp_path, epochs=6, optimizer=Choice(kind="SGD", params={"learning_rate": 0.3, "momentum": 0.99}))
    )
    assert train_here(run) == "finished"
    losses = {event["step"]: event["metrics"]["val_loss"] for event in run.epochs()}
    best = min(losses, key=losses.get)
    assert run.info()["best"] == {"step": best, "value": losses[best]}
    assert best != 192, "the last epoch is the best one; the rate should prevent that"
    checkpoint = next(checkpoint for checkpoint in kept_checkpoints(run.path) if checkpoint.best)
    assert checkpoint.step == best
    names = [name for name, _ in json.loads((checkpoint.path / "state.json").read_text())["variables"]]
    kept = [str(number) for number, name in enumerate(names) if "seed" not in name]
    with np.load(checkpoint.path / "variables.npz") as stored:
        for number, weight in zip(kept, keras.saving.load_model(run.best_model_path).weights, strict=False):
            np.testing.assert_array_equal(stored[number], weight.numpy())
    from weftwork.runtime.evaluate import evaluate_run

    last, chosen = (evaluate_run(str(run.path), str(tmp_path), weights)["metrics"] for weights in ("last", "best"))
    assert last["loss"] == pytest.approx(losses[192], rel=1e-5)
    assert chosen["loss"] == pytest.approx(losses[best], rel=1e-5)


def spoil(folder, value, row):
    with np.load(folder / "rows.npz") as stored:
        arrays = dict(stored)
    arrays["x"][row] = value
    np.savez(folder / "rows.npz", **arrays)


def test_run_whose_data_hold_a_value_too_large_to_compute_with_names_the_row(new_run, tmp_path):
    """The data cell's checks find missing values before any training; what only training shows is found by it."""
    book = notebook(tmp_path)
    spoil(tmp_path, 1e38, 123)
    run = new_run(book)
    assert train_here(run) == "diverged"
    assert "Row 123 of the data (counted from 0) has no finite loss." in run.message(), run.message()
    assert run.info()["bad_rows"] == [123]
    assert 123 in run.info()["bad_batch"]
    assert len(run.info()["bad_batch"]) == 8
    assert run.model_path.exists()
    assert kept_checkpoints(run.path)


def test_label_that_no_unit_stands_for_names_the_row_and_leaves_a_resumable_run(new_run, tmp_path, monkeypatch):
    from weftwork.runtime import training_task

    book = notebook(tmp_path, epochs=1)
    whole, run = new_run(book), new_run(book)
    real_bind, bad = training_task.bind_arrays, {}

    def bind(program, plan, dataset):
        arrays = real_bind(program, plan, dataset)
        bad["row"] = int(dataset.train_rows[77])
        arrays.y[77] = 7
        return arrays

    monkeypatch.setattr(training_task, "bind_arrays", bind)
    assert train_here(run) == "failed"
    assert f"Row {bad['row']} of the data (counted from 0) has no finite loss." in run.message(), run.message()
    where = int(np.flatnonzero(epoch_order(0, 0, 256) == 77)[0]) // 8 + 1
    assert run.message().startswith(f"Step {where} failed: InvalidArgumentError: Received a label value of 7")
    monkeypatch.undo()
    assert resume_here(run) == "finished"
    train_here(whole)
    assert_same(run, whole)


def test_run_that_exploded_goes_on_from_its_last_good_checkpoint_with_a_lower_rate(new_run, tmp_path):
    optimizer = Choice(kind="SGD", params={"learning_rate": 0.01})
    run = new_run(notebook(tmp_path, optimizer=optimizer))
    wild = [step("batch"), lambda run: (run.command("learning_rate", 1e30), run.resume())]
    assert drive(run, *wild)[0] == "diverged"
    assert "No single row of its batch" in run.message()
    assert "The model is that of step 2." in run.message()
    with pytest.raises(RunRefused, match="lower learning rate"):
        resume_here(run)
    fork = fork_run(run, changes=[("optimizer", "learning_rate", 0.001)])
    run.command("learning_rate", 0.001)
    assert resume_here(run) == "finished"
    assert train_here(fork) == "finished"
    assert rows(run)[:, 0].tolist() == list(range(1, 97))
    assert_same(run, fork)
    assert reproduce(run)["matched"]


def test_stopped_run_is_repeated_up_to_where_it_was_stopped(new_run, tmp_path):
    run = new_run(notebook(tmp_path))
    assert drive(run, step("batch"), lambda run: run.stop())[0] == "stopped"
    again = reproduce(run)
    assert (again["matched"], again["state"], again["steps"]) == (True, "stopped", 2)
