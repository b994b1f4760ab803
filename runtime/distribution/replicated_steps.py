"""The training step of several replicas that see one batch together, with the result of one device that sees it whole.

Each replica takes the mean over its own rows. So that a short batch counts as on one device, its loss is weighted by
its share of the rows. Gradients are summed before the optimizer sees them, so that clipping is that of the whole batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from ..train_steps import TrainSteps, _of_output
from .pieces import rows_of_a_full_piece
from .seeds_apart import seeds_apart

_SUM = tf.distribute.ReduceOp.SUM


class ReplicatedSteps(TrainSteps):
    """`TrainSteps` of the strategy in whose scope it is made."""

    def __init__(self, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
        super().__init__(model, optimizer)
        self._strategy = tf.distribute.get_strategy()
        self._of_machines = isinstance(self._strategy, tf.distribute.MultiWorkerMirroredStrategy)
        _leave_gradients_alone(optimizer)

    def _run_steps(self, iterator: Any, steps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        rows = tf.TensorArray(tf.float32, size=steps, element_shape=[len(self.columns)])

        def body(step: tf.Tensor, rows: tf.TensorArray, norms: tf.Tensor) -> tuple[Any, Any, Any]:
            row, norms = self._one_step(next(iterator))
            return step + 1, rows.write(step, row), norms

        norms = tf.zeros([len(self._model.trainable_weights)])
        _, rows, norms = tf.while_loop(lambda step, rows, norms: step < steps, body, [tf.constant(0), rows, norms])
        return rows.stack(), norms

    def _run_validation(self, iterator: Any, steps: tf.Tensor) -> tf.Tensor:
        def body(step: tf.Tensor) -> tf.Tensor:
            self._strategy.run(self._tested, args=next(iterator))
            return step + 1

        return tf.while_loop(lambda step: step < steps, body, [tf.constant(0)])[0]

    def _tested(self, x: Any, y: Any, weights: Any = None) -> None:
        """One replica's part of validation."""
        y_pred = self._model(x, training=False)
        self._losses_of(x, y, y_pred, weights, training=False)
        self._model.compute_metrics(x, y, y_pred, sample_weight=weights)

    def _one_step(self, batch: tuple[Any, ...]) -> tuple[tf.Tensor, tf.Tensor]:
        with _synchronized(self._model):
            summed, same = self._strategy.run(self._replica, args=batch)
        losses, states = (tf.nest.map_structure(self._sum, part) for part in summed)
        # Sums of gradients are the same everywhere; the first replica of this machine tells them.
        norm, norms, rate = (self._strategy.experimental_local_results(value)[0] for value in same)
        metrics = [metric.stateless_result(state) for (_, metric, *_), state in zip(self._metrics, states, strict=True)]
        finite = tf.math.is_finite(tf.cast(losses[0], tf.float32)) & tf.math.is_finite(norm)
        values = [*losses, *metrics, norm, rate, finite]
        return tf.stack([tf.cast(value, tf.float32) for value in values]), norms

    def _sum(self, value: Any) -> tf.Tensor:
        return self._strategy.reduce(_SUM, value, axis=None)

    def _replica(self, x: Any, y: Any, weights: Any = None) -> tuple[Any, Any]:
        """One replica's part, to be summed: its losses and the states of metrics; and what is the same in all."""
        model, optimizer = self._model, self._optimizer
        context = tf.distribute.get_replica_context()
        with tf.GradientTape() as tape, seeds_apart(model, context.replica_id_in_sync_group):
            y_pred = model(x, training=True)
            losses = self._losses_of(x, y, y_pred, weights, training=True)
        variables = model.trainable_weights
        own = tape.gradient(losses[0], variables)
        there = [self._summable(gradient, x) for gradient in own if gradient is not None]
        summed = iter(context.all_reduce(_SUM, there))
        gradients = [None if gradient is None else next(summed) for gradient in own]
        norm, norms = self._gradient_norms(gradients)
        rate = tf.convert_to_tensor(optimizer.learning_rate)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        model.compute_metrics(x, y, y_pred, sample_weight=weights)
        return (losses, self._states(y, y_pred, weights)), (norm, norms, rate)

    def _summable(self, gradient: Any, x: Any) -> Any:
        """Machines gather the rows of a sparse gradient, and TensorFlow holds them to the number that it met first. A
        short batch has fewer: zeros fill it up, which change no sum."""
        if not (self._of_machines and isinstance(gradient, tf.IndexedSlices)):
            return gradient
        context: Any = tf.distribute.get_replica_context()
        count = tf.shape(gradient.indices)[0]
        of_all = context.all_reduce(_SUM, tf.stack([count, tf.shape(tf.nest.flatten(x)[0])[0]]))
        missing = of_all[0] // of_all[1] * rows_of_a_full_piece() - count
        values = tf.pad(gradient.values, [[0, missing], *[[0, 0]] * (gradient.values.shape.rank - 1)])
        return tf.IndexedSlices(values, tf.pad(gradient.indices, [[0, missing]]), gradient.dense_shape)

    def _losses_of(self, x: Any, y: Any, y_pred: Any, weights: Any, *, training: bool) -> list[tf.Tensor]:
        """This replica's part of the loss, and of that of each output; the parts of all replicas add up to what one
        device would have. The epoch's means are kept with them."""
        model = self._model
        context: Any = tf.distribute.get_replica_context()
        replicas = context.num_replicas_in_sync
        rows = tf.cast(tf.shape(tf.nest.flatten(x)[0])[0], tf.float32)
        # 1 where all have as many rows. Keras has divided each mean by the number of replicas.
        share = rows * replicas / context.all_reduce(_SUM, rows)

        def counted(loss: Any) -> tf.Tensor:
            return tf.where(rows > 0, loss * tf.cast(share, loss.dtype), tf.zeros_like(loss))

        trackers = model._compile_loss.metrics if self._losses else []
        before = [tf.identity(tracker.total.value) for tracker in trackers]
        whole: Any = model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=weights, training=training)
        mean = tf.where(rows > 0, whole * replicas, tf.zeros_like(whole))
        model._loss_tracker.update_state(mean, sample_weight=rows)
        losses = [counted(loss_of(y, y_pred, weights)) for _, loss_of in self._losses]
        # Keras takes the mean over batches here, whatever their rows; a piece of a batch counts by its share.
        for tracker, total, loss in zip(trackers, before, losses, strict=True):
            tracker.total.assign(total + loss * replicas)
        return [counted(whole), *losses]

    def _states(self, y: Any, y_pred: Any, weights: Any) -> list[Any]:
        """Each metric's state after this replica's rows alone; sums, as Keras adds them up itself."""
        states = []
        for _, metric, output, weighted in self._metrics:
            fresh = metric.stateless_reset_state()
            batch = [_of_output(y, output), _of_output(y_pred, output)]
            states.append(metric.stateless_update_state(fresh, *batch, *([weights] if weighted else [])))
        return states


@contextmanager
def _synchronized(model: keras.Model) -> Iterator[None]:
    """Lets batch normalization, while a step is traced, take its statistics over all replicas; the network itself is
    saved as it was drawn."""
    layers: Any = model._flatten_layers()
    changed = [each for each in layers if isinstance(each, keras.layers.BatchNormalization) and not each.synchronized]
    for layer in changed:
        layer.synchronized = True
    try:
        yield
    finally:
        for layer in changed:
            layer.synchronized = False


def _leave_gradients_alone(optimizer: Any) -> None:
    """Keeps the optimizer from summing over replicas what is summed already."""
    if not hasattr(optimizer, "_all_reduce_sum_gradients"):
        raise RuntimeError("This Keras sums gradients of replicas in another place than the one that was checked.")
    optimizer._all_reduce_sum_gradients = list
