"""The training and validation step as graph functions that run any number of steps in one call.

One call gives the true values of each of its steps as rows: nothing is averaged, and the host looks at them when it
likes. The number of steps is an argument, so one trace serves for 1 and for 100. Nothing is set on the model, which is
saved as the plain Functional that was drawn.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

# A metric is shown batch by batch while its state is small; a huge one would cost more than the step.
_LARGEST_METRIC_STATE = 4096


class TrainSteps:
    """Steps of a compiled and built model.

    `columns` names the values of a row: loss, the loss of each output where there are several, metrics,
    gradient_norm, learning_rate, finite.
    """

    def __init__(self, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
        self._model = model
        self._optimizer: Any = optimizer
        self._skips_overflow = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        self._losses = _output_losses(model)
        self._metrics = _batch_metrics(model)
        # Of the last step, one number for each trainable variable; NaN for one that has no gradient.
        self.gradient_norms: Any = None
        self.columns = [
            "loss",
            *(name for name, _ in self._losses),
            *(name for name, *_ in self._metrics),
            "gradient_norm",
            "learning_rate",
            "finite",
        ]
        self._run = tf.function(self._run_steps, reduce_retracing=True, autograph=False)
        self._validate = tf.function(self._run_validation, reduce_retracing=True, autograph=False)

    def run(self, iterator: Any, steps: int) -> tf.Tensor:
        """Trains on the next `steps` batches, which must be there, and gives rows of shape (steps, columns)."""
        rows, self.gradient_norms = self._run(iterator, tf.constant(steps))
        return rows

    def validate(self, iterator: Any, steps: int) -> None:
        """Adds the next `steps` batches to the model's metrics, as `evaluate` does."""
        self._validate(iterator, tf.constant(steps))

    def _run_steps(self, iterator: Any, steps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        rows = tf.TensorArray(tf.float32, size=steps, element_shape=[len(self.columns)])
        one_step = self._compiled(self._step)

        def body(step: tf.Tensor, rows: tf.TensorArray, norms: tf.Tensor) -> tuple[Any, Any, Any]:
            row, norms = one_step(*next(iterator))
            return step + 1, rows.write(step, row), norms

        norms = tf.zeros([len(self._model.trainable_weights)])
        _, rows, norms = tf.while_loop(lambda step, rows, norms: step < steps, body, [tf.constant(0), rows, norms])
        return rows.stack(), norms

    def _run_validation(self, iterator: Any, steps: tf.Tensor) -> tf.Tensor:
        one_step = self._compiled(lambda *batch: self._model.test_step(batch))

        def body(step: tf.Tensor) -> tf.Tensor:
            one_step(*next(iterator))
            return step + 1

        return tf.while_loop(lambda step: step < steps, body, [tf.constant(0)])[0]

    def _compiled(self, step: Any) -> Any:
        """The step, by XLA where the model is compiled so; reading batches stays outside of it, as in Keras."""
        if not self._model.jit_compile:
            return step
        return tf.function(step, jit_compile=True, reduce_retracing=True, autograph=False)

    def _step(self, x: Any, y: Any, weights: Any = None) -> tuple[tf.Tensor, tf.Tensor]:
        """As keras.Model.train_step of the TensorFlow backend, in the same order, so that the same bits come out.

        Gives the row, and the gradient's norm of each trainable variable."""
        model, optimizer = self._model, self._optimizer
        with tf.GradientTape() as tape:
            y_pred = model(x, training=True)
            loss: Any = model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=weights, training=True)
            model._loss_tracker.update_state(loss, sample_weight=tf.shape(tf.nest.flatten(x)[0])[0])
            scaled: Any = optimizer.scale_loss(loss)
        variables = model.trainable_weights
        gradients = tape.gradient(scaled, variables)
        norm, norms = self._gradient_norms(gradients)
        learning_rate = tf.convert_to_tensor(optimizer.learning_rate)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        model.compute_metrics(x, y, y_pred, sample_weight=weights)
        finite = tf.math.is_finite(tf.cast(loss, tf.float32))
        if self._skips_overflow:
            # The optimizer left the step out and tries a smaller scale: no sign of a run that diverges.
            norm = tf.where(tf.math.is_finite(norm), norm, float("nan"))
        else:
            finite &= tf.math.is_finite(norm)
        values = [
            loss,
            *(loss_of(y, y_pred, weights) for _, loss_of in self._losses),
            *self._metric_values(y, y_pred, weights),
            norm,
            learning_rate,
            finite,
        ]
        return tf.stack([tf.cast(value, tf.float32) for value in values]), norms

    def _gradient_norms(self, gradients: list[Any]) -> tuple[Any, Any]:
        """Of all gradients together, and of each; without the factor that keeps small ones from vanishing in low
        precision. Both come out of the same sums: what is known of single layers costs no time."""
        tensors = [g.values if isinstance(g, tf.IndexedSlices) else g for g in gradients]
        known = [tf.cast(tf.nn.l2_loss(tensor), tf.float32) for tensor in tensors if tensor is not None]
        halves = iter(known)
        each = tf.stack([tf.constant(math.nan) if tensor is None else next(halves) for tensor in tensors])
        norm, norms = tf.sqrt(2.0 * tf.reduce_sum(tf.stack(known))), tf.sqrt(2.0 * each)
        if self._skips_overflow:
            scale = tf.cast(tf.convert_to_tensor(self._optimizer.dynamic_scale), tf.float32)
        elif self._optimizer.loss_scale_factor is not None:
            scale = tf.cast(self._optimizer.loss_scale_factor, tf.float32)
        else:
            return norm, norms
        return norm / scale, norms / scale

    def _metric_values(self, y: Any, y_pred: Any, weights: Any) -> list[tf.Tensor]:
        """Each metric of this batch alone; the metric's own state, the epoch's mean, is not touched."""
        values = []
        for _, metric, output, weighted in self._metrics:
            fresh = metric.stateless_reset_state()
            batch = [_of_output(y, output), _of_output(y_pred, output)]
            after = metric.stateless_update_state(fresh, *batch, *([weights] if weighted else []))
            values.append(metric.stateless_result(after))
        return values


