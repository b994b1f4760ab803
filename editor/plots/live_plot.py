"""Loss and metric of a run, batch by batch, while it goes on: one source, one stream a tick, bounded in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d

from ..theme import Mode, colour
from .downsample import Downsampled, Update
from .figure_style import Plot, hover, paint, plain_figure, stretch

HEIGHT = 216

# Columns of metrics.bin that are no quality of the network.
_NO_QUALITY = {"step", "epoch", "seconds", "gradient_norm", "learning_rate", "finite"}


def plotted(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns worth a plot each, the loss first; of several outputs the totals and one metric."""
    quality = [name for name in columns if name not in _NO_QUALITY]
    others = [name for name in quality if name != "loss" and not name.endswith("_loss")]
    return ("loss", *others[:1]) if "loss" in quality else tuple(others[:2])


_SHORT_NAMES = {
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "rmse": "Root mean squared error",
    "auc": "Area under the curve",
}


def words(column: str) -> str:
    """A metric's name for people: `sparse_categorical_accuracy` is an accuracy like any other."""
    for family in ("accuracy", "loss"):
        if column.endswith(family):
            return family.capitalize()
    return _SHORT_NAMES.get(column, column.replace("_", " ").capitalize())


class LivePlot:
    """The figures of one run. All methods belong under the document's lock."""

    def __init__(self, columns: Sequence[str], mode: Mode = "light") -> None:
        self.columns = plotted(columns)
        self._places = [list(columns).index(name) for name in self.columns]
        self._step_place = list(columns).index("step")
        self._curve = Downsampled(self.columns)
        self.points = 0
        self.step = 0
        self._mode: Mode = mode
        # What is streamed must not also stand in a whole that is sent with it.
        self._again = True
        self.source = ColumnDataSource(_plain(self._curve.everything().data))
        self.validation = ColumnDataSource({name: [] for name in ("step", *self.columns)})
        self._x_range = Range1d(start=0, end=1)
        self.figures = [self._figure(name) for name in self.columns]
        self.turn(mode)
        self.view = pn.Row(
            *(pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0) for plot in self.figures),
            sizing_mode="stretch_width",
            margin=0,
            styles={"gap": "20px"},
        )

    def clear(self) -> None:
        """Begins again with the next rows: the run was taken up at an earlier step."""
        self._curve.clear()
        self.points = self.step = 0
        self._again = True

    def add(self, rows: np.ndarray) -> None:
        """Takes new rows of metrics.bin."""
        if not len(rows):
            return
        self.points += len(rows)
        self.step = int(rows[-1, self._step_place])
        self._apply(self._curve.add(rows[:, self._step_place], rows[:, self._places]))
        self._fit()

    def set_epochs(self, epochs: Sequence[dict[str, Any]]) -> None:
        """Shows the validation values of completed epochs, each at its last step."""
        data: dict[str, Any] = {name: [] for name in ("step", *self.columns)}
        for event in epochs:
            metrics = event.get("metrics") or {}
            if not any(f"val_{name}" in metrics for name in self.columns):
                continue
            data["step"].append(float(event.get("step") or 0))
            for name in self.columns:
                data[name].append(float(metrics.get(f"val_{name}", np.nan)))
        if len(data["step"]) != len(self.validation.data["step"]) or data != self.validation.data:
            self.validation.data = data
            self._fit()

    def turn(self, mode: Mode) -> None:
        """Light or dark."""
        self._mode = mode
        for plot in self.figures:
            paint(plot, mode)
            for renderer in plot.renderers:
                glyph = renderer.glyph
                if renderer.name == "band":
                    glyph.fill_color = colour("plot-1", mode)
                elif renderer.name == "validation":
                    glyph.update(fill_color=colour("plot-2", mode), line_color=colour("surface", mode))
                elif renderer.name == "validation-line":
                    glyph.line_color = colour("plot-2", mode)
                else:
                    glyph.line_color = colour("plot-1", mode)

    def _figure(self, name: str) -> Plot:
        plot = plain_figure(height=HEIGHT, x_range=self._x_range, y_range=Range1d(start=0, end=1))
        plot.varea("step", f"{name}_low", f"{name}_high", source=self.source, name="band", fill_alpha=0.14)
        plot.line("step", name, source=self.source, name="raw", line_alpha=0.35, line_width=1)
        smooth = plot.line(
            "step", f"{name}_smooth", source=self.source, name="smooth", line_width=2.2, line_join="round"
        )
        plot.line("step", name, source=self.validation, name="validation-line", line_width=1.6)
        points = plot.scatter("step", name, source=self.validation, name="validation", size=8, line_width=1.5)
        value = f"@{{{name}}}{{0.0000}}"
        smoothed = f"@{{{name}_smooth}}{{0.0000}}"
        plot.add_tools(
            hover("Step @step{0,0}", [("smoothed", smoothed), ("batch", value)], renderers=[smooth], mode="vline"),
            hover("After step @step{0,0}", [("validation", value)], renderers=[points]),
        )
        return plot

    def _apply(self, update: Update) -> None:
        if update.replace or self._again:
            self._again = False
            self.source.data = _plain(self._curve.everything().data)
            return
        if update.last:
            place = len(self.source.data["step"]) - 1
            self.source.patch({name: [(place, value)] for name, value in update.last.items()})
        if len(update.data["step"]):
            self.source.stream(_plain(update.data), rollover=self._curve.capacity + 1)

    def _fit(self) -> None:
        self._x_range.update(start=0, end=max(self.step, 1) * 1.01)
        for name, plot in zip(self.columns, self.figures, strict=True):
            known = [self._curve.span(name), _span(self.validation.data[name])]
            spans = [span for span in known if span]
            if spans:
                stretch(plot.y_range, min(low for low, _ in spans), max(high for _, high in spans))


def _span(values: Any) -> tuple[float, float] | None:
    finite = [value for value in values if np.isfinite(value)]
    return (min(finite), max(finite)) if finite else None


def _plain(data: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: np.asarray(column, np.float64) for name, column in data.items()}
