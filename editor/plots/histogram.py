"""A distribution as bars."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource

from ..theme import Mode, colour
from .figure_style import Plot, hover, paint, plain_figure


def histogram(counts: Sequence[int], edges: Sequence[float], *, label: str = "") -> Plot:
    """Bars between `edges`, which are one more than `counts`; `paint_histogram` gives the colours."""
    source = ColumnDataSource({"count": list(counts), "left": list(edges[:-1]), "right": list(edges[1:])})
    plot = plain_figure(height=180, x_label=label)
    bars = plot.quad(left="left", right="right", bottom=0, top="count", source=source, name="bars", line_width=1)
    plot.y_range.start = 0
    plot.add_tools(hover("@left{0.00} to @right{0.00}", [("rows", "@count{0,0}")], renderers=[bars]))
    return plot


def paint_histogram(plot: Plot, mode: Mode) -> None:
    paint(plot, mode)
    for renderer in plot.renderers:
        renderer.glyph.update(fill_color=colour("plot-1", mode), line_color=colour("surface", mode))
