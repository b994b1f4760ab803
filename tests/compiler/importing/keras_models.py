"""Small Keras models, each with something that an import may lose."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers, ops


def plain() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, (3, 3), strides=2, padding="same", use_bias=False, kernel_regularizer="l2"),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(max_value=6.0),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", kernel_initializer=keras.initializers.HeNormal(seed=3)),
        ],
        name="plain",
    )


def without_input() -> keras.Model:
    model = keras.Sequential([layers.Dense(3, activation=layers.LeakyReLU(0.1)), layers.Dense(2)])
    model.build((None, 5))
    return model


def shared_layers() -> keras.Model:
    one, two = keras.Input((6,), name="one"), keras.Input((6,), name="two")
    twice = layers.Dense(6, activation="tanh", name="twice")
    x, y = twice(one), twice(two)
    x = twice(x)
    return keras.Model([two, one], [layers.Add()([x, y]), x], name="shared")


def operators() -> keras.Model:
    x = keras.Input((6, 4))
    y = (2.0 * x - 1) / (ops.abs(x) + 0.5)
    y = y[:, 1:5:2, ..., :3] ** 2
    y = ops.concatenate([y, -y], axis=-1)
    left, middle, right = ops.split(y, 3, axis=-1)
    z = ops.where(left > right, middle, 0.25)
    z = ops.matmul(z, ops.transpose(right, (0, 2, 1)))
    return keras.Model(x, ops.mean(z, axis=1, keepdims=True))


def unstacked() -> keras.Model:
    x = keras.Input((3, 4))
    first, second, third = ops.unstack(x, axis=1)
    return keras.Model(x, [layers.Dense(2)(first), second * third])


def constants() -> keras.Model:
    x = keras.Input((3,))
    y = ops.matmul(x, ops.convert_to_tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]]))
    y = y + ops.convert_to_tensor([0.5, -0.5])
    return keras.Model(x, ops.maximum(y, ops.convert_to_tensor([0.0, 0.1])))


def attention() -> keras.Model:
    query, value = keras.Input((5, 8), name="query"), keras.Input((7, 8), name="value")
    mask = keras.Input((5, 7), dtype="bool", name="allowed")
    a = layers.MultiHeadAttention(2, 4, name="many")(query, value, key=value, attention_mask=mask)
    b, scores = layers.Attention()([query, value], return_attention_scores=True)
    c = layers.MultiHeadAttention(2, 4)(query, query, use_causal_mask=True)
    return keras.Model([query, value, mask], [a + b + c, scores])


def recurrent() -> keras.Model:
    words = keras.Input((6,), dtype="int32", name="words")
    x = layers.Embedding(20, 8, mask_zero=True)(words)
    seen, state_h, state_c = layers.LSTM(4, return_state=True, return_sequences=True)(x)
    y = layers.LSTM(4, return_sequences=True)(x, initial_state=[state_h, state_c])
    z = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="concat")(y)
    z = layers.TimeDistributed(layers.Dense(2, activation="relu"))(z)
    w = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])(seen)
    return keras.Model(words, [z, w])


def nested() -> keras.Model:
    inside = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="dense"), layers.Dropout(0.2)], name="inside")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    join = keras.Model(
        {"left": left, "right": right},
        {"sum": layers.Add()([inside(left), right]), "product": layers.Multiply()([left, right])},
        name="join",
    )
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    first = join({"left": a, "right": b})
    second = join({"left": first["product"], "right": first["sum"]})
    tail = keras.Sequential([layers.Dense(2, name="dense")], name="tail")
    return keras.Model([a, b], [tail(second["sum"]), second["product"]], name="outer")


def nested_lists() -> keras.Model:
    p, q = keras.Input((3,), name="p"), keras.Input((2,), name="q")
    both = keras.Model([q, p], [layers.Dense(3, name="d")(q), layers.Dense(2, name="e")(p)], name="both")
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    x, y = both([b, a])
    return keras.Model((a, b), both([y, x])[0])


def dicts() -> keras.Model:
    given = {"image": keras.Input((4, 4, 1), name="image"), "extra": keras.Input((3,), name="extra")}
    x = layers.Flatten()(given["image"])
    x = layers.Concatenate()([x, given["extra"]])
    return keras.Model(given, {"label": layers.Dense(2, name="head")(x), "value": layers.Dense(1)(x)}, name="dicts")


def normalised() -> keras.Model:
    x = keras.Input((4,))
    y = layers.Normalization(mean=[0.0, 1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0, 4.0])(x)
    y = layers.Rescaling(1 / 255.0, offset=0.5)(y)
    y = layers.Dense(
        3, kernel_constraint=keras.constraints.MaxNorm(2.0), activity_regularizer=keras.regularizers.L1(0.1)
    )(y)
    y = layers.GroupNormalization(3)(y)
    return keras.Model(x, layers.Activation("gelu")(y))


MODELS: dict[str, Callable[[], keras.Model]] = {
    made.__name__: made
    for made in (
        *(plain, without_input, shared_layers, operators, unstacked, constants, attention, recurrent, nested),
        *(nested_lists, dicts, normalised),
    )
}
