"""One quantity of a run as a figure: raw values behind, the smoothed line in front, validation, other runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bokeh.models import BoxZoomTool, ColumnDataSource, Label, PanTool, Range1d, Span, WheelZoomTool

from ..theme import Mode, colour
from .compared import Compared
from .figure_style import Plot, hover, paint, plain_figure
from .overfitting import Best

HEIGHT = 200

_COLOURS = {"band": "plot-1", "raw": "plot-1", "smooth": "plot-1", "validation": "plot-2", "validation-line": "plot-2"}


def run_figure(
    name: str,
    source: ColumnDataSource,
    validation: ColumnDataSource,
    x_range: Range1d,
    *,
    log: bool,
    compared: Sequence[Compared] = (),
) -> Plot:
    """A figure of `name`, `name`_low, `name`_high and `name`_smooth over step; `paint_run_figure` gives the colours."""
    more: dict[str, Any] = {"y_axis_type": "log"} if log else {}
    low = 0.1 if log else 0
    plot = plain_figure(height=HEIGHT, x_range=x_range, y_range=Range1d(start=low, end=1), **more)
    plot.varea("step", f"{name}_low", f"{name}_high", source=source, name="band", fill_alpha=0.14)
    plot.line("step", name, source=source, name="raw", line_alpha=0.35, line_width=1)
    for run in compared:
        _add_compared(plot, name, run)
    smooth = plot.line("step", f"{name}_smooth", source=source, name="smooth", line_width=2.2, line_join="round")
    plot.line("step", name, source=validation, name="validation-line", line_width=1.6)
    points = plot.scatter("step", name, source=validation, name="validation", size=8, line_width=1.5)
    value, smoothed = f"@{{{name}}}{{0.[0000]}}", f"@{{{name}_smooth}}{{0.[0000]}}"
    if name == "learning_rate":
        value = smoothed = f"@{{{name}}}{{0.[00000000]}}"
    plot.add_tools(
        BoxZoomTool(name="box_zoom"),
        PanTool(name="pan"),
        # The page scrolls by the wheel; with Ctrl the plot zooms.
        WheelZoomTool(name="wheel", modifiers="ctrl"),
        hover("Step @step{0,0}", [("smoothed", smoothed), ("batch", value)], renderers=[smooth], mode="vline"),
        hover("After step @step{0,0}", [("validation", value)], renderers=[points]),
    )
    plot.toolbar.active_scroll = next(tool for tool in plot.toolbar.tools if tool.name == "wheel")
    plot.add_layout(Span(name="best", dimension="height", line_dash="dashed", line_width=1.5, visible=False))
    plot.add_layout(Label(name="best-label", x=0, y=HEIGHT - 52, y_units="screen", text="", visible=False))
    return plot


def mark_best(plot: Plot, best: Best | None, last_step: int, mode: Mode) -> None:
    """A line at the best epoch's last step; it says so where the network overfits since."""
    line, label = plot.select_one({"name": "best"}), plot.select_one({"name": "best-label"})
    line.visible = label.visible = best is not None
    if best is None:
        return
    tone = "warning" if best.overfits else "text-3"
    right = last_step > 0 and best.step > 0.6 * last_step
    line.update(location=best.step, line_color=colour(tone, mode))
    text = f"epoch {best.epoch} was best" if best.overfits else f"best: epoch {best.epoch}"
    label.update(
        x=best.step, x_offset=-6 if right else 6, text=text, text_align="right" if right else "left", tags=[tone]
    )
    _paint_label(label, mode)


def paint_run_figure(plot: Plot, mode: Mode) -> None:
    paint(plot, mode)
    for renderer in plot.renderers:
        name = renderer.name or ""
        if name.startswith("run:"):
            renderer.glyph.line_color = colour(name.split(":")[1], mode)
        elif name == "validation":
            renderer.glyph.update(fill_color=colour("plot-2", mode), line_color=colour("surface", mode))
        elif name == "band":
            renderer.glyph.fill_color = colour("plot-1", mode)
        elif name in _COLOURS:
            renderer.glyph.line_color = colour(_COLOURS[name], mode)
    label = plot.select_one({"name": "best-label"})
    if label is not None and label.tags:
        plot.select_one({"name": "best"}).line_color = colour(label.tags[0], mode)
        _paint_label(label, mode)


def _paint_label(label: Label, mode: Mode) -> None:
    from ..theme import properties

    known = properties(mode)
    label.update(
        text_color=colour(label.tags[0] if label.tags else "text-3", mode),
        text_font=known["--wf-font"],
        text_font_size=known["--wf-size-1"],
    )


def _add_compared(plot: Plot, name: str, run: Compared) -> None:
    if name not in run.columns:
        return
    plot.line("step", f"{name}_smooth", source=run.source, name=f"run:{run.colour}:batch", line_width=1.8)
    if f"val_{name}" in run.validation.column_names:
        plot.line(
            "step",
            f"val_{name}",
            source=run.validation,
            name=f"run:{run.colour}:validation",
            line_width=1.4,
            line_dash="dashed",
        )
