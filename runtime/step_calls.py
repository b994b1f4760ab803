"""Calls of the graph function: each does some steps, whose rows wait until they are written.

How many steps a call does follows the time that calls take; whether what came out are numbers is seen after each.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .bad_batch import BatchFailed, Diverged
from .checkpoints import Position
from .distribution.graph_steps import graph_steps
from .pace import MOST, Pace
from .pending_rows import PendingRows
from .progress import Progress
from .run_record import RunRecord


class StepCalls:
    """The calls of one run, of `most` steps at most. `graph` is what is called."""

    def __init__(self, model: keras.Model, record: RunRecord, most: int | None) -> None:
        self._model = model
        self.graph = graph_steps(model)
        self._pace = Pace(most or MOST)
        # The pace of a call that traces says nothing; `Pace` itself leaves out the first one of all.
        self._traced = True
        self._rows = PendingRows(record)
        self._last_drain = time.monotonic()

    @property
    def steps(self) -> int:
        """How many steps the next call had best do."""
        return self._pace.steps

    @property
    def step_s(self) -> float | None:
        """How long a step takes of late; None where that is not known yet."""
        return self._pace.step_s

    def trace_again(self) -> None:
        """Something has changed that is part of the graph."""
        self.graph = graph_steps(self._model)
        self._traced = False

    def run(self, batches: Any, position: Position, steps: int, *, measured: bool = True) -> Position:
        """Does `steps` steps and gives the position after them.

        Raises BatchFailed where a step could not be computed; Diverged where one came to no finite numbers, with the
        position after it."""
        began = time.monotonic()
        try:
            rows = np.asarray(self.graph.run(batches, steps))
        except (tf.errors.OpError, MemoryError, ValueError) as error:
            raise BatchFailed([_after(position, n) for n in range(1, steps + 1)]) from error
        ended = time.monotonic()
        if self._traced and measured:
            self._pace.took(steps, ended - began)
        self._traced = True
        bad = np.flatnonzero(rows[:, -1] == 0)
        self._rows.add(rows[: bad[0] + 1] if len(bad) else rows, ended)
        if len(bad):
            there = _after(position, int(bad[0]) + 1)
            raise Diverged(f"at step {there.step} the gradients were no longer finite numbers", there)
        return _after(position, steps)

    def drained_before(self) -> float:
        """How many seconds ago rows were written."""
        return time.monotonic() - self._last_drain

    def drain(self, position: Position, progress: Progress) -> None:
        """Writes the rows of the calls since the last time; `position` is that after the last of them."""
        self._last_drain = time.monotonic()
        self._rows.write(position, progress)


def _after(position: Position, steps: int) -> Position:
    return replace(position, step=position.step + steps, step_in_epoch=position.step_in_epoch + steps)
