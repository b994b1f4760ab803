"""The preview of data as HTML: pictures and class counts, or columns with their statistics and a few rows."""

from __future__ import annotations

from typing import Any

from ..pages.icons import icon
from ..pages.markup import Html, h
from ..plots.lines import line_chart
from .data_columns import column_table, short


def preview_html(
    preview: dict[str, Any] | None, why_not: str = "", *, has_problems: bool = False, of: str = ""
) -> Html | None:
    """What `runtime.data.preview` found; None until it is there, or where problems say enough. With `of`, the cell's
    name, the table of columns is a form."""
    if preview is None:
        if has_problems:
            return None
        return h("div", icon("warning" if why_not else "clock"), why_not or "Reading the data", class_="notice")
    images, counts = preview.get("images") or [], preview.get("classes") or {}
    columns, rows = preview.get("columns") or [], preview.get("rows") or []
    pictures = h("div", h("div", "A few rows", class_="subhead"), picture_grid(images)) if images else None
    bars = h("div", h("div", "Rows of each class", class_="subhead"), class_bars(counts)) if counts else None
    table = h("div", h("div", "Columns", class_="subhead"), column_table(columns, of)) if columns else None
    sample = h("div", h("div", "First rows", class_="subhead"), row_table(columns, rows)) if rows else None
    if pictures and bars:
        return h("div", pictures, bars, class_="columns wide-left")
    return h("div", pictures, bars, _curves(preview.get("series") or {}), table, sample, class_="stack")


def _curves(series: dict[str, Any]) -> Html | None:
    """Each column of a series over the whole of its time."""
    times = series.get("time") or [""]
    charts = [
        h("div", h("div", name, class_="subhead"), line_chart({name: values}, first=str(times[0]), last=str(times[-1])))
        for name, values in (series.get("columns") or {}).items()
    ]
    return h("div", charts, class_="stack") if charts else None


def picture_grid(images: list[dict[str, Any]]) -> Html:
    """Small pictures, each with its label below."""
    return h(
        "div",
        [
            h(
                "figure",
                h("img", src=f"data:image/png;base64,{picture['png']}", alt=f"{picture.get('label', '')}"),
                h("figcaption", str(picture.get("label", ""))),
            )
            for picture in images
        ],
        class_="pictures",
    )


def class_bars(counts: dict[str, int]) -> Html:
    """One bar a class, the longest filling the width."""
    most = max(counts.values(), default=1) or 1
    return h(
        "div",
        [
            h(
                "div",
                h("span", name),
                h(
                    "span",
                    h("span", class_="fill", style=f"--share: {count / most:.4f}; display: block"),
                    class_="track",
                ),
                h("span", f"{count:,}", class_="count"),
                class_="bar-row",
            )
            for name, count in counts.items()
        ],
        class_="bars",
        role="img",
        aria_label="Rows of each class: " + ", ".join(f"{name} {count}" for name, count in counts.items()),
    )


def row_table(columns: list[dict[str, Any]], rows: list[Any]) -> Html:
    names = [str(column.get("name", "")) for column in columns] or [str(key) for key in rows[0]]
    body = [h("tr", [h("td", short(row.get(name)), class_="number") for name in names]) for row in rows]
    head = h("tr", [h("th", name, class_="number") for name in names])
    return h(
        "div",
        h("table", h("thead", head), h("tbody", body), class_="table narrow"),
        class_="table-scroll",
        tabindex="0",
    )
