"""Predicted against true values of a regression: on the diagonal nothing is left over."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource

from ..theme import Mode, colour
from .figure_style import Plot, hover, paint, plain_figure


def residual_plot(expected: Sequence[float], predicted: Sequence[float]) -> Plot:
    """A figure without colours yet; `paint_residuals` gives them."""
    source = ColumnDataSource(
        {
            "expected": list(expected),
            "predicted": list(predicted),
            "residual": [p - e for e, p in zip(expected, predicted, strict=True)],
        }
    )
    plot = plain_figure(height=300, x_label="True value", y_label="Predicted")
    low = min([*expected, *predicted], default=0.0)
    high = max([*expected, *predicted], default=1.0)
    plot.line([low, high], [low, high], name="diagonal", line_width=1.5, line_dash="dashed")
    points = plot.scatter(
        "expected", "predicted", source=source, name="points", size=5, fill_alpha=0.5, line_color=None
    )
    told = [("true", "@expected{0.000}"), ("predicted", "@predicted{0.000}"), ("left over", "@residual{0.000}")]
    plot.add_tools(hover("Predicted and true", told, renderers=[points]))
    return plot


def paint_residuals(plot: Plot, mode: Mode) -> None:
    paint(plot, mode)
    for renderer in plot.renderers:
        if renderer.name == "points":
            renderer.glyph.fill_color = colour("plot-1", mode)
        else:
            renderer.glyph.line_color = colour("plot-2", mode)
