"""Time: of each row, of the run so far, and how much is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .checkpoints import Position
    from .run_record import RunRecord

# Once a second: nobody reads a changing time faster.
_TELL_S = 1.0


class Progress:
    """Counts the seconds in which a run is trained; pauses and the time between a kill and a resume do not count."""

    def __init__(self, record: RunRecord, steps: int, epochs: int, before: float, first_step: int) -> None:
        self._record, self._steps, self._epochs = record, steps, epochs
        self._first_step = first_step
        self._zero = time.monotonic() - before
        self._began = time.monotonic()
        self._last_row = time.monotonic()
        self._last_told = -np.inf

    def running(self, step: int) -> None:
        """The graph is traced; what follows tells how long the rest takes."""
        self._first_step, self._began = step, time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._zero

    def rested(self, seconds: float) -> None:
        """Leaves a pause out of the time."""
        self._zero += seconds
        self._began += seconds
        self._last_row += seconds

    def row_seconds(self, numbers: np.ndarray, ends: np.ndarray, times: list[float]) -> np.ndarray:
        """When each row was computed: known for the last row of each call, evenly spread within a call."""
        result = np.interp(numbers, [0, *ends], [self._last_row, *times]) - self._zero
        self._last_row = times[-1]
        return result

    def seconds_left(self, step: int) -> float | None:
        """Estimated from the whole time so far, validation and checkpoints included; None before the first step."""
        done = step - self._first_step
        if done <= 0:
            return None
        return (time.monotonic() - self._began) / done * (self._steps * self._epochs - step)

    def tick(self, position: Position, steps_per_execution: int) -> None:
        """Tells how far the run is, once a second."""
        if time.monotonic() - self._last_told < _TELL_S:
            return
        self._last_told = time.monotonic()
        seconds = round(self.seconds(), 3)
        self._record.update(write=False, step=position.step, seconds=seconds, steps_per_execution=steps_per_execution)
        self._record.event(
            "progress",
            step=position.step,
            steps=self._steps * self._epochs,
            epoch=position.epoch + 1,
            epochs=self._epochs,
            seconds=seconds,
            seconds_left=_rounded(self.seconds_left(position.step)),
        )

    def epoch(self, epoch: int, step: int, logs: dict[str, float]) -> None:
        """Tells that an epoch (from 1) is complete, with its metrics; values that are no numbers are left out."""
        metrics = {name: value for name, value in logs.items() if np.isfinite(value)}
        self._record.update(write=False, step=step, seconds=round(self.seconds(), 3), metrics=metrics)
        self._record.event(
            "epoch",
            epoch=epoch,
            epochs=self._epochs,
            step=step,
            seconds=round(self.seconds(), 3),
            metrics=metrics,
            seconds_left=_rounded(self.seconds_left(step)),
        )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
