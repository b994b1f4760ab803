"""The learning rate over the steps of a run that has not begun: a curve, with the rate at each step where the pointer
is."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, NumeralTickFormatter, PrintfTickFormatter

from ..theme import Mode, colour
from .figure_style import hover, paint, plain_figure, stretch

# As many as the plot has pixels; steps between two of them cannot be seen.
POINTS = 800


def curve_steps(steps: int) -> np.ndarray:
    """The steps at which the curve is computed: the first, the last, and evenly between."""
    return np.unique(np.linspace(0, max(steps - 1, 1), min(max(steps, 2), POINTS)).round().astype("int64"))


class SchedulePlot:
    """One curve; `show` gives it other values."""

    def __init__(self, mode: Mode) -> None:
        self._source = ColumnDataSource({"step": [], "rate": []})
        self.figure: Any = plain_figure(
            height=150, x_label="step", y_label="learning rate", x_range=(0, 1), y_range=(0, 1)
        )
        self._line = self.figure.line("step", "rate", source=self._source, line_width=2)
        self.figure.xaxis.formatter = NumeralTickFormatter(format="0,0")
        self.figure.yaxis.formatter = PrintfTickFormatter(format="%g")
        self.figure.add_tools(
            hover("step @step{0,0}", [("learning rate", "@rate{0.0000000}")], renderers=[self._line], mode="vline")
        )
        self.turn(mode)

    def show(self, steps: np.ndarray, rates: np.ndarray) -> None:
        """Step numbers from 0 and the rate at each, of the same length; shown as steps from 1, as the run counts."""
        self._source.data = {"step": steps + 1, "rate": rates}
        self.figure.x_range.update(start=1, end=int(steps[-1]) + 1)
        stretch(self.figure.y_range, 0.0, float(rates.max()))

    def turn(self, mode: Mode) -> None:
        """Takes the colours of light or dark."""
        paint(self.figure, mode)
        self._line.glyph.line_color = colour("plot-1", mode)
