"""A Bokeh figure that code has made, out of its JSON: only what draws, nothing that could act in the page."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import Plot, Title

from ..theme import Mode, colour
from .figure_style import paint

_DRAWING = (
    "annotations", "axes", "coordinates", "expressions", "filters", "formatters", "glyph", "glyphs", "graphs", "grids",
    "labeling", "layouts", "mappers", "misc", "plots", "ranges", "renderers", "scales", "selections", "selectors",
    "sources", "textures", "tickers", "tools", "transforms",
)  # fmt: skip

# Models among these that run code, ask other servers or put HTML into the page.
_REFUSED = ("CustomJS", "CustomAction", "ImageURL", "WebDataSource", "Ajax", "ServerSent", "Tile", "HTML", "TeX")


class RefusedFigure(Exception):
    """Why a figure is not shown, in one sentence."""


@cache
def _allowed() -> frozenset[str]:
    names = set()
    for name, model in Model.model_class_reverse_map.items():
        parts = model.__module__.split(".")
        drawing = parts[:2] == ["bokeh", "models"] and parts[2] in _DRAWING and "html" not in parts
        if drawing or parts[:2] == ["bokeh", "plotting"]:
            names.add(name)
    return frozenset(name for name in names if not any(word in name for word in _REFUSED))


def foreign_figure(content: Any) -> Model:
    """The figure. Raises RefusedFigure for a document that holds more than drawing, or is none."""
    token = secrets.token_hex(3)
    try:
        # Roots alone: a document may bring settings and models of its own besides.
        roots = [_cleaned(root, token) for root in content["roots"][:1]]
        config = {"type": "object", "name": "DocumentConfig", "id": f"{token}-config", "attributes": {}}
        plain: Any = {"version": content["version"], "title": "", "config": config, "roots": roots}
        document = Document.from_json(plain)
        root = document.roots[0]
        document.remove_root(root)
    except RefusedFigure:
        raise
    except Exception as error:
        raise RefusedFigure(f"This figure cannot be read: {type(error).__name__}.") from error
    return root


def paint_foreign(root: Model, mode: Mode) -> None:
    """Gives the plots of a figure the colours of light or dark, where they are drawn on nothing of their own."""
    for plot in root.references():
        if isinstance(plot, Plot):
            paint(plot, mode)
            plot.xgrid.grid_line_color = colour("plot-grid", mode)
            plot.outline_line_color = colour("plot-grid", mode)
            for part in ("axis_line_color", "major_tick_line_color", "minor_tick_line_color"):
                setattr(plot.axis, part, colour("text-3", mode))
            if isinstance(plot.title, Title):
                plot.title.text_color = colour("text", mode)
            for legend in plot.legend:
                legend.label_text_color = colour("text", mode)
                legend.background_fill_color = colour("surface", mode)
                legend.border_line_color = colour("line", mode)


def _cleaned(value: Any, token: str) -> Any:
    """The JSON with ids of its own, so that two figures never meet in a page."""
    if isinstance(value, list):
        return [_cleaned(item, token) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "object" and "id" in value:
        name = str(value.get("name"))
        if name not in _allowed():
            raise RefusedFigure(f"This figure holds {name}, which could act in the page; only drawings are shown.")
    found = {key: _cleaned(item, token) for key, item in value.items()}
    if isinstance(value.get("id"), str) and (value.get("type") == "object" or len(value) == 1):
        found["id"] = f"{token}-{value['id']}"
    if value.get("name") == "HoverTool" and isinstance(found.get("attributes"), dict):
        # A text of tooltips is HTML, and `{safe}` puts data in as HTML.
        tooltips = found["attributes"].get("tooltips")
        if isinstance(tooltips, str) or "{safe}" in str(tooltips):
            found["attributes"].pop("tooltips")
    return found
