"""The validation part, passed through after each epoch as `evaluate` would."""

from __future__ import annotations

import time
from typing import Any

import keras
import numpy as np

from .batches import Arrays, steps_per_epoch
from .distribution.pieces import validation_batches
from .pace import Pace
from .rest import Rest
from .train_steps import TrainSteps


class Validation:
    """Loss and metrics of the rows that are held out; none where there are no such rows."""

    def __init__(self, model: keras.Model, arrays: Arrays, batch_size: int) -> None:
        self._model = model
        self._steps = steps_per_epoch(arrays.validation_rows, batch_size) if arrays.validation_rows else 0
        self._batches = validation_batches(arrays, batch_size) if self._steps else None
        self._pace = Pace()

    def run(self, graph: TrainSteps, callbacks: keras.callbacks.CallbackList, rest: Rest) -> dict[str, float]:
        """The values by `val_` name. Raises Stopped."""
        if self._batches is None:
            return {}
        callbacks.on_test_begin()
        self._model.reset_metrics()
        batches = iter(self._batches)
        done = 0
        while done < self._steps:
            count = min(self._pace.steps, self._steps - done)
            began = time.monotonic()
            graph.validate(batches, count)
            self._pace.took(count, time.monotonic() - began)
            done += count
            rest.obey(at_rest=False)
        logs = plain_numbers(self._model.get_metrics_result())
        callbacks.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}


def plain_numbers(logs: dict[str, Any]) -> dict[str, float]:
    """Logs as plain numbers, and those of several values (F1Score) by their mean."""
    return {name: float(np.mean(np.asarray(keras.ops.convert_to_numpy(value), float))) for name, value in logs.items()}
