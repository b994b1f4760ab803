"""health.bin: one little-endian float64 record a look, in the form of metrics.bin; read without TensorFlow.

The columns stand in run.json under `health`: step, epoch, seconds, then for each layer in the order of the network
`gradient/<layer>`, `weight/<layer>`, `update/<layer>` (norms of its trainable variables together; the update's is that
of the change by this one step) and `dead/<layer>`, the share of its units that were zero for every row of the sample.
What a layer does not have is NaN. `nodes` maps layers to nodes of the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..metrics_file import FIRST_COLUMNS, read_metrics

FILE = "health.bin"
QUANTITIES = ("gradient", "weight", "update", "dead")


def columns_of(layers: list[str]) -> list[str]:
    """The columns of health.bin for these layers."""
    return [*FIRST_COLUMNS, *(f"{quantity}/{name}" for name in layers for quantity in QUANTITIES)]


@dataclass(slots=True)
class LayerSeries:
    """What was seen of one layer, look by look."""

    name: str
    node: str
    gradient: np.ndarray
    weight: np.ndarray
    update: np.ndarray
    dead: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """|Δw| / |w| of each look; NaN where there are no weights or all are zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.weight > 0, self.update / self.weight, np.nan)


@dataclass(slots=True)
class Health:
    """The layers in the order of the network; `steps` are those that were looked at."""

    steps: np.ndarray = field(default_factory=lambda: np.empty(0))
    layers: list[LayerSeries] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.steps)


def read_health(run_path: Path, info: dict[str, Any], last: int | None = None) -> Health:
    """What has been seen so far, or the last looks of it; `info` is what run.json says. Empty where nothing was."""
    told = info.get("health") or {}
    columns = list(told.get("columns") or [])
    if not columns:
        return Health()
    path = Path(run_path) / FILE
    start = 0
    if last is not None:
        try:
            start = max(path.stat().st_size // (8 * len(columns)) - last, 0)
        except OSError:
            return Health()
    rows = read_metrics(path, len(columns), start)
    nodes = told.get("nodes") or {}
    layers = []
    for place in range(len(FIRST_COLUMNS), len(columns), len(QUANTITIES)):
        name = columns[place].split("/", 1)[1]
        values = rows[:, place : place + len(QUANTITIES)].T
        layers.append(LayerSeries(name, str(nodes.get(name, "")), *values))
    return Health(rows[:, 0], layers)
