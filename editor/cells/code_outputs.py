"""What code has put out, as parts of the page: text, tables, pictures, figures. All of it escaped, none of it acts."""

from __future__ import annotations

import re
from typing import Any

import panel as pn
from panel.viewable import Viewable

from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..theme import Mode

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


class CodeOutputs:
    """The outputs below a code cell; made anew only when there are others."""

    def __init__(self) -> None:
        self.view = pn.Column(sizing_mode="stretch_width", margin=0, visible=False)
        self._shown: Any = None
        self._figures: list[Any] = []

    def show(self, result: dict[str, Any] | None, mode: Mode) -> None:
        if result is self._shown:
            return
        self._shown = result
        self._figures = []
        parts = self._parts(result, mode) if result else []
        self.view.objects = parts
        self.view.visible = bool(parts)

    def turn(self, mode: Mode) -> None:
        from ..plots.foreign_figure import paint_foreign

        for figure in self._figures:
            paint_foreign(figure, mode)

    def _parts(self, result: dict[str, Any], mode: Mode) -> list[Viewable]:
        parts: list[Viewable] = []
        waiting: list[Html] = []

        def put() -> None:
            if waiting:
                parts.append(Markup(h("div", list(waiting), class_="body stack code-outputs")))
                waiting.clear()

        for item in result.get("outputs") or []:
            if item.get("type") == "figure":
                put()
                parts.append(self._figure(item, mode))
            else:
                waiting.append(output_html(item))
        if result.get("left_out"):
            waiting.append(_note(f"{result['left_out']:,} more characters were put out and are not kept."))
        put()
        return parts

    def _figure(self, item: dict[str, Any], mode: Mode) -> Viewable:
        from ..plots.foreign_figure import RefusedFigure, foreign_figure, paint_foreign

        try:
            root = foreign_figure(item.get("document"))
        except RefusedFigure as error:
            return Markup(h("div", _note(str(error)), class_="body stack code-outputs"))
        paint_foreign(root, mode)
        self._figures.append(root)
        # A figure takes no margin from its pane.
        return pn.Row(pn.pane.Bokeh(root, margin=0), margin=(4, 16, 20, 16), sizing_mode="stretch_width")


def output_html(item: dict[str, Any]) -> Html:
    """One output that is no figure."""
    match item.get("type"):
        case "text":
            return h("pre", str(item.get("text", "")), class_="code-text", tabindex="0", aria_label="Output")
        case "table":
            return _table(item)
        case "picture" if _BASE64.fullmatch(str(item.get("png", ""))):
            source = f"data:image/png;base64,{item['png']}"
            return h("img", src=source, alt="Picture made by the code", class_="code-picture")
    return _note(str(item.get("text") or "Something that cannot be shown here."))


def _note(text: str) -> Html:
    return h("div", icon("info"), h("span", text), class_="notice info")


def _table(item: dict[str, Any]) -> Html:
    columns, rows, index = item.get("columns") or [], item.get("rows") or [], item.get("index") or []
    numbers = item.get("numbers") or [False] * len(columns)
    classes = ["number" if one else None for one in numbers]
    head = h("tr", h("th", ""), [h("th", str(name), class_=c) for name, c in zip(columns, classes, strict=False)])
    body = [
        h("tr", h("th", str(name), scope="row"), [h("td", str(e), class_=c) for e, c in zip(r, classes, strict=False)])
        for name, r in zip(index, rows, strict=False)
    ]
    all_rows, all_columns = int(item.get("of_rows") or 0), int(item.get("of_columns") or 0)
    size = f"{all_rows:,} rows, {all_columns:,} columns"
    if all_rows > len(rows) or all_columns > len(columns):
        size += f"; the first {len(rows):,} rows and {len(columns):,} columns are shown"
    return h(
        "div",
        h("div", h("table", h("thead", head), h("tbody", body), class_="table narrow"), class_="table-scroll"),
        h("div", size, class_="muted small"),
        class_="stack tight",
    )
