"""The model as a function of TensorFlow that predicts: what SavedModel, ONNX and LiteRT are made of."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


def signature(model: keras.Model, rows: int | None = None) -> dict[str, tf.TensorSpec]:
    """The model's inputs by their names; `rows` is the size of the batch, None for any."""
    return {tensor.name: tf.TensorSpec((rows, *tensor.shape[1:]), tensor.dtype, tensor.name) for tensor in model.inputs}


def structured(by_name: dict[str, Any]) -> Any:
    """What a model takes: one tensor as it is, several by name."""
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name


def predicting(model: keras.Model) -> Any:
    """`Model.export` traces a call without saying that this is no training, and layers of augmentation then go on
    shifting and turning what they are given; so this says it."""
    return lambda inputs: model(inputs, training=False)
