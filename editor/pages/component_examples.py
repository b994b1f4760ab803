"""What the page of components shows: an imagined run, problems, prose. Always the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...compiler.problems import Fix, Location, Problem
from ..cells.run_follower import Progress
from ..plots.live_plot import LivePlot

PROSE = """# Title of a notebook
The paragraph below a title is quieter. It has **weight**, *slant*, `code` and [a link](https://keras.io).

## A section
1. First
2. Second

> A remark set apart.

| Layer | Parameters |
|---|---|
| Dense | 1,290 |
"""

RUN_STATES = (
    Progress(state="building"),
    Progress(state="running", step=120, steps=630, epoch=2, epochs=10, seconds=4, seconds_left=17),
    Progress(state="paused", step=300, steps=630, epoch=5, epochs=10, seconds=9, seconds_left=11),
    Progress(
        state="finished",
        step=630,
        steps=630,
        epoch=10,
        epochs=10,
        seconds=21,
        metrics={"val_accuracy": 0.981, "loss": 0.06},
    ),
    Progress(state="stopped", step=211, steps=630, epoch=4, epochs=10, seconds=7),
    Progress(state="diverged", step=38, steps=630, epoch=1, epochs=10, seconds=2),
    Progress(state="failed", message="The disk is full: 0 bytes free in the folder of the notebook."),
    Progress(state="lost", step=90, steps=630, epoch=2, epochs=10, seconds=3),
)

PROBLEMS = (
    Problem(
        "S201",
        "add_1 cannot add (32) and (64)",
        Location("Reader", "add_1"),
        help="Both inputs of add need the same shape.",
        fixes=(Fix("Set units of dense_2 to 32", ("example",)),),  # pyright: ignore[reportArgumentType]
    ),
    Problem("T402", "The labels are numbers, the loss expects one-hot rows", Location("Training"), severity="warning"),
    Problem("D530", "12 rows without a label are left out", Location("Digits"), severity="info"),
)


def example_rows(steps: int = 400) -> np.ndarray:
    """Rows of an imagined run, always the same: step, epoch, seconds, loss, accuracy."""
    step = np.arange(1, steps + 1)
    noise = np.sin(step * 12.9898) * 43758.5453
    noise = (noise - np.floor(noise) - 0.5) * 0.25
    loss = 2.2 * np.exp(-step / 90) + 0.12 + noise * np.exp(-step / 300)
    return np.column_stack([step, step // 40 + 1, step / 20, loss, 1 - loss / 2.6])


def live_plot(mode: Any) -> LivePlot:
    plot = LivePlot(["step", "epoch", "seconds", "loss", "accuracy"], mode)
    plot.add(example_rows())
    plot.set_epochs(
        [
            {
                "step": 40 * n,
                "metrics": {"val_loss": 2.3 * math.exp(-n / 2.4) + 0.2, "val_accuracy": 0.93 - 0.7 / n**1.5},
            }
            for n in range(1, 11)
        ]
    )
    return plot
