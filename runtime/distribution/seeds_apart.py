"""Other random numbers in each replica.

Keras gives every replica the same seeds, so their dropout would leave out the same units of different rows. Within a
step a replica's seeds are moved by its number, and back; between steps all are equal again, so that one value is kept
in a checkpoint, and replica 0 draws what a single device would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

# A prime, so that replicas meet no seed of a layer beside.
_APART = 104_729
_SEED = "seed_generator_state"


@contextmanager
def seeds_apart(model: keras.Model, replica: Any) -> Iterator[None]:
    """To be entered in a replica, around what draws random numbers."""
    seeds = [variable for variable in model.variables if variable.name == _SEED]
    by = tf.stack([tf.cast(replica, tf.int64) * _APART, tf.constant(0, tf.int64)])
    for seed in seeds:
        seed.assign(seed.value + tf.cast(by, seed.dtype))
    yield
    for seed in seeds:
        seed.assign(seed.value - tf.cast(by, seed.dtype))
