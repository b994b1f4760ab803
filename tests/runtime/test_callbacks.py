import json

import keras
import numpy as np
import pytest

from weftwork.runtime.callbacks import callback_states, hears_batches, restore_callbacks

pytestmark = pytest.mark.keras

LOSSES = [3.0, 2.0, 2.5, 2.4, 1.9, 2.2, 2.1, 2.3, 2.6, 2.0]


def new_callbacks():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    callbacks = [
        keras.callbacks.EarlyStopping("val_loss", patience=3, min_delta=0.05, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau("val_loss", patience=1, factor=0.5),
    ]
    for callback in callbacks:
        callback.set_model(model)
        callback.on_train_begin()
    return model, callbacks


def run_epochs(model, callbacks, begin, end):
    for epoch in range(begin, end):
        model.layers[0].bias.assign([float(epoch)])
        for callback in callbacks:
            callback.on_epoch_end(epoch, {"val_loss": LOSSES[epoch]})
        if getattr(model, "stop_training", False):
            return epoch
    return None


@pytest.mark.parametrize("break_at", [1, 2, 4, 6])
def test_callbacks_go_on_as_if_nothing_had_happened(break_at):
    whole, undisturbed = new_callbacks()
    stopped_at = run_epochs(whole, undisturbed, 0, len(LOSSES))

    first, callbacks = new_callbacks()
    run_epochs(first, callbacks, 0, break_at)
    states = json.loads(json.dumps(callback_states(callbacks), allow_nan=False))
    second, callbacks = new_callbacks()
    second.optimizer.learning_rate.assign(first.optimizer.learning_rate)
    restore_callbacks(callbacks, states)
    assert run_epochs(second, callbacks, break_at, len(LOSSES)) == stopped_at == 7
    assert callbacks[0].best_epoch == undisturbed[0].best_epoch == 4
    assert float(second.optimizer.learning_rate) == float(whole.optimizer.learning_rate)
    for ours, theirs in zip(callbacks[0].best_weights, undisturbed[0].best_weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_callbacks_that_hear_only_epochs_cost_nothing_at_a_batch():
    class Counting(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            pass

    assert not hears_batches([keras.callbacks.EarlyStopping()])
    assert hears_batches([keras.callbacks.EarlyStopping(), Counting()])
