"""Models for the table of strategies: no random layers, no bias before batch normalization, and what each is there for.

Adam turns the rounding noise of a bias that batch normalization takes away into steps, so there is none.
"""

from __future__ import annotations

import keras
import numpy as np

from weftwork.runtime.batches import Arrays

# The last batch of an epoch is short, and odd: replicas get unequal numbers of rows.
ROWS, VALIDATION_ROWS, BATCH = 83, 21, 16


def dense() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8,))
    x = keras.layers.Dense(16, activation="relu", kernel_regularizer="l2")(inputs)
    return _classifier(inputs, x), _arrays((8,))


def image() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    return _classifier(inputs, keras.layers.Flatten()(x)), _arrays((8, 8, 1))


def recurrent() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((6, 3))
    return _classifier(inputs, keras.layers.LSTM(5)(inputs)), _arrays((6, 3))


def embedding() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((6,), dtype="int64")
    x = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(20, 4)(inputs))
    arrays = _arrays((6,))
    x_of = [np.mod(np.abs(part * 10).astype("int64"), 20) for part in (arrays.x, arrays.validation_x)]
    return _classifier(inputs, x), Arrays(x_of[0], arrays.y, x_of[1], arrays.validation_y)


def two_outputs() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8,))
    x = keras.layers.Dense(12, activation="relu")(inputs)
    model = keras.Model(inputs, {"label": keras.layers.Dense(3, activation="softmax")(x), "size": _size(x)})
    model.output_names = ["label", "size"]
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.01, clipnorm=0.5),
        loss={"label": keras.losses.SparseCategoricalCrossentropy(), "size": keras.losses.MeanSquaredError()},
        metrics={
            "label": [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
            "size": [keras.metrics.MeanAbsoluteError(name="mae")],
        },
        jit_compile=False,
    )
    one = _arrays((8,))
    y, validation_y = (
        {"label": label, "size": x.sum(axis=1, keepdims=True).astype("float32")}
        for x, label in ((one.x, one.y), (one.validation_x, one.validation_y))
    )
    weights = np.linspace(0.5, 2, ROWS).astype("float32")
    return model, Arrays(one.x, y, one.validation_x, validation_y, weights)


def one_row_left() -> tuple[keras.Model, Arrays]:
    """The last batch has a single row: of two replicas one gets none."""
    model, arrays = dense()
    return model, Arrays(arrays.x[:-2], arrays.y[:-2], arrays.validation_x[:-4], arrays.validation_y[:-4])


def dropout() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8,))
    x = keras.layers.Dropout(0.5)(keras.layers.Dense(16, activation="relu")(inputs))
    return _classifier(inputs, x), _arrays((8,))


MODELS = {
    "dense": dense,
    "CNN with batch normalization": image,
    "recurrent": recurrent,
    "two outputs": two_outputs,
    "embedding": embedding,
    "one row left": one_row_left,
}


def _size(x: keras.KerasTensor) -> keras.KerasTensor:
    return keras.layers.Dense(1)(x)


def _classifier(inputs: keras.KerasTensor, x: keras.KerasTensor) -> keras.Model:
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
        jit_compile=False,
    )
    return model


def _arrays(shape: tuple[int, ...]) -> Arrays:
    random = np.random.default_rng(0)
    x = random.normal(size=(ROWS + VALIDATION_ROWS, *shape)).astype("float32")
    y = np.digitize(x.reshape(len(x), -1)[:, :3].sum(axis=1), [-1, 1]).astype("int64")
    return Arrays(x[:ROWS], y[:ROWS], x[ROWS:], y[ROWS:])
