"""Settings changed while a run trains: against plain Keras that is changed at the same step and compiled again."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from weftwork.runtime.batches import epoch_order
from weftwork.runtime.begin_from import REPLAY_FILE
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.live_settings import BadSetting, LiveSettings
from weftwork.runtime.run_record import RunRecord

from .small_models import BATCH, ROWS, make, plan

pytestmark = pytest.mark.keras

STEPS = -(-ROWS // BATCH)


def changes(*values, step, epoch, step_in_epoch):
    place = {"step": step, "epoch": epoch, "step_in_epoch": step_in_epoch}
    return [
        {"id": str(number), "event": "command", "command": "set", "accepted": True, "value": value, **place}
        for number, value in enumerate(values)
    ]


def setting(of, parameter, value):
    return {"of": of, "parameter": parameter, "value": value}


def train_with_changes(run, model, arrays, plan, told):
    (run.path / REPLAY_FILE).write_text(json.dumps(told))
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    assert fit_run(model, arrays, plan, record) == "finished"


def fit_first_epochs(model, arrays, epochs, begin=0):
    """Plain Keras on the very same batches, from epoch `begin` up to `epochs`."""

    def batches():
        for epoch in range(begin, epochs):
            order = epoch_order(3, epoch, ROWS)
            for first in range(0, ROWS, BATCH):
                rows = order[first : first + BATCH]
                yield tf.nest.map_structure(lambda array, rows=rows: array[rows], (arrays.x, arrays.y))

    signature = tf.nest.map_structure(lambda a: tf.TensorSpec((None, *a.shape[1:]), a.dtype), (arrays.x, arrays.y))
    data = tf.data.Dataset.from_generator(batches, output_signature=signature)
    model.fit(
        data,
        epochs=epochs,
        initial_epoch=begin,
        steps_per_epoch=STEPS,
        validation_data=(arrays.validation_x, arrays.validation_y),
        validation_batch_size=BATCH,
        shuffle=False,
        verbose=0,
    )


def assert_equal_weights(model, other):
    for ours, theirs in zip(model.variables, other.variables, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_rates_changed_in_mid_run_equal_plain_keras_compiled_again(empty_run):
    """A dropout rate, a regularizer and the optimizer's numbers: all are compiled into the graph."""
    optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    ours, arrays = make("dense", optimizer)
    dropout = next(layer.name for layer in ours.layers if "dropout" in layer.name)
    dense = ours.layers[1].name
    told = changes(
        setting(dropout, "rate", 0.6),
        setting(dense, "kernel_regularizer.l2", 0.05),
        setting("optimizer", "momentum", 0.5),
        setting("optimizer", "clipnorm", 0.4),
        setting("optimizer", "learning_rate", 0.01),
        step=STEPS,
        epoch=1,
        step_in_epoch=0,
    )
    train_with_changes(empty_run, ours, arrays, plan(), told)
    assert [change["parameter"] for change in empty_run.changes()] == [change["value"]["parameter"] for change in told]
    assert {change["step"] for change in empty_run.changes()} == {STEPS}

    theirs, arrays = make("dense", keras.optimizers.SGD(0.05, momentum=0.9))
    fit_first_epochs(theirs, arrays, 1)
    next(layer for layer in theirs.layers if "dropout" in layer.name).rate = 0.6
    theirs.layers[1].kernel_regularizer.l2 = 0.05
    theirs.optimizer.momentum, theirs.optimizer.clipnorm = 0.5, 0.4
    theirs.optimizer.learning_rate = 0.01
    theirs.make_train_function(force=True)
    fit_first_epochs(theirs, arrays, 2, begin=1)
    for one, other in zip(ours.trainable_weights, theirs.trainable_weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)
    assert not np.allclose(ours.trainable_weights[0].numpy(), make("dense")[0].trainable_weights[0].numpy())


@pytest.mark.long
def test_recurrent_dropout_changed_in_mid_run_equals_plain_keras(empty_run):
    ours, arrays = make("recurrent")
    layer = ours.layers[1].name
    place = {"step": STEPS, "epoch": 1, "step_in_epoch": 0}
    train_with_changes(empty_run, ours, arrays, plan(), changes(setting(layer, "recurrent_dropout", 0.5), **place))
    theirs, arrays = make("recurrent")
    fit_first_epochs(theirs, arrays, 1)
    for direction in (theirs.layers[1].forward_layer, theirs.layers[1].backward_layer):
        direction.cell.recurrent_dropout = 0.5
    theirs.make_train_function(force=True)
    fit_first_epochs(theirs, arrays, 2, begin=1)
    assert_equal_weights(ours, theirs)


def told(model):
    return {(entry["of"], entry["parameter"]): entry["value"] for entry in LiveSettings(model).told()}


def test_what_can_be_set_is_told_with_its_value():
    model, _ = make("two outputs")
    noise = next(layer.name for layer in model.layers if "noise" in layer.name)
    found = told(model)
    assert found["optimizer", "learning_rate"] == pytest.approx(0.01)
    assert found["optimizer", "rho"] == 0.9
    assert found["optimizer", "weight_decay"] is None
    assert found[noise, "stddev"] == 0.1
    scheduled, _ = make("dense")
    assert told(scheduled)["optimizer", "learning_rate.initial_learning_rate"] == 0.01


def test_smoothed_labels_are_a_setting_of_the_loss():
    model, _ = make("dense")
    model.compile(optimizer="sgd", loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    settings = LiveSettings(model)
    assert told(model)["loss", "label_smoothing"] == 0.1
    truth, guess = np.array([[0.0, 1.0]]), np.array([[0.3, 0.7]])
    assert settings.set("loss", "label_smoothing", 0.4)
    expected = keras.losses.CategoricalCrossentropy(label_smoothing=0.4)(truth, guess)
    assert float(model.loss(truth, guess)) == float(expected)


@pytest.mark.parametrize(
    ("of", "parameter", "value", "reason"),
    [
        ("optimizer", "learning_rate", "fast", "is a number, not 'fast'"),
        ("optimizer", "learning_rate", -1, "from 0, not -1"),
        ("optimizer", "learning_rate", float("nan"), "is a number"),
        ("dropout", "rate", 1.0, "from 0 to below 1"),
        ("dropout", "speed", 1.0, "has no setting speed.*it has rate"),
        ("dance", "rate", 0.1, "Nothing called dance"),
        ("resting", "rate", 0.2, "has no seed"),
        ("optimizer", "momentum", 0.9, "begun without momentum"),
        ("optimizer", "clipvalue", 0.5, "clipped by clipnorm already"),
        ("optimizer", "beta_1", 0.5, "optimizer has no setting beta_1|The optimizer has no"),
    ],
)
def test_impossible_setting_is_refused_with_the_reason(of, parameter, value, reason):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dropout(0.5, name="dropout"), keras.layers.Dropout(0.0, name="resting")]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.1, clipnorm=1.0), loss="mse")
    before = told(model)
    with pytest.raises(BadSetting, match=reason):
        LiveSettings(model).set(of, parameter, value)
    assert told(model) == before
