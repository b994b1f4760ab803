"""A curve of any length as a bounded number of points: neighbouring steps share a bin once there are too many. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

# More than a screen has pixels across a plot.
CAPACITY = 1_600

# The smoothed line looks back over about this many bins; over fewer at the beginning, where everything changes.
MEMORY = 10
EAGER = 4


@dataclass(frozen=True, slots=True)
class Update:
    """What a plot has to do: put `data` in the place of all points (`replace`), or mend the last point with `last`
    (where there is one) and add `data`."""

    replace: bool
    data: dict[str, np.ndarray]
    last: dict[str, float] = field(default_factory=dict)


class Downsampled:
    """Bins of equal width in steps. For each column the mean, lowest and highest value of a bin and a smoothed mean.

    Names in an update: `step`, and for each column `<name>`, `<name>_low`, `<name>_high`, `<name>_smooth`.
    """

    def __init__(self, columns: Sequence[str], capacity: int = CAPACITY) -> None:
        self.columns = tuple(columns)
        self.capacity = capacity
        self.clear()

    def clear(self) -> None:
        shape = (0, len(self.columns))
        self.width = 1
        self.rows = 0
        self._bins = np.empty(0, np.int64)
        self._counts = np.empty(shape)
        self._sums = np.empty(shape)
        self._lows = np.empty(shape)
        self._highs = np.empty(shape)
        self._smooth = np.empty(shape)

    def __len__(self) -> int:
        return len(self._bins)

    def add(self, steps: np.ndarray, values: np.ndarray) -> Update:
        """Takes rows in the order of their steps (from 1); values of shape (n, columns), NaN for none."""
        before = len(self)
        last_bin = int(self._bins[-1]) if before else -1
        self.rows += len(steps)
        self._append(*_binned((np.asarray(steps, np.int64) - 1) // self.width, np.asarray(values, float)))
        if len(self) > self.capacity:
            while len(self) > self.capacity:
                self._halve()
            self._smooth = self._smoothed(0)
            return Update(True, self._data(0))
        touched = bool(before) and len(steps) > 0 and (int(steps[0]) - 1) // self.width == last_bin
        start = before - 1 if touched else before
        self._smooth = np.concatenate([self._smooth[:start], self._smoothed(start)])
        last = {name: float(column[0]) for name, column in self._data(start).items()} if touched else {}
        return Update(False, self._data(before), last)

    def everything(self) -> Update:
        return Update(True, self._data(0))

    def span(self, column: str) -> tuple[float, float] | None:
        """The values that a plot should show of a column: all but the outermost hundredth on each side, and the
        smoothed line as well unless that would press everything else flat."""
        place = self.columns.index(column)
        means, smooth = self._means()[:, place], self._smooth[:, place]
        means, smooth = means[np.isfinite(means)], smooth[np.isfinite(smooth)]
        if not len(means):
            return None
        low, high = (float(end) for end in np.percentile(means, [1, 99]))
        room = 3 * (high - low)
        return min(low, max(float(smooth.min()), high - room)), max(high, min(float(smooth.max()), low + room))

    def _append(self, bins, counts, sums, lows, highs) -> None:
        if len(bins) and len(self) and bins[0] == self._bins[-1]:
            self._counts[-1] += counts[0]
            self._sums[-1] += sums[0]
            self._lows[-1] = np.fmin(self._lows[-1], lows[0])
            self._highs[-1] = np.fmax(self._highs[-1], highs[0])
            bins, counts, sums, lows, highs = bins[1:], counts[1:], sums[1:], lows[1:], highs[1:]
        self._bins = np.concatenate([self._bins, bins])
        self._counts = np.concatenate([self._counts, counts])
        self._sums = np.concatenate([self._sums, sums])
        self._lows = np.concatenate([self._lows, lows])
        self._highs = np.concatenate([self._highs, highs])

    def _halve(self) -> None:
        self.width *= 2
        bins = self._bins // 2
        starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
        self._bins = bins[starts]
        self._counts = np.add.reduceat(self._counts, starts)
        self._sums = np.add.reduceat(self._sums, starts)
        self._lows = np.fmin.reduceat(self._lows, starts)
        self._highs = np.fmax.reduceat(self._highs, starts)

    def _means(self) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return self._sums / self._counts

    def _smoothed(self, start: int) -> np.ndarray:
        """Smoothed means from bin `start` on."""
        means = self._means()
        current = self._smooth[start - 1].copy() if start else np.full(len(self.columns), np.nan)
        result = np.empty((len(means) - start, len(self.columns)))
        for place in range(start, len(means)):
            weight = max(EAGER / (place + EAGER), 1 / MEMORY)
            mean = means[place]
            blended = np.where(np.isnan(current), mean, current + weight * (mean - current))
            current = np.where(np.isnan(mean), current, blended)
            result[place - start] = current
        return result

    def _data(self, start: int) -> dict[str, np.ndarray]:
        means = self._means()
        # A bin stands at its middle, the last one at its last step.
        data = {"step": self._bins[start:] * self.width + (self.width + 1) / 2}
        for place, name in enumerate(self.columns):
            data[name] = means[start:, place]
            data[f"{name}_low"] = self._lows[start:, place]
            data[f"{name}_high"] = self._highs[start:, place]
            data[f"{name}_smooth"] = self._smooth[start:, place]
        return data


def _binned(bins: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows gathered by bin: bins, counts, sums, lowest, highest."""
    if not len(bins):
        empty = np.empty((0, values.shape[1] if values.ndim == 2 else 0))
        return bins, empty, empty, empty, empty
    starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
    finite = np.isfinite(values)
    known = np.where(finite, values, np.nan)
    return (
        bins[starts],
        np.add.reduceat(finite.astype(float), starts),
        np.add.reduceat(np.where(finite, values, 0.0), starts),
        np.fmin.reduceat(known, starts),
        np.fmax.reduceat(known, starts),
    )
