"""The chosen quantities of a run, batch by batch, while it goes on: one stream a tick, bounded in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d

from ..pages.markup import h
from ..theme import Mode
from .compared import Compared
from .downsample import Downsampled, Update
from .figure_style import Plot, stretch
from .overfitting import Best
from .quantities import THROUGHPUT, Throughput, plotted, selectable, titles, words
from .run_figure import HEIGHT, mark_best, paint_run_figure, run_figure

MOST_PLOTS = 4

# As LivePlot itself calls the columns that it draws of each quantity.
_PARTS = ("", "_low", "_high", "_smooth")


class LivePlot:
    """The figures of one run. All methods belong under the document's lock. `rows_per_step` is the batch size."""

    def __init__(self, columns: Sequence[str], mode: Mode = "light", rows_per_step: float = 1.0) -> None:
        self.selectable = selectable(columns)
        self.titles = titles(self.selectable)
        self.columns = plotted(columns)
        self.log = False
        self._places = [list(columns).index(name) for name in self.selectable if name != THROUGHPUT]
        self._step_place = list(columns).index("step")
        self._time_place = list(columns).index("seconds") if THROUGHPUT in self.selectable else None
        self._throughput = Throughput(rows_per_step)
        self._curve = Downsampled(self.selectable)
        self._epochs: list[dict[str, Any]] = []
        self.compared: list[Compared] = []
        self._best: Best | None = None
        self.points = 0
        self.step = 0
        self._mode: Mode = mode
        # What is streamed must not also stand in a whole that is sent with it.
        self._again = True
        self._fitting = False
        self.zoomed = False
        self._x_range = Range1d(start=0, end=1)
        self._x_range.on_change("start", self._moved)
        self.drag = "box_zoom"
        self.view = pn.Column(sizing_mode="stretch_width", margin=0, styles={"gap": "10px"})
        self._make()

    def clear(self) -> None:
        """Begins again with the next rows: the run was taken up at an earlier step."""
        self._curve.clear()
        self._throughput.clear()
        self.points = self.step = 0
        self._again = True

    def add(self, rows: np.ndarray) -> None:
        """Takes new rows of metrics.bin."""
        if not len(rows):
            return
        self.points += len(rows)
        steps = rows[:, self._step_place]
        self.step = int(steps[-1])
        values = rows[:, self._places]
        if self._time_place is not None:
            values = np.column_stack([values, self._throughput.of(steps, rows[:, self._time_place])])
        self._apply(self._curve.add(steps, values))
        self._fit()

    def set_epochs(self, epochs: Sequence[dict[str, Any]]) -> None:
        """Shows the validation values of completed epochs, each at its last step."""
        self._epochs = list(epochs)
        data = self._validation_data()
        if len(data["step"]) != len(self.validation.data["step"]) or data != self.validation.data:
            self.validation.data = data
            self._fit()

    def latest(self, column: str) -> float | None:
        """The smoothed value of a quantity at the last step; None where there is none yet."""
        if not len(self._curve):
            return None
        value = float(self._curve.everything().data[f"{column}_smooth"][-1])
        return value if np.isfinite(value) else None

    def choose(self, columns: Sequence[str]) -> None:
        """Shows these quantities, in the run's own order; at least one, at most MOST_PLOTS."""
        chosen = tuple(name for name in self.selectable if name in columns)[:MOST_PLOTS]
        if chosen and chosen != self.columns:
            self.columns = chosen
            self._make()

    def set_log(self, log: bool) -> None:
        """Draws values on a logarithmic scale, or not."""
        if log != self.log:
            self.log = log
            self._make()

    def set_drag(self, tool: str) -> None:
        """What dragging does: "box_zoom" or "pan"."""
        self.drag = tool
        for plot in self.figures:
            plot.toolbar.active_drag = next(each for each in plot.toolbar.tools if each.name == tool)

    def compare(self, runs: Sequence[Compared]) -> None:
        """Shows the curves of other runs behind this one's."""
        self.compared = list(runs)
        self._make()

    def mark_best(self, best: Best | None) -> None:
        """Marks the epoch at which validation was best; loudly where it turned."""
        if best != self._best:
            self._best = best
            for plot in self.figures:
                mark_best(plot, best, self.step, self._mode)

    def reset(self) -> None:
        """Shows everything again, and follows the run."""
        self.zoomed = False
        self._fit()

    def turn(self, mode: Mode) -> None:
        """Light or dark."""
        self._mode = mode
        for plot in self.figures:
            paint_run_figure(plot, mode)

    def _make(self) -> None:
        """The figures for what is chosen, with all points so far."""
        self.zoomed = False
        self.source = ColumnDataSource(self._drawn(self._curve.everything().data))
        self.validation = ColumnDataSource(self._validation_data())
        self._again = not len(self._curve)
        self.figures: list[Plot] = []
        cells = []
        for name in self.columns:
            plot = run_figure(name, self.source, self.validation, self._x_range, log=self.log, compared=self.compared)
            mark_best(plot, self._best, self.step, self._mode)
            self.figures.append(plot)
            heading = h("div", self.titles[name], class_="wf-plot-title")
            title = pn.pane.HTML(str(heading), margin=0, stylesheets=[_TITLE])
            pane = pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
            cells.append(pn.Column(title, pane, sizing_mode="stretch_width", margin=0, min_width=0))
        self.set_drag(self.drag)
        self.turn(self._mode)
        self._fit()
        rows = [cells[start : start + 2] for start in range(0, len(cells), 2)]
        self.view.objects = [
            pn.Row(*row, sizing_mode="stretch_width", margin=0, styles={"gap": "20px"}) for row in rows
        ]

    def _apply(self, update: Update) -> None:
        if update.replace or self._again:
            self._again = False
            self.source.data = self._drawn(self._curve.everything().data)
            return
        if update.last:
            place = len(self.source.data["step"]) - 1
            last = self._drawn({name: np.array([value]) for name, value in update.last.items()})
            self.source.patch({name: [(place, value[0])] for name, value in last.items()})
        if len(update.data["step"]):
            self.source.stream(self._drawn(update.data), rollover=self._curve.capacity + 1)

    def _drawn(self, data: dict[str, np.ndarray]) -> dict[str, Any]:
        """Of all columns those on screen; on a logarithmic scale without what has no logarithm."""
        drawn = {"step": np.asarray(data["step"], np.float64)} if "step" in data else {}
        for name in self.columns:
            for part in _PARTS:
                if f"{name}{part}" in data:
                    values = np.asarray(data[f"{name}{part}"], np.float64)
                    drawn[f"{name}{part}"] = np.where(values > 0, values, np.nan) if self.log else values
        return drawn

    def _validation_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {name: [] for name in ("step", *self.columns)}
        for event in self._epochs:
            metrics = event.get("metrics") or {}
            if not any(f"val_{name}" in metrics for name in self.columns):
                continue
            data["step"].append(float(event.get("step") or 0))
            for name in self.columns:
                data[name].append(float(metrics.get(f"val_{name}", np.nan)))
        return data

    def _moved(self, _attribute: str, _old: Any, _new: Any) -> None:
        if not self._fitting:
            self.zoomed = True

    def _fit(self) -> None:
        if self.zoomed:
            return
        self._fitting = True
        try:
            last = max(self.step, 1, *(run.last_step for run in self.compared))
            self._x_range.update(start=0, end=last * 1.01)
            for name, plot in zip(self.columns, self.figures, strict=True):
                spans = [self._curve.span(name), _span(self.validation.data[name])]
                spans += [run.span(name) for run in self.compared]
                known = [span for span in spans if span]
                if known:
                    low, high = min(low for low, _ in known), max(high for _, high in known)
                    stretch(plot.y_range, low, high, log=self.log)
        finally:
            self._fitting = False


_TITLE = """
.wf-plot-title { padding-left: 40px; font: 600 var(--wf-size-2)/1.6 var(--wf-font); color: var(--wf-text-2); }
"""


def _span(values: Any) -> tuple[float, float] | None:
    finite = [value for value in values if np.isfinite(value)]
    return (min(finite), max(finite)) if finite else None


__all__ = ["HEIGHT", "LivePlot", "plotted", "words"]
