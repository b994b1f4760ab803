"""The line between two cells, where a new one is added."""

from __future__ import annotations

from typing import Any

from ...compiler.changes import AddCell
from ...compiler.document import (
    AnyCell,
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
    UnknownCell,
    new_id,
)
from ..pages.icons import cell_icon, icon
from ..pages.markup import Html, classes, h
from ..pages.markup_view import Markup
from .context import Context

ADDABLE = {
    "text": ("Text", "Prose in Markdown"),
    "data": ("Data", "An example set, a CSV, an NPZ or a folder of images"),
    "network": ("Network", "A canvas to draw on"),
    "training": ("Training", "Settings, Run, and live plots"),
    "evaluation": ("Evaluation", "Metrics, confusion, worst mistakes"),
    "export": ("Export", "Python, SavedModel, .keras"),
}


def new_cell(kind: str, notebook: Notebook) -> AnyCell | UnknownCell:
    """A cell of that kind under a free name, which uses the last cells that it can use."""
    taken = {cell.name for cell in notebook.cells}
    name, number = kind, 1
    while name in taken:
        number += 1
        name = f"{kind} {number}"

    def last(wanted: str) -> str:
        return next((cell.name for cell in reversed(notebook.cells) if cell.kind == wanted), "")

    identity: dict[str, Any] = {"id": new_id(kind), "name": name}
    match kind:
        case "data":
            return DataCell(**identity)
        case "network":
            return NetworkCell(**identity)
        case "training":
            return TrainingCell(**identity, network=last("network"), data=last("data"))
        case "evaluation":
            return EvaluationCell(**identity, training=last("training"))
        case "export":
            return ExportCell(**identity, training=last("training"))
        case _:
            return TextCell(**identity)


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
        kind = str(message.get("value"))
        if message.get("action") != "add" or kind not in ADDABLE:
            return
        notebook = self.context.open.notebook
        index = 0
        for place, cell in enumerate(notebook.cells):
            if cell.id == self.after:
                index = place + 1
        cell = new_cell(kind, notebook)
        if self.context.did(f"Add {kind} cell", AddCell(cell=cell, index=index)):
            self.view.tell({"type": "reveal", "testid": f"cell:{cell.name}"})


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
