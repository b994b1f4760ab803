"""Looks at layers: their numbers against a textbook loop, and that looking changes no bit."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from weftwork.runtime.batches import Arrays, epoch_order
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.health import watch
from weftwork.runtime.health.activations import DeadUnits, SampleRows
from weftwork.runtime.health.health_file import read_health
from weftwork.runtime.health.sampling import Sampling
from weftwork.runtime.health.watch import HealthWatch
from weftwork.runtime.health.watched import watched_layers
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord

from .small_models import BATCH, MODELS, ROWS, make, plan

pytestmark = pytest.mark.keras


@pytest.fixture
def every_third_step(monkeypatch):
    """A look at every third step, whatever it costs."""
    monkeypatch.setattr(watch, "Sampling", lambda **given: Sampling(every_s=0.0, every_steps=3, share=1e9))


def train(run, name, *, health=True, epochs=2):
    model, arrays = make(name)
    record = RunRecord(run)
    record.update(options={"health": health, "steps_per_execution": 2})
    record.begin(on_stop=lambda: None)
    assert fit_run(model, arrays, plan(epochs=epochs), record) == "finished"
    return model


def another(run, tmp_path):
    return create_run(tmp_path, run.notebook(), "train", notebook_name="test.weft")


@pytest.mark.parametrize("name", MODELS)
def test_weights_with_and_without_looks_are_the_same_bits(name, empty_run, tmp_path, every_third_step):
    watched = train(empty_run, name)
    assert len(read_health(empty_run.path, empty_run.info())) >= 6
    other = another(empty_run, tmp_path)
    unwatched = train(other, name, health=False)
    assert not (other.path / "health.bin").exists()
    seen, unseen = ([*model.variables, *model.optimizer.variables] for model in (watched, unwatched))
    for one, two in zip(seen, unseen, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy(), err_msg=one.path)


def test_norms_equal_those_of_a_loop_written_by_hand(empty_run, every_third_step):
    train(empty_run, "dense", epochs=1)
    health = read_health(empty_run.path, empty_run.info())
    model, arrays = make("dense")
    trained = [layer for layer in model.layers if layer.trainable_weights]
    assert len(trained) == len(health.layers) == 3
    order, look = epoch_order(3, 0, ROWS), 0
    for step in range(-(-ROWS // BATCH)):
        rows = order[step * BATCH : (step + 1) * BATCH]
        with tf.GradientTape() as tape:
            loss = model.compute_loss(y=arrays.y[rows], y_pred=model(arrays.x[rows], training=True), training=True)
        gradients = tape.gradient(loss, model.trainable_weights)
        before = {layer.name: [v.numpy() for v in layer.trainable_weights] for layer in model.layers}
        gradient_of = {id(v): g.numpy() for v, g in zip(model.trainable_weights, gradients, strict=True)}
        model.optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        if look >= len(health) or health.steps[look] != step + 1:
            continue
        for layer, seen in zip(trained, health.layers, strict=True):
            change = [v.numpy() - old for v, old in zip(layer.trainable_weights, before[layer.name], strict=True)]
            expected = [
                norm([gradient_of[id(v)] for v in layer.trainable_weights]),
                norm(before[layer.name]),
                norm(change),
            ]
            found = [seen.gradient[look], seen.weight[look], seen.update[look]]
            np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-7)
            np.testing.assert_allclose(seen.ratio[look], expected[2] / expected[1], rtol=2e-4)
        look += 1
    assert look == len(health) >= 3


def norm(arrays):
    return np.sqrt(sum(np.sum(np.square(array.astype(float))) for array in arrays))


def test_what_a_step_alone_takes_longer_is_a_price_of_the_look(empty_run):
    """Against the whole time since its beginning, which is less than a minute."""
    model, arrays = make("dense")
    looks = HealthWatch(model, arrays, RunRecord(empty_run))
    looks.begin(0)
    looks.is_due(0)
    norms = tf.ones(len(model.trainable_weights))
    looks.before()
    looks.after(1, 1, 0.1, norms)
    assert looks.cost < 1
    looks.before()
    looks.after(20, 1, 0.2, norms, alone_s=60.0)
    assert looks.cost > 1
    looks.close()


def test_dead_units_are_those_that_are_zero_for_every_row():
    inputs = keras.Input((4, 4, 1))
    x = keras.layers.Conv2D(3, 2, activation="relu", name="conv")(inputs)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(4, name="plain")(x)
    outputs = keras.layers.Dense(2, name="out")(keras.layers.ReLU(name="relu")(x))
    model = keras.Model(inputs, outputs)
    conv, plain = model.get_layer("conv"), model.get_layer("plain")
    conv.set_weights([np.ones((2, 2, 1, 3)), np.array([0.0, -1000.0, 0.0])])
    plain.set_weights([plain.get_weights()[0], np.array([1e3, -1e4, -1e4, -1e4])])
    x = np.random.default_rng(0).random((9, 4, 4, 1), "float32")
    shares = DeadUnits(model, watched_layers(model)).shares(x)
    outputs = [keras.Model(inputs, model.get_layer(name).output)(x).numpy() for name in ("conv", "relu")]
    by_hand = [np.mean([np.all(output[..., unit] == 0) for unit in range(output.shape[-1])]) for output in outputs]
    assert shares == pytest.approx({"conv": by_hand[0], "relu": by_hand[1]})
    assert shares == pytest.approx({"conv": 1 / 3, "relu": 0.75})


def test_a_run_too_short_for_a_forward_pass_counts_its_dead_units_at_the_end(empty_run, monkeypatch):
    def norms_only(share, expected):
        return Sampling(every_s=0.0, every_steps=3, share=0.0 if expected else 1e9, expected=expected)

    monkeypatch.setattr(watch, "Sampling", norms_only)
    model = train(empty_run, "image", epochs=1)
    conv = read_health(empty_run.path, empty_run.info()).layers[0]
    assert np.isnan(conv.dead[:-1]).all()
    rows = SampleRows(make("image")[1]).x
    assert conv.dead[-1] == pytest.approx(DeadUnits(model, watched_layers(model)).shares(rows)[conv.name])
    assert np.isfinite(conv.gradient[-1])


@pytest.mark.filterwarnings("error:The structure of")
def test_a_pass_aside_moves_no_seed_and_no_average():
    model, arrays = make("recurrent")
    before = [variable.numpy() for variable in model.variables]
    rows = SampleRows(arrays)
    watch.DeadUnits(model, watched_layers(model)).shares(rows.x)
    for variable, old in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), old)


def test_sample_rows_are_the_same_at_every_look():
    arrays = Arrays(np.arange(500.0), {"a": np.arange(500)})
    one, other = SampleRows(arrays), SampleRows(arrays)
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.x, other.y["a"])
    assert len(np.unique(one.x)) == 64


def test_layers_are_told_in_the_order_of_the_network_with_their_variables():
    model, _ = make("image")
    watched = {one.name: one for one in watched_layers(model)}
    assert [name.rstrip("_0123456789") for name in watched] == ["conv2d", "batch_normalization", "dense"]
    conv, norm_, dense = watched.values()
    assert (conv.variables, norm_.variables, dense.variables) == ((0, 1), (2, 3), (4, 5))
    assert (conv.output is not None, norm_.output, dense.output) == (True, None, None)


def test_looks_after_a_checkpoint_are_dropped_when_the_run_is_taken_up_there(empty_run, every_third_step):
    train(empty_run, "dense")
    record = RunRecord(empty_run)
    model, arrays = make("dense")
    again = watch.HealthWatch(model, arrays, record)
    again.begin(7)
    again.close()
    steps = read_health(empty_run.path, empty_run.info()).steps
    assert len(steps)
    assert steps.max() <= 7


@pytest.mark.parametrize("faulty", ["before", "_count_dead", "begin", "finish"])
def test_fault_in_a_look_switches_it_off_and_lets_the_training_go_on(
    faulty, empty_run, tmp_path, every_third_step, monkeypatch
):
    def fault(*given):
        raise MemoryError

    monkeypatch.setattr(watch.HealthWatch, faulty, fault)
    seen = train(empty_run, "dense")
    said = [event["message"] for event in empty_run.events()[0] if event["event"] == "health"]
    assert said == [empty_run.info()["health"]["off"]]
    assert said[0].startswith("Layers are no longer looked at in this run: The memory did not suffice.")
    unseen = train(another(empty_run, tmp_path), "dense", health=False)
    for one, two in zip(seen.variables, unseen.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
