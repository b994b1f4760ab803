"""The layers of a run as HTML: what is wrong in words, a table with a line for each layer, one from close by. Pure."""

from __future__ import annotations

import math
from typing import Any

from ...runtime.health.diagnose import Trouble
from ...runtime.health.health_file import Health
from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from .health_lines import POINTS, QUANTITIES, scale, value_text

_TONES = {"still": "info"}


def panel_html(
    health: Health,
    troubles: list[Trouble],
    *,
    cell: str,
    is_on: bool,
    quantity: str,
    cost: float,
    is_open: bool,
    layer: str,
    look: Html | None,
    off: str = "",
) -> Html:
    """Words, and where it is open the table of layers beside the close look."""
    said = [
        h(
            "div",
            icon("warning" if one.code not in _TONES else "info"),
            h("div", h("div", one.words), h("div", one.help, class_="help")),
            class_=f"notice {_TONES.get(one.code, 'warning')}",
            data_testid=f"trouble:{one.code}",
        )
        for one in troubles
    ]
    if off:
        words = h("div", h("div", off), h("div", "The training goes on.", class_="help"))
        said.append(h("div", icon("info"), words, class_="notice info", data_testid=f"looks-off:{cell}"))
    summary = h(
        "button",
        h("span", "▾" if is_open else "▸", aria_hidden="true"),
        "Layers",
        class_="btn ghost compact",
        type="button",
        data_action="open-layers",
        aria_expanded="true" if is_open else "false",
        data_testid=f"layers:{cell}",
    )
    nothing = "nothing wrong with any layer" if len(health) else "not looked at in this run"
    state = None if troubles or off else h("span", nothing, class_="quiet-words")
    told = h(
        "label",
        h("input", type="checkbox", data_field="health", checked=is_on, aria_label="Look at layers in the next run"),
        "look at layers" + (f": {cost:.1%} of the time".replace("%", " %") if is_on and cost else ""),
        class_="switch quiet-words",
        title="Five times a second or at one step in ten, whichever is rarer. It changes no weight. "
        "The switch holds from the next run on.",
    )
    head = h(
        "div", summary, state, h("span", class_="grow"), _choice(quantity) if is_open else None, told, class_="row"
    )
    table = (
        h(
            "div",
            _table(health, quantity, layer),
            look or h("div", "Choose a layer to see it from close by.", class_="close-look empty-look"),
            class_="layers-open",
        )
        if is_open
        else None
    )
    return h("div", said, head, table, class_="body stack layers")


def _choice(quantity: str) -> Html:
    return h(
        "div",
        [
            h(
                "button",
                name,
                class_=classes("pick", key == quantity and "on"),
                type="button",
                data_action="quantity",
                data_value=key,
                aria_pressed="true" if key == quantity else "false",
            )
            for key, name in QUANTITIES.items()
        ],
        class_="picks",
        role="group",
        aria_label="What the lines show, here and on the nodes",
    )


def _table(health: Health, quantity: str, chosen: str) -> Html:
    place = scale([getattr(one, quantity)[-POINTS:] for one in health.layers], linear=quantity == "dead")
    rows = []
    for layer in health.layers:
        points = [place(value) for value in getattr(layer, quantity)[-POINTS:]]
        numbers = [value_text(key, _latest(getattr(layer, key))) for key in QUANTITIES]
        rows.append(
            h(
                "tr",
                h(
                    "td",
                    h(
                        "button",
                        layer.name,
                        class_="btn ghost compact layer-name",
                        type="button",
                        data_action="look-at-layer",
                        data_value=layer.name,
                        aria_pressed="true" if layer.name == chosen else "false",
                    ),
                ),
                h("td", sparkline(points)),
                [h("td", number, class_="number") for number in numbers],
                class_="chosen" if layer.name == chosen else None,
                data_key=layer.name,
            )
        )
    head = h(
        "tr",
        h("th", "Layer"),
        h("th", QUANTITIES[quantity]),
        [h("th", name, class_="number") for name in ("gradient", "weight", "|Δw| / |w|", "dead")],
    )
    return h("div", h("table", h("thead", head), h("tbody", rows), class_="table"), class_="table-scroll")


def sparkline(points: list[float | None]) -> Html:
    """A line of heights 0 to 1 over its index, with gaps where there is None."""
    path, pen = [], "M"
    for number, height in enumerate(points):
        if height is None:
            pen = "M"
            continue
        path.append(f"{pen}{100 * number / max(len(points) - 1, 1):.1f} {18 - 16 * height:.1f}")
        pen = "L"
    return Html(
        '<svg class="health-line" viewBox="0 0 100 20" preserveAspectRatio="none" fill="none" aria-hidden="true">'
        f'<path d="{"".join(path)}"/></svg>'
    )


def _latest(values: Any) -> float:
    return next((float(value) for value in reversed(values) if math.isfinite(value)), math.nan)
