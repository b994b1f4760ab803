"""Configs as Keras 1, Keras 2 and tf.keras 2 wrote them, against the same models built with the Keras of today."""

import json
from pathlib import Path

import keras
import pytest
from keras import layers, ops

from weftwork.compiler.from_keras import from_config

from .back_again import built_again, largest_difference

CORPUS = Path(__file__).parents[2] / "corpus_keras"


def keras1_convolutions():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, (3, 5), (2, 1), "same", activation="relu", name="convolution2d_1"),
            layers.MaxPooling2D(name="maxpooling2d_1"),
            layers.Conv2D(3, 2, dilation_rate=2, use_bias=False, name="atrous"),
            layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name="batchnormalization_1"),
            layers.LeakyReLU(0.2, name="leakyrelu_1"),
            layers.Dropout(0.25, name="dropout_1"),
            layers.Flatten(name="flatten_1"),
            layers.Dense(3, activation="softmax", name="dense_1"),
        ]
    )


def keras1_shared():
    left, right = keras.Input((6,), dtype="int32", name="left"), keras.Input((6,), dtype="int32", name="right")
    embed, read = layers.Embedding(20, 8, name="embedding_1"), layers.LSTM(4, dropout=0.1, name="lstm_1")
    both = layers.Concatenate(name="merge_1")([read(embed(left)), read(embed(right))])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="dense_1")(both))


def keras1_branches():
    one, two = keras.Input((3,), name="input_1"), keras.Input((5,), name="input_2")
    first = keras.Sequential([layers.Dense(4, activation="tanh", name="dense_1")], name="branch_1")
    second = keras.Sequential([layers.Dense(4, activation="tanh", name="dense_2")], name="branch_2")
    both = layers.Add(name="merge_1")([first(one), second(two)])
    return keras.Model([one, two], layers.Dense(2, name="dense_3")(both))


def keras2_theano():
    gru = layers.GRU(4, return_sequences=True, reset_after=False)
    return keras.Sequential(
        [
            keras.Input((7,), dtype="int32"),
            layers.Embedding(30, 6, mask_zero=True, name="embedding_1"),
            layers.Bidirectional(gru, merge_mode="sum", name="bidirectional_1"),
            layers.TimeDistributed(layers.Dense(2, activation="softmax"), name="time_distributed_1"),
        ]
    )


def keras2_states():
    one, two = keras.Input((None, 3), name="input_1"), keras.Input((None, 4), name="input_2")
    _, state_h, state_c = layers.LSTM(5, return_state=True, name="lstm_1")(one)
    decoder = layers.LSTM(5, return_state=True, return_sequences=True, name="lstm_2")
    answer, _, _ = decoder(two, initial_state=[state_h, state_c])
    return keras.Model([one, two], layers.Dense(4, activation="softmax", name="dense_1")(answer))


def tf_keras_2():
    x = keras.Input((6, 8), name="x")
    inner = keras.Sequential([keras.Input((6, 8)), layers.Dense(8, activation="relu", name="within")], name="inner")
    y = layers.MultiHeadAttention(2, 4, attention_axes=(1,), name="attend")(inner(inner(x)), x)
    y = (y * 0.5 + x)[:, 1:5:2]
    y = layers.BatchNormalization(name="bn")(ops.mean(y, axis=1))
    return keras.Model(x, layers.Dense(2, activation="softmax", name="out")(y))


MODELS = [keras1_convolutions, keras1_shared, keras1_branches, keras2_theano, keras2_states, tf_keras_2]


@pytest.mark.parametrize("made", MODELS, ids=lambda made: made.__name__)
def test_an_old_config_gives_the_model_that_it_meant(made):
    keras.backend.clear_session()
    keras.utils.set_random_seed(2)
    model = made()

    imported = from_config(json.loads((CORPUS / f"{made.__name__}.json").read_text(encoding="utf-8")))

    assert imported.report.placeholders == []
    assert imported.report.notes == []
    again = built_again(model, imported)
    assert again.count_params() == model.count_params()
    assert largest_difference(model, again) <= 1e-6


def test_old_regularizers_and_constraints_are_kept():
    (cell,) = from_config(json.loads((CORPUS / "keras1_convolutions.json").read_text(encoding="utf-8"))).cells

    (first, *_) = (node for node in cell.nodes.values() if node.kind == "Conv2D")
    assert first.params["kernel_constraint"] == "max_norm"
    regularizer = first.params["kernel_regularizer"]
    assert regularizer["kind"] == "L1L2"
    assert regularizer["params"] == {"l2": 0.01}


def test_a_function_of_tensorflow_that_is_unknown_becomes_a_placeholder():
    data = json.loads((CORPUS / "tf_keras_2.json").read_text(encoding="utf-8"))
    entry = next(layer for layer in data["config"]["layers"] if layer["name"] == "tf.math.reduce_mean")
    entry["config"]["function"] = "signal.frame"

    imported = from_config(data)

    assert [
        node.params["function"] for node in imported.cells[-1].nodes.values() if ">" in node.kind or "TFOp" in node.kind
    ] == ["signal.frame"]
    assert len(imported.report.placeholders) == 1
