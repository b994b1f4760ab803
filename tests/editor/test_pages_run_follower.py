"""A run is followed from its files, from whichever moment one looks."""

import numpy as np
import pytest

from weftwork.compiler.document import NetworkCell, Notebook, TrainingCell
from weftwork.editor.cells.run_follower import Progress, RunFollower
from weftwork.editor.cells.run_panel import speed_line
from weftwork.editor.cells.run_words import end_words, metric_name, metrics_line
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.shown_values import duration

COLUMNS = ["step", "epoch", "seconds", "loss"]


@pytest.fixture
def record(tmp_path):
    """The pen of a run that has begun."""
    notebook = Notebook(
        cells=(
            NetworkCell(id="network_0001", name="network"),
            TrainingCell(id="training_0001", name="training", network="network"),
        )
    )
    run = create_run(tmp_path, notebook, "training", notebook_name="a.weft")
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    yield record
    if run.state() not in ("finished", "stopped"):
        record.end("stopped")


def rows(first: int, last: int) -> np.ndarray:
    step = np.arange(first, last + 1, dtype=float)
    return np.column_stack([step, step * 0 + 1, step / 10, 1 / step])


def test_follower_sees_what_is_written_since_its_last_look(record):
    follower = RunFollower(record.run)
    assert follower.look().rows is None
    assert follower.progress.state == "building"
    record.open_metrics(COLUMNS, 0)
    record.set_state("running")
    record.rows(rows(1, 3))
    np.testing.assert_array_equal(follower.look().rows, rows(1, 3))
    assert follower.look().rows is None
    record.rows(rows(4, 4))
    np.testing.assert_array_equal(follower.look().rows, rows(4, 4))
    assert (follower.progress.state, follower.progress.step) == ("running", 4)


def test_follower_that_comes_late_sees_everything(record):
    record.open_metrics(COLUMNS, 0)
    record.rows(rows(1, 50))
    record.event("epoch", epoch=1, epochs=2, step=50, metrics={"val_loss": 0.5}, seconds_left=3.0)
    follower = RunFollower(record.run)
    news = follower.look()
    assert len(news.rows) == 50
    assert news.epochs
    assert not news.again
    progress = follower.progress
    assert (progress.epoch, progress.epochs, progress.steps, progress.seconds_left) == (1, 2, 100, 3.0)
    assert progress.share == 0.5


def test_follower_notices_a_run_taken_up_at_an_earlier_step(record):
    record.open_metrics(COLUMNS, 0)
    record.rows(rows(1, 20))
    follower = RunFollower(record.run)
    follower.look()
    record.open_metrics(COLUMNS, 10)
    record.rows(rows(11, 12))
    news = follower.look()
    assert news.again
    np.testing.assert_array_equal(news.rows, rows(1, 12))


def test_follower_tells_what_the_run_computes_in_and_the_cell_shows_it(record):
    follower = RunFollower(record.run)
    follower.look()
    assert speed_line(follower.progress) is None
    words = "Chosen: mixed_bfloat16 with XLA. A short trial took, for a step: float32 without XLA 2 ms."
    record.update(speed={"words": words, "measured": [{"precision": "float32", "xla": False, "step_s": 0.002}]})
    follower.look()
    assert words in str(speed_line(follower.progress))
    assert follower.progress.speed_was_measured


def test_follower_tells_where_the_run_computes(record):
    record.update(placement_words="Several machines: 2 replicas train together.")
    follower = RunFollower(record.run)
    follower.look()
    assert "Several machines: 2 replicas train together." in str(speed_line(follower.progress))


def test_follower_tells_the_end(record):
    follower = RunFollower(record.run)
    record.event("epoch", epoch=1, epochs=1, step=5, metrics={"val_accuracy": 0.975, "loss": 0.1})
    record.end("finished", seconds=12.0)
    follower.look()
    assert not follower.progress.going
    assert follower.progress.share == 1
    assert end_words(follower.progress) == "Finished in 12 s: validation accuracy 97.5 %, loss 0.1."


def test_end_words_carry_the_message_of_a_failure():
    assert end_words(Progress(state="failed", message="The disk is full.")) == "The disk is full."
    assert "learning rate" in end_words(Progress(state="diverged"))
    assert "checkpoint" in end_words(Progress(state="lost"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.84, "0.8 s"), (42.4, "42 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (59.7, "1 min 0 s")],
)
def test_duration_is_said_as_people_do(seconds, words):
    assert duration(seconds) == words


def test_metrics_are_named_for_people_and_validation_comes_first():
    assert metric_name("val_sparse_categorical_accuracy") == "validation accuracy"
    line = metrics_line({"loss": 0.1, "accuracy": 0.9, "val_loss": 0.2, "val_accuracy": 0.8})
    assert line == "validation accuracy 80.0 %, validation loss 0.2, accuracy 90.0 %, loss 0.1"
