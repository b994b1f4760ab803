"""Each batch cut into one piece for each replica: nobody gets a row twice, and together they see the global batch.

The batches are those of one device, in the same order and with the same augmentation; a machine takes the pieces of its
own replicas. A batch that cannot be cut evenly gives the first replicas one row more, and where there are fewer rows
than replicas the last ones get none.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import batches as of_one

_full_piece = 0


def rows_of_a_full_piece() -> int:
    """The most rows that a replica gets of one of the training batches that were made last in this process."""
    return _full_piece


def training_batches(arrays: of_one.Arrays, batch_size: int, seed: int, **begin: int) -> Any:
    """As `batches.training_batches`, for the replicas of the strategy in whose scope this is called."""
    global _full_piece
    _full_piece = -(-batch_size // tf.distribute.get_strategy().num_replicas_in_sync)
    return _distributed(of_one.training_batches(arrays, batch_size, seed, **begin))


def validation_batches(arrays: of_one.Arrays, batch_size: int) -> Any:
    """As `batches.validation_batches`, likewise."""
    return _distributed(of_one.validation_batches(arrays, batch_size))


def _distributed(batches: tf.data.Dataset) -> Any:
    strategy = tf.distribute.get_strategy()
    if strategy.num_replicas_in_sync == 1:
        return batches

    def pieces(context: tf.distribute.InputContext) -> tf.data.Dataset:
        replicas = context.num_replicas_in_sync
        here = replicas // context.num_input_pipelines
        return cut(batches, replicas, context.input_pipeline_id * here, here)

    return strategy.distribute_datasets_from_function(pieces)


def cut(batches: tf.data.Dataset, replicas: int, first: int, count: int) -> tf.data.Dataset:
    """For each batch its pieces `first`, … of `replicas`, `count` of them, one after another."""

    @tf.autograph.experimental.do_not_convert
    def pieces_of(*batch: Any) -> tf.data.Dataset:
        rows = tf.shape(tf.nest.flatten(batch)[0], tf.int64)[0]

        @tf.autograph.experimental.do_not_convert
        def piece(replica: tf.Tensor) -> Any:
            size = rows // replicas
            more = rows - size * replicas
            begin = replica * size + tf.minimum(replica, more)
            end = begin + size + tf.cast(replica < more, tf.int64)
            return tf.nest.map_structure(lambda values: values[begin:end], batch)

        return tf.data.Dataset.range(first, first + count).map(piece)

    return batches.flat_map(pieces_of)
