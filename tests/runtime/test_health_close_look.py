"""A layer from close by, against numpy and Keras; asked for in mid-run, there for all layers once it is over."""

import base64

import keras
import numpy as np
import pytest
import tensorflow as tf

from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.health.activations import SampleRows
from weftwork.runtime.health.close_look import close_look, picture, spread
from weftwork.runtime.health.looked_at import read_close_look
from weftwork.runtime.run_record import RunRecord

from .small_models import make, plan

pytestmark = pytest.mark.keras


def test_spread_equals_numpy():
    values = np.random.default_rng(1).normal(size=(50, 40)).astype("float32")
    values[0, :20] = 0
    told = spread(values)
    assert told["mean"] == pytest.approx(values.mean(), abs=1e-6)
    assert told["deviation"] == pytest.approx(values.std(), rel=1e-5)
    assert (told["zeros"], told["size"], sum(told["counts"])) == (0.01, 2000, 2000)
    inside = (values > told["low"]) & (values < told["high"])
    np.testing.assert_allclose(
        told["counts"][1:-1], np.histogram(values[inside], 40, (told["low"], told["high"]))[0][1:-1]
    )


@pytest.mark.parametrize(
    "values", [np.zeros(5), np.full(3, 7.0), np.array([1e10, 1e10 + 1]), np.array([np.nan, np.inf]), np.array([])]
)
def test_spread_of_odd_values_is_no_error(values):
    told = spread(values)
    assert told["low"] <= told["high"]
    assert sum(told["counts"]) == np.isfinite(values).sum()


def test_gradients_and_activations_are_those_of_keras_and_nothing_is_written():
    model, arrays = make("dense")
    layer, rows = model.layers[1], SampleRows(arrays)
    before = [variable.numpy() for variable in model.variables]
    seen = close_look(model, layer, rows)
    for variable, old in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), old)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=rows.x, y=rows.y, y_pred=model(rows.x, training=False), training=False)
    expected = tape.gradient(loss, layer.trainable_weights)
    assert {name: one["deviation"] for name, one in seen["gradients"].items()} == pytest.approx(
        {"kernel": np.std(expected[0]), "bias": np.std(expected[1])}, rel=1e-4
    )
    activations = layer(rows.x).numpy()
    assert seen["activations"]["mean"] == pytest.approx(activations.mean(), rel=1e-5)
    assert seen["activations"]["zeros"] == pytest.approx(np.mean(activations == 0))
    assert seen["weights"]["kernel"]["size"] == 8 * 16


def test_filters_are_the_kernels_as_pictures():
    model, arrays = make("image")
    seen = close_look(model, model.layers[1], SampleRows(arrays))["filters"]
    kernel = model.layers[1].kernel.numpy()
    assert (seen["height"], seen["width"], seen["channels"], seen["count"]) == (3, 3, 1, 4)
    assert seen["pictures"] == [picture(kernel[..., number]) for number in range(4)]
    drawn = np.frombuffer(base64.b64decode(seen["pictures"][0]), np.uint8)
    low, high = kernel[..., 0].min(), kernel[..., 0].max()
    np.testing.assert_allclose(drawn / 255 * (high - low) + low, kernel[..., 0].ravel(), atol=(high - low) / 255)


def test_attention_is_the_scores_of_the_layer():
    inputs = keras.Input((5, 4))
    attended = keras.layers.MultiHeadAttention(2, 3, name="attention")(inputs, inputs, use_causal_mask=True)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Flatten()(attended)))
    model.compile(optimizer="sgd", loss=keras.losses.MeanSquaredError())
    x = np.random.default_rng(0).normal(size=(6, 5, 4)).astype("float32")
    arrays = Arrays(x, np.zeros((6, 1), "float32"))
    build_all(model, arrays.x, arrays.y)
    layer = model.get_layer("attention")
    seen = close_look(model, layer, SampleRows(arrays))["attention"]
    _, scores = layer(x[:1], x[:1], use_causal_mask=True, return_attention_scores=True)
    assert (seen["height"], seen["width"], seen["count"]) == (5, 5, 2)
    assert seen["pictures"] == [picture(head.astype(float)) for head in scores.numpy()[0]]
    assert not np.triu(np.frombuffer(base64.b64decode(seen["pictures"][0]), np.uint8).reshape(5, 5), 1).any()


def test_a_look_is_answered_while_the_run_goes_on_and_all_layers_are_told_at_its_end(empty_run):
    model, arrays = make("image")
    names = [layer.name for layer in model.layers]
    asked, unknown = empty_run.command("look", names[1]), empty_run.command("look", "nothing")
    record = RunRecord(empty_run)
    record.begin(on_stop=lambda: None)
    fit_run(model, arrays, plan(), record)
    answers = {event["id"]: event for event in empty_run.events()[0] if event["event"] == "command"}
    assert answers[asked]["accepted"]
    assert answers[unknown]["message"] == "The network has no layer nothing."
    steps = {name: (read_close_look(empty_run.path, name) or {}).get("step") for name in (names[1], names[-1])}
    assert set(steps.values()) == {26}
    assert read_close_look(empty_run.path, "nothing") is None