def _of_output(values: Any, output: int | str | None) -> Any:
    return values if output is None else values[output]


def _output_losses(model: keras.Model) -> list[tuple[str, Any]]:
    """Name and function of the loss of each output, where there are several."""
    losses = model._compile_loss._flat_losses
    if len(losses) < 2:
        return []

    def at(path: tuple[Any, ...], values: Any) -> Any:
        for key in path:
            values = values[key]
        return values

    return [
        (
            f"{loss.name}_loss",
            lambda y, y_pred, weights, loss=loss: loss.loss(at(loss.path, y), at(loss.path, y_pred), weights),
        )
        for loss in losses
    ]


def _batch_metrics(model: keras.Model) -> list[tuple[str, keras.metrics.Metric, Any, bool]]:
    """Name in the logs, metric, output, and whether rows count by their weight, of each compiled metric whose state is
    small."""
    compiled = model._compile_metrics
    if compiled is None:
        return []
    outputs: list[Any] = compiled._resolved_output_names or [None]
    found = []
    names: dict[str, int] = {}
    for weighted, metrics in ((False, compiled._flat_metrics), (True, compiled._flat_weighted_metrics)):
        for output, of_output in zip(outputs, metrics, strict=True):
            for metric in of_output.metrics if of_output else ():
                name = f"{of_output.output_name}_{metric.name}" if of_output.output_name else metric.name
                count = names[name] = names.get(name, -1) + 1
                if sum(math.prod(variable.shape) for variable in metric.variables) <= _LARGEST_METRIC_STATE:
                    found.append((f"{name}_{count}" if count else name, metric, output, weighted))
    return found
