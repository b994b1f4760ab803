"""How every plot looks: no frame, quiet grid, the theme's colours and type."""

from __future__ import annotations

import math
from typing import Any

from bokeh.models import HoverTool
from bokeh.plotting import figure

from ..theme import Mode, colour, properties

# A bokeh figure. Bokeh's own types know nothing of the attributes that it sets on many models at once.
Plot = Any


def plain_figure(*, height: int, y_label: str = "", x_label: str = "", **more: Any) -> Plot:
    """A figure without toolbar; its colours come by `paint`."""
    plot: Any = figure(
        height=height,
        sizing_mode="stretch_width",
        min_border=0,
        min_border_right=14,
        # Bokeh never clears the leftmost half pixel; kept free, nothing of a narrower layout stays there.
        min_border_left=40,
        toolbar_location=None,
        tools="",
        x_axis_label=x_label or None,
        y_axis_label=y_label or None,
        output_backend="canvas",
        **more,
    )
    plot.outline_line_color = None
    plot.xgrid.grid_line_color = None
    plot.axis.axis_line_color = None
    plot.axis.major_tick_line_color = None
    plot.axis.minor_tick_line_color = None
    plot.xaxis.ticker.desired_num_ticks = 6
    plot.yaxis.ticker.desired_num_ticks = 5
    plot.axis.axis_label_text_font_style = "normal"
    plot.axis.axis_label_standoff = 8
    return plot


def paint(plot: Plot, mode: Mode) -> None:
    """Gives a figure the colours of light or dark."""
    font, size = properties(mode)["--wf-font"], properties(mode)["--wf-size-1"]
    plot.background_fill_color = None
    plot.border_fill_color = None
    plot.ygrid.grid_line_color = colour("plot-grid", mode)
    plot.axis.major_label_text_color = colour("text-3", mode)
    plot.axis.major_label_text_font = font
    plot.axis.major_label_text_font_size = size
    plot.axis.axis_label_text_color = colour("text-2", mode)
    plot.axis.axis_label_text_font = font
    plot.axis.axis_label_text_font_size = size


def hover(title: str, rows: list[tuple[str, str]], **more: Any) -> HoverTool:
    """A tool that shows a title and rows of label and value, in Bokeh's @-notation, where the pointer is."""
    cells = "".join(
        f'<span style="color: var(--wf-text-3)">{label}</span><span style="text-align: right">{value}</span>'
        for label, value in rows
    )
    # Covers the box that Bokeh draws, whose colours know of no theme.
    box = (
        '<div style="margin: -7px; padding: 8px 12px; border: 1px solid var(--wf-line); background: var(--wf-surface); '
        'color: var(--wf-text); font: 12px/1.5 var(--wf-font); box-shadow: var(--wf-shadow-2)">'
        f'<div style="font-weight: 600">{title}</div>'
        f'<div style="display: grid; grid-template-columns: auto auto; gap: 0 12px">{cells}</div></div>'
    )
    return HoverTool(tooltips=box, show_arrow=False, **more)


def stretch(axis_range: Any, low: float, high: float, *, above: float = 0.06, log: bool = False) -> None:
    """Sets a range with some air; small changes are let be, so that the axis does not tremble.

    With `log` the air is a factor, and what is not above 0 is left out of view."""
    if log:
        high = high if high > 0 else 1.0
        low = low if low > 0 else high * 1e-4
        room = (high / low) if high > low else 10.0
        low, high = low / room**above, high * room**above
        small = math.log(room) * 0.02
    else:
        room = (high - low) or abs(high) or 1.0
        low, high = low - room * above, high + room * above
        small = room * 0.02
    old = axis_range.start, axis_range.end
    if all(isinstance(end, int | float) and (not log or end > 0) for end in old):
        moved = [abs(math.log(a / b)) if log else abs(a - b) for a, b in zip(old, (low, high), strict=True)]
        if max(moved) < small:
            return
    axis_range.update(start=low, end=high)
