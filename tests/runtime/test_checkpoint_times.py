"""When checkpoints go to the disk, and that the best epoch is among them whatever comes between."""

import os

import numpy as np
import pytest

from weftwork.runtime import checkpoint_times
from weftwork.runtime.checkpoint_times import CheckpointTimes
from weftwork.runtime.checkpoints import Checkpoints, Position
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.live_settings import LiveSettings
from weftwork.runtime.run_record import RunRecord

from .small_models import make, plan

pytestmark = pytest.mark.keras

HOUR = 3600.0


@pytest.fixture
def times(empty_run, monkeypatch):
    """Nothing is due of itself."""
    monkeypatch.setattr(checkpoint_times, "_EVERY_EPOCH_S", HOUR)
    model, _ = make("dense")
    checkpoints = Checkpoints(empty_run.path / "checkpoints")
    times = CheckpointTimes(checkpoints, model, RunRecord(empty_run), [], LiveSettings(model))
    times.checkpoints, times.model = checkpoints, model
    return times


def weight_of(times, name):
    with np.load(times.checkpoints.folder / name / "variables.npz") as stored:
        return float(stored["0"].flat[0])


def end_epoch(times, number, value):
    """An epoch whose end is known by the first weight."""
    times.model.variables[0].assign(np.full(times.model.variables[0].shape, float(number)))
    position = Position(10 * number, number - 1, 10)
    times.epoch_ends(position)
    times.judge(position, value)


def test_best_of_many_quick_epochs_goes_to_the_disk_before_what_comes_later(times):
    for number, value in enumerate((0.5, 0.2, 0.3, 0.4), start=1):
        end_epoch(times, number, value)
    assert times.checkpoints.latest() is None
    times.make(Position(45, 4, 5))
    assert times.checkpoints.best() == ("step-0000000020", 0.2)
    assert weight_of(times, "step-0000000020") == 2.0
    assert times.checkpoints.latest().position == Position(45, 4, 5)
    end_epoch(times, 5, 0.25)
    times.write_held()
    assert times.checkpoints.best() == ("step-0000000020", 0.2)
    assert weight_of(times, "step-0000000050") == 5.0


def test_what_is_held_is_not_what_the_weights_became(times):
    end_epoch(times, 1, 0.5)
    times.model.variables[0].assign_add(np.ones(times.model.variables[0].shape))
    times.write_held()
    assert weight_of(times, "step-0000000010") == 1.0
    assert times.checkpoints.latest().position == Position(10, 0, 10)


def test_large_state_and_old_checkpoint_go_to_the_disk_at_an_epochs_end(times, monkeypatch):
    monkeypatch.setattr(checkpoint_times, "_LARGEST_HELD_BYTES", 8)
    end_epoch(times, 1, 0.5)
    assert times.checkpoints.latest().position.step == 10
    monkeypatch.undo()
    times.rested(-HOUR)
    end_epoch(times, 2, 0.6)
    assert times.checkpoints.latest().position.step == 20
    times.write_held()
    assert times.checkpoints.best() == ("step-0000000010", 0.5)


def test_short_epochs_wait_for_the_disk_seldom(empty_run, monkeypatch):
    """Twenty epochs of milliseconds: the first state, the last one and the best one, not one each epoch."""
    monkeypatch.setattr(checkpoint_times, "_EVERY_EPOCH_S", HOUR)
    written, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (written.append(file), fsync(file))[1])
    model, arrays = make("dense")
    record = RunRecord(empty_run)
    record.begin(on_stop=lambda: None)
    assert fit_run(model, arrays, plan(epochs=20), record) == "finished"
    made = [event["step"] for event in empty_run.events()[0] if event["event"] == "checkpoint"]
    assert made == [0, 20 * 13]
    assert len(written) < 40
    losses = [event["metrics"]["val_loss"] for event in empty_run.epochs()]
    best = 13 * (1 + int(np.argmin(losses)))
    assert Checkpoints(empty_run.path / "checkpoints").best() == (f"step-{best:010d}", min(losses))
