"""Rows of steps that are done and not yet in metrics.bin."""

from __future__ import annotations

import numpy as np

from .checkpoints import Position
from .progress import Progress
from .run_record import RunRecord


class PendingRows:
    """Gathers the values of calls, and writes them with step, epoch and seconds before them."""

    def __init__(self, record: RunRecord) -> None:
        self._record = record
        self._calls: list[tuple[np.ndarray, float]] = []

    def add(self, values: np.ndarray, ended: float) -> None:
        """The values of the steps of one call, which ended at that time of the monotonic clock."""
        self._calls.append((values, ended))

    def write(self, position: Position, progress: Progress) -> None:
        """Writes all rows; the last one is of the step at `position`. Raises OSError."""
        if not self._calls:
            return
        calls, self._calls = self._calls, []
        values = np.concatenate([values for values, _ in calls])
        count = len(values)
        rows = np.empty((count, 3 + values.shape[1]))
        rows[:, 0] = position.step - count + 1 + np.arange(count)
        rows[:, 1] = position.epoch + 1
        ends = np.cumsum([len(values) for values, _ in calls])
        rows[:, 2] = progress.row_seconds(np.arange(1, count + 1), ends, [ended for _, ended in calls])
        rows[:, 3:] = values
        self._record.rows(rows)
