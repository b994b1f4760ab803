"""After the memory did not suffice: how many rows would have fitted, found by trying."""

from __future__ import annotations

import gc
import time

import keras
import tensorflow as tf

from .batches import Arrays
from .distribution.graph_steps import graph_steps
from .distribution.pieces import training_batches
from .distribution.team import present

# Tries after the first one that fits, each of which halves what is not known.
_CLOSER = 3
_PATIENCE_S = 60.0


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether TensorFlow, JAX or Python had no memory left."""
    return isinstance(error, MemoryError | tf.errors.ResourceExhaustedError)


def largest_batch(model: keras.Model, arrays: Arrays, batch_size: int) -> int:
    """The most rows below `batch_size` of which a step was done; 0 where none was. The model is trained by the trials:
    it is of a run that has failed."""
    if present() is not None:
        return 0  # The other machines would have to try as well.
    ends = time.monotonic() + _PATIENCE_S
    fits, too_many = 0, min(batch_size, arrays.rows)
    closer = _CLOSER
    while too_many - fits > 1 and closer and time.monotonic() < ends:
        rows = fits + (too_many - fits) // 2
        if _can_do(model, arrays, rows):
            fits = rows
        else:
            too_many = rows
        closer -= fits > 0
    return fits


def _can_do(model: keras.Model, arrays: Arrays, rows: int) -> bool:
    gc.collect()
    batches = iter(training_batches(arrays, rows, 0, epoch=0, step=0, epochs=1))
    try:
        graph_steps(model).run(batches, 1)
    except (MemoryError, tf.errors.OpError, ValueError):
        return False
    return True
