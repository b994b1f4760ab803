"""The outputs of watched layers for a few training rows: a forward pass that leaves nothing behind.

It runs in a StatelessScope, where whatever a layer would write (seeds, moving averages) goes nowhere, and eagerly: to
trace it would take longer than a look may cost.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ..batches import Arrays
from .watched import Watched

# Enough that a unit which is zero for all of them is not merely choosy.
ROWS = 64


class SampleRows:
    """The same training rows at every look, so that what changes between looks is the network."""

    def __init__(self, arrays: Arrays, rows: int = ROWS) -> None:
        count = min(rows, arrays.rows)
        chosen = np.sort(np.random.default_rng(0).choice(arrays.rows, count, replace=False))
        self.x, self.y = (
            keras.tree.map_structure(lambda array: tf.constant(array[chosen]), part) for part in (arrays.x, arrays.y)
        )


class DeadUnits:
    """The share of dead units of each watched layer that can have some."""

    def __init__(self, model: keras.Model, watched: list[Watched]) -> None:
        self._watched = [one for one in watched if one.output is not None]
        # A name of its own: Keras would else count one up for names that go into files.
        outputs = [one.output for one in self._watched]
        self._model = keras.Model(model.inputs, outputs, name="watched") if outputs else None

    def shares(self, x: Any) -> dict[str, float]:
        """Layer → share of its units (of a convolution: filters) that are zero for all rows of `x`, 0 to 1."""
        if self._model is None:
            return {}
        outputs = run_aside(self._model, x)
        found = [_dead_share(one, output) for one, output in zip(self._watched, outputs, strict=True)]
        return dict(zip((one.name for one in self._watched), tf.stack(found).numpy().tolist(), strict=True))


def run_aside(model: keras.Model, x: Any) -> list[Any]:
    """The outputs of a model, as in inference, with every write thrown away."""
    # The model was made of a list of inputs; Keras warns of anything else, a single tensor too.
    given = [x[tensor.name] for tensor in model.inputs] if isinstance(x, dict) else [x]
    with keras.StatelessScope():
        outputs = model(given, training=False)
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _dead_share(watched: Watched, output: tf.Tensor) -> tf.Tensor:
    units = 1 if getattr(watched.layer, "data_format", "") == "channels_first" else len(output.shape) - 1
    axes = [axis for axis in range(len(output.shape)) if axis != units]
    dead = tf.reduce_all(tf.equal(output, 0), axis=axes)
    return tf.reduce_mean(tf.cast(dead, tf.float32))
