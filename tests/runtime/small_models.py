"""Compiled models whose training uses everything that a resume must bring back, and arrays for them."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np

from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all

ROWS, VALIDATION_ROWS, BATCH = 203, 45, 16


def plan(epochs: int = 2, callbacks: tuple = (), seed: int = 3, batch_size: int = BATCH) -> SimpleNamespace:
    return SimpleNamespace(epochs=epochs, batch_size=batch_size, seed=seed, callbacks=callbacks)


def dense_with_dropout() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8,))
    x = keras.layers.Dense(16, activation="relu", kernel_regularizer="l2")(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Dropout(0.3)(x)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 60)
    return _classifier(model, keras.optimizers.Adam(schedule)), _arrays((8,))


def image_with_noise() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.SpatialDropout2D(0.2)(x)
    x = keras.layers.Flatten()(x)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    return _classifier(model, keras.optimizers.Adam(0.01)), _arrays((8, 8, 1))


def recurrent() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((6, 3))
    x = keras.layers.Bidirectional(keras.layers.LSTM(5, dropout=0.2, recurrent_dropout=0.2))(inputs)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    return _classifier(model, keras.optimizers.Adam(0.01)), _arrays((6, 3))


def two_outputs() -> tuple[keras.Model, Arrays]:
    inputs = keras.Input((8,))
    x = keras.layers.GaussianNoise(0.1)(keras.layers.Dense(12, activation="relu")(inputs))
    label = keras.layers.Dense(3, activation="softmax")(x)
    size = keras.layers.Dense(1)(x)
    model = keras.Model(inputs, {"label": label, "size": size})
    model.output_names = ["label", "size"]
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.01),
        loss={"label": keras.losses.SparseCategoricalCrossentropy(), "size": keras.losses.MeanSquaredError()},
        metrics={
            "label": [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
            "size": [keras.metrics.MeanAbsoluteError(name="mae")],
        },
        jit_compile=False,
    )
    one = _arrays((8,))
    return model, Arrays(one.x, _both(one), one.validation_x, _both(one, validation=True))


MODELS = {
    "dense": dense_with_dropout,
    "image": image_with_noise,
    "recurrent": recurrent,
    "two outputs": two_outputs,
}


def make(name: str, optimizer: keras.optimizers.Optimizer | None = None) -> tuple[keras.Model, Arrays]:
    """The model of that name with the same first weights each time, and its arrays."""
    keras.utils.set_random_seed(11)
    model, arrays = MODELS[name]()
    if optimizer is not None:
        _classifier(model, optimizer)
    build_all(model, arrays.x, arrays.y)
    return model, arrays


def _classifier(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> keras.Model:
    model.compile(
        optimizer=optimizer,
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


def _both(arrays: Arrays, *, validation: bool = False) -> dict[str, np.ndarray]:
    x, y = (arrays.validation_x, arrays.validation_y) if validation else (arrays.x, arrays.y)
    return {"label": y, "size": x.sum(axis=1, keepdims=True).astype("float32")}
