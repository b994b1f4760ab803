"""Our own loop against `keras.Model.fit` and `evaluate`, given the same batches in the same order."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import Choice
from weftwork.runtime import step_calls
from weftwork.runtime.batches import epoch_order
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.pace import Pace
from weftwork.runtime.run_record import RunRecord

from .small_models import BATCH, ROWS, make, plan

pytestmark = pytest.mark.keras

STEPS = -(-ROWS // BATCH)
# What nobody chooses: the class of all, and three that stand around others.
NO_OPTIMIZERS = {"Optimizer", "OptimizerMap", "MultiOptimizer", "LossScaleOptimizer"}


def train(run, model, arrays, plan):
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    return fit_run(model, arrays, plan, record)


def fit(model, arrays, plan, callbacks=()):
    """Plain Keras on the very same batches."""

    def batches():
        for epoch in range(plan.epochs):
            order = epoch_order(plan.seed, epoch, ROWS)
            for begin in range(0, ROWS, plan.batch_size):
                rows = order[begin : begin + plan.batch_size]
                yield tf.nest.map_structure(lambda array, rows=rows: array[rows], (arrays.x, arrays.y))

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), (arrays.x, arrays.y)
    )
    return model.fit(
        tf.data.Dataset.from_generator(batches, output_signature=signature),
        epochs=plan.epochs,
        steps_per_epoch=-(-ROWS // plan.batch_size),
        validation_data=(arrays.validation_x, arrays.validation_y),
        validation_batch_size=plan.batch_size,
        callbacks=list(callbacks),
        shuffle=False,
        verbose=0,
    ).history


def values(model):
    return [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]


@pytest.mark.parametrize("name", ["dense", "image", "recurrent", "two outputs"])
def test_run_equals_fit_bit_for_bit(name, empty_run):
    ours, arrays = make(name)
    assert train(empty_run, ours, arrays, plan()) == "finished"
    theirs, arrays = make(name)
    history = fit(theirs, arrays, plan())
    for our, their in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_array_equal(our, their)
    assert [event["metrics"] for event in empty_run.epochs()] == [
        {key: series[epoch] for key, series in history.items()} for epoch in range(2)
    ]


# One of them stands for all in the quick suite: Adam, above.
OPTIMIZERS = sorted(set(catalogue().optimizers) - NO_OPTIMIZERS)


@pytest.mark.long
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_of_keras_equals_fit(optimizer, empty_run):
    ours, arrays = make("recurrent", getattr(keras.optimizers, optimizer)())
    assert train(empty_run, ours, arrays, plan()) == "finished"
    theirs, arrays = make("recurrent", getattr(keras.optimizers, optimizer)())
    fit(theirs, arrays, plan())
    for our, their in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_array_equal(our, their)


def test_momentum_after_batch_normalization_equals_fit_but_for_rounding(empty_run):
    """See runtime/decisions/0003: TensorFlow multiplies in another order where a gradient is looked at."""
    ours, arrays = make("image", keras.optimizers.SGD(0.05, momentum=0.9))
    train(empty_run, ours, arrays, plan())
    theirs, arrays = make("image", keras.optimizers.SGD(0.05, momentum=0.9))
    fit(theirs, arrays, plan())
    for our, their in zip(ours.trainable_weights, theirs.trainable_weights, strict=True):
        np.testing.assert_allclose(our.numpy(), their.numpy(), atol=1e-5)


@pytest.mark.parametrize("steps", [1, 5])
def test_steps_in_one_call_change_no_bit(steps, empty_run, monkeypatch):
    class Fixed(Pace):
        def __init__(self, most=1):
            super().__init__(most)
            self.steps = steps

        def took(self, done, seconds):
            pass

    monkeypatch.setattr(step_calls, "Pace", Fixed)
    ours, arrays = make("dense")
    train(empty_run, ours, arrays, plan())
    theirs, arrays = make("dense")
    fit(theirs, arrays, plan())
    for our, their in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_array_equal(our, their)


def test_rows_hold_the_true_values_of_each_batch(empty_run):
    """The oracle is the textbook loop, one eager step after another."""
    model, arrays = make("two outputs")
    train(empty_run, model, arrays, plan(epochs=1))
    columns = ["step", "epoch", "seconds", "loss", "label_loss", "size_loss"]
    columns += ["label_accuracy", "size_mae", "gradient_norm", "learning_rate", "finite"]
    assert empty_run.columns() == columns

    model, arrays = make("two outputs")
    entropy, square = keras.losses.SparseCategoricalCrossentropy(), keras.losses.MeanSquaredError()
    order, expected = epoch_order(3, 0, ROWS), []
    for step in range(STEPS):
        rows = order[step * BATCH : (step + 1) * BATCH]
        label, size = arrays.y["label"][rows], arrays.y["size"][rows]
        with tf.GradientTape() as tape:
            predicted = model(arrays.x[rows], training=True)
            losses = entropy(label, predicted["label"]), square(size, predicted["size"])
            loss = sum(losses)
        gradients = tape.gradient(loss, model.trainable_weights)
        accuracy = np.mean(np.argmax(predicted["label"], axis=1) == label)
        mae = np.mean(np.abs(predicted["size"] - size))
        norm = np.sqrt(sum(np.sum(np.square(gradient)) for gradient in gradients))
        expected.append([step + 1, 1, loss, *losses, accuracy, mae, norm, 0.01, 1])
        model.optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    rows = empty_run.metrics()
    np.testing.assert_allclose(np.delete(rows, 2, axis=1), np.array(expected, float), rtol=2e-5, atol=1e-6)
    assert np.all(np.diff(rows[:, 2]) >= 0)


def test_validation_equals_evaluate(empty_run):
    model, arrays = make("image")
    train(empty_run, model, arrays, plan(epochs=1))
    told = empty_run.epochs()[0]["metrics"]
    expected = model.evaluate(arrays.validation_x, arrays.validation_y, batch_size=BATCH, verbose=0, return_dict=True)
    assert {name: told[f"val_{name}"] for name in expected} == expected


def test_each_epoch_draws_every_row_once_in_another_order():
    orders = [epoch_order(3, epoch, 50) for epoch in range(4)]
    for order in orders:
        assert sorted(order) == list(range(50))
    assert len({tuple(order) for order in orders}) == 4
    assert tuple(epoch_order(3, 1, 50)) == tuple(orders[1])
    assert tuple(epoch_order(4, 1, 50)) != tuple(orders[1])


def test_learning_rate_column_follows_the_schedule(empty_run):
    model, arrays = make("dense")
    train(empty_run, model, arrays, plan())
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 60)
    expected = [float(schedule(step)) for step in range(2 * STEPS)]
    column = empty_run.columns().index("learning_rate")
    np.testing.assert_allclose(empty_run.metrics()[:, column], expected, rtol=1e-6)


def test_early_stopping_ends_the_run_where_fit_ends(empty_run):
    choice = Choice(kind="EarlyStopping", params={"monitor": "val_loss", "min_delta": 1.0, "patience": 2})
    model, arrays = make("dense")
    assert train(empty_run, model, arrays, plan(epochs=9, callbacks=(choice,))) == "finished"
    theirs, arrays = make("dense")
    history = fit(
        theirs, arrays, plan(epochs=9), [keras.callbacks.EarlyStopping("val_loss", min_delta=1.0, patience=2)]
    )
    assert len(empty_run.epochs()) == len(history["loss"]) < 9
    assert empty_run.message() == f"Stopped early after epoch {len(history['loss'])} of 9, as its callbacks asked."


def test_saved_model_is_a_plain_functional_with_its_optimizer(empty_run):
    model, arrays = make("dense")
    train(empty_run, model, arrays, plan(epochs=1))
    loaded = keras.saving.load_model(empty_run.model_path)
    assert type(loaded).__name__ == "Functional"
    # Without the states of seeds, which Keras does not save.
    saved = [*model.weights, *model.optimizer.variables]
    for ours, theirs in zip(saved, [*loaded.weights, *loaded.optimizer.variables], strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_missing_value_ends_the_run_as_diverged_with_the_last_good_weights(empty_run):
    """On a CPU the loss stays finite here: relu makes 0 of NaN. The gradients do not."""
    model, arrays = make("dense")
    bad_row = epoch_order(3, 1, ROWS)[40]
    arrays.x[bad_row, 2] = np.nan
    first_epoch = epoch_order(3, 0, ROWS)
    first_bad = int(np.flatnonzero(first_epoch == bad_row)[0]) // BATCH + 1
    assert train(empty_run, model, arrays, plan()) == "diverged"
    assert f"at step {first_bad} " in empty_run.message()
    assert "step 0" in empty_run.message()
    rows = empty_run.metrics()
    assert rows[:, 0].tolist() == list(range(1, first_bad + 1))
    assert rows[:, -1].tolist() == [1.0] * (first_bad - 1) + [0.0]
    good, _ = make("dense")
    for ours, untrained in zip(keras.saving.load_model(empty_run.model_path).weights, good.weights, strict=True):
        np.testing.assert_array_equal(ours, untrained)


def test_learning_rate_that_is_far_too_high_ends_as_diverged(empty_run):
    model, arrays = make("image")
    model.optimizer.learning_rate = 1e30
    assert train(empty_run, model, arrays, plan()) == "diverged"
    assert "learning rate" in empty_run.message()
    for weight in keras.saving.load_model(empty_run.model_path).weights:
        assert np.isfinite(weight.numpy()).all()


def test_progress_tells_steps_and_time_left(empty_run):
    model, arrays = make("dense")
    train(empty_run, model, arrays, plan())
    events = empty_run.events()[0]
    progress = next(event for event in events if event["event"] == "progress")
    assert (progress["steps"], progress["epochs"]) == (2 * STEPS, 2)
    assert [event["seconds_left"] for event in empty_run.epochs()][-1] == 0.0
    assert [event["state"] for event in events if event["event"] == "state"] == ["building", "running", "finished"]
