"""From arrays to batches: each epoch another order, known from (seed, epoch), begun at any step.

Rows stay unbatched in memory or in a file; an epoch is a permutation of row numbers, cut into batches, and each batch
is gathered while the one before it is trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from .data.stored_rows import is_stored

# Enough that the next batches are ready, few enough to take little memory.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Arrays:
    """What a network is trained on. Each is an array, or a dict of them by Input or Output name; rows first.

    `weights` has a number for each row, or is None where all count alike. `augment(x, key)` changes a batch of `x` by
    chance in training: the same for the same key, which is (seed, epoch, batch).
    """

    x: Any
    y: Any
    validation_x: Any = None
    validation_y: Any = None
    weights: np.ndarray | None = None
    validation_weights: np.ndarray | None = None
    fingerprint: str = field(default="", compare=False)
    augment: Callable[[Any, tf.Tensor], Any] | None = field(default=None, compare=False)

    @property
    def training(self) -> tuple[Any, ...]:
        """(x, y) or (x, y, weights), as Keras takes it."""
        return (self.x, self.y) if self.weights is None else (self.x, self.y, self.weights)

    @property
    def validation(self) -> tuple[Any, ...]:
        """As `training`, of the rows that were held back."""
        held_back = (self.validation_x, self.validation_y)
        return held_back if self.validation_weights is None else (*held_back, self.validation_weights)

    @property
    def rows(self) -> int:
        return _rows(self.x)

    @property
    def validation_rows(self) -> int:
        return _rows(self.validation_x) if self.validation_x is not None else 0


def _rows(x: Any) -> int:
    return len(next(iter(x.values())) if isinstance(x, dict) else x)


def epoch_order(seed: int, epoch: int, rows: int) -> np.ndarray:
    """The row numbers in the order in which epoch `epoch` (from 0) sees them."""
    return np.random.default_rng([seed % 2**32, epoch]).permutation(rows)


def steps_per_epoch(rows: int, batch_size: int) -> int:
    return -(-rows // batch_size)


def training_batches(
    arrays: Arrays, batch_size: int, seed: int, *, epoch: int, step: int, epochs: int
) -> tf.data.Dataset:
    """Batches of `arrays.training` in epochs `epoch`, … `epochs` - 1; the first of them begins at its batch `step`.

    The last batch of an epoch may be short.
    """
    rows = arrays.rows

    def order(number: np.ndarray) -> np.ndarray:
        whole = epoch_order(seed, int(number), rows)
        return whole[step * batch_size :] if number == epoch else whole

    data = _tensors(arrays.training)

    # Nothing in these for AutoGraph to convert; looking for it would take half a second.
    @tf.autograph.experimental.do_not_convert
    def batches_of(number: tf.Tensor) -> tf.data.Dataset:
        numbers = tf.numpy_function(order, [number], tf.int64, stateful=False)
        numbers.set_shape([None])

        @tf.autograph.experimental.do_not_convert
        def batch_at(begin: tf.Tensor) -> Any:
            chosen = numbers[begin : begin + batch_size]
            return _each_once(lambda rows_: _rows_of(rows_, chosen), data)

        # Cut by batches, not put together from rows: handing on each row alone would cost more than gathering it.
        return tf.data.Dataset.range(0, tf.size(numbers, tf.int64), batch_size).map(batch_at)

    batches = tf.data.Dataset.range(epoch, epochs).flat_map(batches_of)
    if arrays.augment is not None:
        keys = _keys(rows, batch_size, seed, epoch=epoch, step=step, epochs=epochs)
        batches = tf.data.Dataset.zip(batches, keys).map(_augmenting(arrays.augment), num_parallel_calls=1)
    only_gathers = arrays.augment is None and not any(map(is_stored, tf.nest.flatten(data)))
    return batches.prefetch(_AHEAD).with_options(_options(only_gathers=only_gathers))


def _keys(rows: int, batch_size: int, seed: int, *, epoch: int, step: int, epochs: int) -> tf.data.Dataset:
    """For each batch of `training_batches` what its augmentation is drawn by."""
    steps = steps_per_epoch(rows, batch_size)
    places = tf.data.Dataset.range(epoch * steps + step, epochs * steps)
    return places.map(lambda place: tf.stack([tf.constant(seed % 2**32, tf.int64), place // steps, place % steps]))


def _augmenting(augment: Callable[[Any, tf.Tensor], Any]) -> Callable[..., Any]:
    @tf.autograph.experimental.do_not_convert
    def changed(batch: tuple[Any, ...], key: tf.Tensor) -> tuple[Any, ...]:
        return (augment(batch[0], key), *batch[1:])

    return changed


def _rows_of(rows: Any, numbers: tf.Tensor) -> tf.Tensor:
    """Rows by number: gathered from memory, or read from their file."""
    if not is_stored(rows):
        return tf.gather(rows, numbers)
    read = tf.numpy_function(lambda chosen: rows[chosen], [numbers], rows.dtype, stateful=False)
    read.set_shape([None, *rows.shape[1:]])
    return read


def validation_batches(arrays: Arrays, batch_size: int) -> tf.data.Dataset:
    """Batches `arrays.validation`, in its own order."""
    data = _tensors(arrays.validation)
    if any(is_stored(leaf) for leaf in tf.nest.flatten(data)):
        rows = arrays.validation_rows
        begins = tf.data.Dataset.range(0, rows, batch_size)

        @tf.autograph.experimental.do_not_convert
        def read(begin: tf.Tensor) -> Any:
            numbers = tf.range(begin, tf.minimum(begin + batch_size, rows))
            return tf.nest.map_structure(lambda rows_: _rows_of(rows_, numbers), data)

        return begins.map(read, num_parallel_calls=1).prefetch(_AHEAD).with_options(_options())
    return tf.data.Dataset.from_tensor_slices(data).batch(batch_size).prefetch(_AHEAD).with_options(_options())


def _tensors(structure: Any) -> Any:
    # On the host's memory, whatever device trains: batches go there one at a time.
    with tf.device("CPU:0"):
        return _each_once(lambda rows: rows if is_stored(rows) else tf.convert_to_tensor(rows), structure)


def _each_once(function: Callable[[Any], Any], structure: Any) -> Any:
    """`function` of each array of a structure; what stands there twice, as an autoencoder's target, is taken once."""
    made: dict[int, Any] = {}

    def once(array: Any) -> Any:
        if id(array) not in made:
            made[id(array)] = function(array)
        return made[id(array)]

    return tf.nest.map_structure(once, structure)


def _options(*, only_gathers: bool = False) -> tf.data.Options:
    options = tf.data.Options()
    options.deterministic = True
    # Few, small stages: tuning them in the background only takes time from training.
    options.autotune.enabled = False
    if only_gathers:
        # One thread beside training is enough to gather rows; more would be in the way of the step.
        options.threading.private_threadpool_size = 1
        options.threading.max_intra_op_parallelism = 1
    return options
