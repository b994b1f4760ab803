"""The chief's graph functions: before each it tells the other machines to do the same, since all compute together.

Whatever takes a sum over machines must be done by all of them in the same order: steps, validation, and reading the
states of metrics. Only the chief decides what comes next, by its clock, its user and its callbacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from .gather import Lead
from .replicated_steps import ReplicatedSteps
from .team import wait_until_noticed

# What a machine meets by itself, whether the others are there or not.
OWN_FAILURES = (tf.errors.ResourceExhaustedError, tf.errors.InvalidArgumentError)


class LedSteps(ReplicatedSteps):
    def __init__(self, model: keras.Model, optimizer: keras.optimizers.Optimizer, lead: Lead) -> None:
        super().__init__(model, optimizer)
        self._lead = lead
        self._validated: Any = None
        target: Any = model
        if not hasattr(target, "before_reading"):
            target.before_reading = lambda: lead.tell("read")
            target.get_metrics_result = _telling(lead, "results", model.get_metrics_result)
            target.save = _telling(lead, "save", model.save)
            target.reset_metrics = _telling(lead, "reset", model.reset_metrics)

    def run(self, iterator: Any, steps: int) -> tf.Tensor:
        self._lead.tell("train", steps=steps, rate=plain_rate(self._optimizer))
        return self._together(lambda: super(LedSteps, self).run(iterator, steps))

    def validate(self, iterator: Any, steps: int) -> None:
        self._lead.tell("validate", steps=steps, begin=iterator is not self._validated)
        self._validated = iterator
        self._together(lambda: super(LedSteps, self).validate(iterator, steps))

    def _together(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except tf.errors.OpError as error:
            if not isinstance(error, OWN_FAILURES):
                wait_until_noticed()
            raise


def plain_rate(optimizer: Any) -> float | None:
    """The learning rate that callbacks and users may set; None where a schedule has it."""
    rate = getattr(optimizer, "_learning_rate", None)
    return float(rate.numpy()) if isinstance(rate, keras.Variable) else None


def _telling(lead: Lead, do: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def told(*arguments: Any, **named: Any) -> Any:
        # Keras asks for results while a step is traced too; there is nothing to compute then.
        if tf.distribute.in_cross_replica_context():
            lead.tell(do)
        return method(*arguments, **named)

    return told
