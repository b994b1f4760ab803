"""An earlier run as curves behind the one that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource

from ...runtime.run_directory import RunDirectory
from .downsample import Downsampled
from .quantities import THROUGHPUT, Throughput, selectable

# Further series of the theme; more runs at once nobody tells apart.
COLOURS = ("plot-3", "plot-4", "plot-5")
# A curve behind others needs fewer points than the one in front.
_CAPACITY = 500
_AT_ONCE = 100_000


class Compared:
    """Curves of one run by quantity. Reads its files when it is made: in the background for a long run."""

    def __init__(self, run: RunDirectory, colour: str = COLOURS[0]) -> None:
        self.run, self.colour = run, colour
        columns = run.columns()
        self.columns: Sequence[str] = selectable(columns)
        self._curve = Downsampled(self.columns, _CAPACITY)
        self.last_step = 0
        if columns:
            self._read(columns)
        self.source = ColumnDataSource(
            {name: np.asarray(v, float) for name, v in self._curve.everything().data.items()}
        )
        self.validation = ColumnDataSource(_validation(run, self.columns))

    def span(self, column: str) -> tuple[float, float] | None:
        """The lowest and highest value that a plot should show."""
        return self._curve.span(column) if column in self.columns and len(self._curve) else None

    def _read(self, columns: Sequence[str]) -> None:
        info = self.run.info()
        places = [list(columns).index(name) for name in self.columns if name != THROUGHPUT]
        throughput = Throughput(float(info.get("batch_size") or 1))
        path = self.run.path / "metrics.bin"
        try:
            count = path.stat().st_size // (8 * len(columns))
        except OSError:
            return
        if not count:
            return
        # Mapped and read in parts: a run of a million steps takes no more memory than a short one.
        rows = np.memmap(path, "<f8", "r", shape=(count, len(columns)))
        for start in range(0, count, _AT_ONCE):
            part = np.array(rows[start : start + _AT_ONCE])
            values = part[:, places]
            if THROUGHPUT in self.columns:
                values = np.column_stack([values, throughput.of(part[:, 0], part[:, 2])])
            self._curve.add(part[:, 0], values)
            self.last_step = int(part[-1, 0])


def _validation(run: RunDirectory, columns: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"step": []}
    epochs = run.epochs()
    names = [f"val_{name}" for name in columns if any(f"val_{name}" in (e.get("metrics") or {}) for e in epochs)]
    data |= {name: [] for name in names}
    for event in epochs:
        data["step"].append(float(event.get("step") or 0))
        for name in names:
            data[name].append(float((event.get("metrics") or {}).get(name, np.nan)))
    return data
