"""The training and validation step by JAX: the same rows of true values as TensorFlow's graph functions give.

The step is that of Keras' own JAX trainer, in the same order, with the values of single batches beside it. Variables
hold their values again after each call, so that checkpoints, settings and callbacks find what they expect.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jax
import keras
import numpy as np

from ..train_steps import TrainSteps

State = tuple[list[Any], ...]


class JaxSteps(TrainSteps):
    """`TrainSteps` of a model of the JAX backend."""

    def __init__(self, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
        super().__init__(model, optimizer)
        target: Any = model
        self._variables = (
            target.trainable_variables,
            target.non_trainable_variables,
            self._optimizer.variables,
            target.metrics_variables,
        )
        placed = _placed_as(self._state())
        self._train = jax.jit(self._one_step, out_shardings=(placed, None, None) if placed else None)
        self._test = jax.jit(lambda state, batch: target.test_step(state, batch)[1])

    def run(self, iterator: Any, steps: int) -> Any:
        """Trains on the next `steps` batches, which must be there, and gives rows of shape (steps, columns)."""
        state, rows, norms = self._state(), [], None
        with _failures_told():
            for _ in range(steps):
                state, row, norms = self._train(state, *_arrays(next(iterator)))
                rows.append(row)
            told = np.stack([np.asarray(row) for row in rows])
        self._put_back(self._variables, state)
        self.gradient_norms = None if norms is None else np.asarray(norms)
        return told

    def validate(self, iterator: Any, steps: int) -> None:
        """Adds the next `steps` batches to the model's metrics, as `evaluate` does."""
        trainable, others, _, metrics = self._variables
        state = tuple(_values(part) for part in (trainable, others, metrics))
        with _failures_told():
            for _ in range(steps):
                state = self._test(state, _arrays(next(iterator)))
        self._put_back((others, metrics), state[1:])

    def _state(self) -> State:
        return tuple(_values(part) for part in self._variables)

    def _put_back(self, variables: Any, state: Any) -> None:
        for part, values in zip(variables, state, strict=True):
            for variable, value in zip(part, values, strict=True):
                variable.assign(value)

    def _one_step(self, state: State, x: Any, y: Any, weights: Any = None) -> tuple[State, Any, Any]:
        """The state after a step, its row, and the gradient's norm of each trainable variable."""
        model: Any = self._model
        trainable, others, of_optimizer, of_metrics = state
        gradients_of = jax.value_and_grad(model.compute_loss_and_updates, has_aux=True)
        (_, (loss, y_pred, others, of_metrics)), gradients = gradients_of(
            trainable, others, of_metrics, x, y, weights, training=True, optimizer_variables=of_optimizer
        )
        numbers = jax.numpy
        norms = numbers.stack([numbers.linalg.norm(g.astype("float32").ravel()) for g in gradients])
        norm = numbers.linalg.norm(norms)
        rate = self._rate(of_optimizer)
        trainable, of_optimizer = self._optimizer.stateless_apply(of_optimizer, gradients, trainable)
        _, of_metrics = model._update_metrics_variables(of_metrics, loss, x, y, y_pred, weights)
        values = [
            loss,
            *(loss_of(y, y_pred, weights) for _, loss_of in self._losses),
            *self._metric_values(y, y_pred, weights),
            norm,
            rate,
            numbers.isfinite(loss) & numbers.isfinite(norm),
        ]
        row = numbers.stack([numbers.asarray(value, "float32") for value in values])
        return (trainable, others, of_optimizer, of_metrics), row, norms

    def _rate(self, of_optimizer: list[Any]) -> Any:
        """The learning rate of the step to come, of a schedule too."""
        with keras.StatelessScope(state_mapping=list(zip(self._optimizer.variables, of_optimizer, strict=True))):
            return keras.ops.convert_to_tensor(self._optimizer.learning_rate)


def is_finite(model: keras.Model, x: Any, y: Any) -> bool:
    """Whether loss and gradients of these rows are finite. Dropout and the like rest, so no seed is drawn."""
    target: Any = model
    trainable, others, metrics = (
        _values(part) for part in (target.trainable_variables, target.non_trainable_variables, target.metrics_variables)
    )

    def loss_of(values: list[Any]) -> Any:
        return target.compute_loss_and_updates(values, others, metrics, x, y, None, training=False)[0]

    loss, gradients = jax.value_and_grad(loss_of)(trainable)
    return all(bool(jax.numpy.isfinite(value).all()) for value in (loss, *gradients))


def _values(variables: Any) -> list[Any]:
    return [variable.value for variable in variables]


def _arrays(batch: Any) -> Any:
    """A batch of tensors as (x, y) or (x, y, weights) of arrays."""
    return keras.tree.map_structure(np.asarray, tuple(batch))


def _placed_as(state: State) -> State | None:
    """How each value lies on several devices, so that a step leaves it there; None on a single one."""
    if keras.distribution.distribution() is None:
        return None
    return tuple([value.sharding for value in part] for part in state)


@contextmanager
def _failures_told() -> Iterator[None]:
    """Errors of the compiled step by the types that the training loop knows of TensorFlow's."""
    try:
        yield
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" in str(error):
            raise MemoryError(str(error)) from error
        raise ValueError(str(error)) from error
