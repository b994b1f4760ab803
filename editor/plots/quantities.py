"""What of a run can be plotted, and how it is called. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

THROUGHPUT = "rows_per_second"
# Columns of metrics.bin that are no quality of the network, and those that are not worth a plot.
_CONDITIONS = ("gradient_norm", "learning_rate")
_NO_PLOT = {"step", "epoch", "seconds", "finite"}

_NAMES = {
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "rmse": "Root mean squared error",
    "auc": "Area under the curve",
    THROUGHPUT: "Rows per second",
}


def plotted(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns worth a plot each, the loss first; of several outputs the totals and one metric."""
    quality = [name for name in columns if name not in _NO_PLOT and name not in _CONDITIONS]
    others = [name for name in quality if name != "loss" and not name.endswith("_loss")]
    return ("loss", *others[:1]) if "loss" in quality else tuple(others[:2])


def selectable(columns: Sequence[str]) -> tuple[str, ...]:
    """Everything that can be plotted: what the network is worth first, then what it is trained by."""
    quality = [name for name in columns if name not in _NO_PLOT and name not in _CONDITIONS]
    conditions = [name for name in _CONDITIONS if name in columns]
    return (*quality, *conditions, *((THROUGHPUT,) if "seconds" in columns else ()))


def words(column: str) -> str:
    """A metric's name for people: `sparse_categorical_accuracy` is an accuracy like any other."""
    for family in ("accuracy", "loss"):
        if column.endswith(family):
            return family.capitalize()
    return _NAMES.get(column, column.replace("_", " ").capitalize())


def titles(columns: Sequence[str]) -> dict[str, str]:
    """`words` of each column, and the output's name as well where two would be called alike."""
    said = [words(name) for name in columns]
    return {
        name: word if said.count(word) == 1 else name.replace("_", " ").capitalize()
        for name, word in zip(columns, said, strict=True)
    }


class Throughput:
    """Rows per second from the times at which steps were done."""

    def __init__(self, rows_per_step: float) -> None:
        self._rows_per_step = rows_per_step
        self.clear()

    def clear(self) -> None:
        self._last: tuple[float, float] | None = None

    def of(self, steps: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """One number a step, NaN where no time has passed since the step before."""
        before = self._last or (np.nan, np.nan)
        self._last = float(steps[-1]), float(seconds[-1])
        taken = np.diff(seconds, prepend=before[1])
        done = np.diff(steps, prepend=before[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(taken > 0, done * self._rows_per_step / taken, np.nan)
