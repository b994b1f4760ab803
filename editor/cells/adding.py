"""The line between two cells, where a new one is added."""

from __future__ import annotations

from typing import Any

from ..pages.icons import cell_icon, icon
from ..pages.markup import Html, classes, h
from ..pages.markup_view import Markup
from .cell_gestures import CellGestures
from .context import Context
from .new_cell import ADDABLE


class Adder:
    """Adds a cell below the cell `after`; without one, at the top."""

    def __init__(self, context: Context, after: str = "") -> None:
        self.context = context
        self.after = after
        self.view = Markup(on_message=self._heard)
        self.show()

    def show(self, *, last: bool = False) -> None:
        """`last` keeps the button in sight; elsewhere it shows when the line is pointed at."""
        self.view.show(adder_html(last))

    def _heard(self, message: dict[str, Any]) -> None:
        if message.get("action") != "add":
            return
        gestures = CellGestures(self.context)
        place = gestures.place(self.after)
        added = gestures.add(str(message.get("value")), 0 if place is None else place + 1)
        if added:
            self.view.tell({"type": "select", "cell": added})


def adder_html(last: bool) -> Html:
    def item(kind: str, title: str, what: str) -> Html:
        return h(
            "button",
            cell_icon(kind),
            h("span", title, h("small", what)),
            class_="menu-item",
            type="button",
            role="menuitem",
            data_action="add",
            data_value=kind,
        )

    return h(
        "div",
        h(
            "details",
            h("summary", icon("plus"), "Cell", class_="btn compact", aria_label="Add a cell here"),
            h("div", [item(kind, *words) for kind, words in ADDABLE.items()], class_="menu-list middle", role="menu"),
            class_="wf-menu",
        ),
        class_=classes("adder", last and "last"),
    )
