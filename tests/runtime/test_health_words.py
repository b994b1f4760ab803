"""Networks built with a fault are told of it while they train; healthy ones are met with silence."""

import keras
import numpy as np
import pytest

from weftwork.runtime.batches import Arrays
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.health import watch
from weftwork.runtime.health.diagnose import diagnose
from weftwork.runtime.health.health_file import read_health
from weftwork.runtime.health.sampling import Sampling
from weftwork.runtime.run_record import RunRecord

from .small_models import plan

pytestmark = pytest.mark.keras

ROWS = 192


@pytest.fixture
def told(empty_run, monkeypatch):
    """What is said of a network of these layers at the end of a short run, looked at in every second step."""
    monkeypatch.setattr(watch, "Sampling", lambda **given: Sampling(every_s=0.0, every_steps=2, share=1e9))

    def train(layers, optimizer, scale=1.0, epochs=2):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((8,)), *layers, keras.layers.Dense(1, name="out")])
        model.compile(optimizer=optimizer, loss=keras.losses.MeanSquaredError(), jit_compile=False)
        x = np.random.default_rng(0).normal(size=(ROWS, 8)).astype("float32")
        y = (scale * np.sin(x.sum(axis=1, keepdims=True))).astype("float32")
        record = RunRecord(empty_run)
        record.update(options={"steps_per_execution": 1})
        record.begin(on_stop=lambda: None)
        fit_run(model, Arrays(x, y), plan(epochs=epochs), record)
        return diagnose(read_health(empty_run.path, empty_run.info()))

    return train


def dense(count, units=16, **more):
    return [keras.layers.Dense(units, name=f"dense{n}", **more) for n in range(1, count + 1)]


def test_a_deep_stack_of_sigmoids_is_told_that_its_gradients_vanish(told):
    [trouble] = told(dense(8, activation="sigmoid"), keras.optimizers.Adam(1e-3))
    assert trouble.code == "vanish"
    assert "dense1" in trouble.layers
    assert trouble.words.startswith("Gradients vanish between ")
    assert " and dense1: " in trouble.words


def test_inputs_that_are_far_too_large_are_told_as_an_explosion(told):
    small = keras.initializers.RandomNormal(stddev=1e-5, seed=1)
    first = keras.layers.Dense(16, activation="relu", kernel_initializer=small, name="dense1")
    layers = [keras.layers.Rescaling(1e5), first, keras.layers.Dense(16, activation="relu", name="dense2")]
    troubles = {one.code: one for one in told(layers, keras.optimizers.SGD(1e-12))}
    assert troubles["explode"].words.startswith("Gradients explode between out and dense1: ")


def test_a_rate_that_is_far_too_high_is_told_as_gradients_that_explode_and_weights_that_jump(told):
    troubles = {one.code: one for one in told([], keras.optimizers.SGD(1.5), epochs=3)}
    assert {"explode", "jump"} <= set(troubles)
    assert troubles["explode"].words.startswith("The gradients of out explode: ")


def test_units_that_a_step_too_large_has_killed_are_told_as_dead(told):
    low = keras.initializers.Constant(-50.0)
    layers = dense(2, units=32, activation="relu", bias_initializer=low)
    troubles = {one.code: one for one in told(layers, keras.optimizers.SGD(0.01))}
    assert "100% of the units of" in troubles["dead"].words


def test_a_rate_that_is_far_too_low_is_told_as_weights_that_do_not_move(told):
    [trouble] = told(dense(2, activation="relu"), keras.optimizers.SGD(1e-7))
    assert trouble.code == "still"


@pytest.mark.parametrize("scale", [1.0, 1e5])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_healthy_networks_are_met_with_silence_whatever_the_scale_of_their_targets(told, optimizer, scale):
    made = keras.optimizers.Adam(1e-3) if optimizer == "adam" else keras.optimizers.SGD(0.01 / scale)
    assert told([*dense(3, units=32, activation="relu"), keras.layers.BatchNormalization()], made, scale) == []
