"""Dropping a file: on the page it becomes a data cell, in a data cell's form it becomes its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...compiler.changes import AddCell, SetField
from ...compiler.document import DataCell, new_id
from ..dropped_files import LIMIT_BYTES, SOURCES, FileRefused, keep_file, source_of
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .context import Context


class PageDrop:
    """Takes what is dropped anywhere on the notebook page."""

    def __init__(self, context: Context) -> None:
        self.context = context
        hint = h("span", icon("plus"), "Drop to add a data cell", class_="page-drop", data_page_drop=True)
        self.view = Markup(hint, on_message=self._heard)

    def _heard(self, message: dict[str, Any]) -> None:
        if message.get("action") != "drop":
            return

        def added(name: str) -> None:
            cell = DataCell(
                id=new_id("data"), name=_free_name(self.context, name), source=source_of(name), location=name
            )
            if self.context.did(f"Add {name}", AddCell(cell=cell)):
                self.view.tell({"type": "reveal", "testid": f"cell:{cell.name}"})

        take_file(self.context, message, added)


def take_file(context: Context, message: dict[str, Any], then: Any) -> None:
    """Copies the file into the notebook's folder, off the page's thread, then calls `then(its name there)`."""

    def done(name: str | None, error: Exception | None) -> None:
        if isinstance(error, FileRefused):
            context.say(str(error))
        elif error is not None:
            context.say(f"The file could not be copied: {getattr(error, 'strerror', None) or error}.")
        elif name:
            then(name)

    context.background(lambda: keep_file(context.folder, message), done)


def use_file(context: Context, cell: DataCell, name: str) -> None:
    """Makes a file the source of a cell. What was said of other columns is forgotten with one undo step."""
    changes = [
        SetField(cell=cell.id, field=field, value=value)
        for field, value in (
            ("source", source_of(name)),
            ("location", name),
            ("roles", {}),
            ("types", {}),
            ("preparation", ()),
        )
        if getattr(cell, field) != value
    ]
    if changes:
        context.perform(f"Use {name}", *changes)


def drop_zone(of: str) -> Html:
    """Where a file is dropped or chosen in a data cell's form."""
    return h(
        "label",
        icon("plus"),
        h(
            "span",
            h("span", "Drop a data file here, or choose one"),
            h("small", f"It is copied beside the notebook, up to {LIMIT_BYTES // 2**20} MB", class_="muted"),
        ),
        h("input", type="file", accept=",".join(SOURCES), data_upload=True, aria_label=f"Choose a data file for {of}"),
        class_="drop-zone",
        data_drop=True,
        data_testid=f"drop:{of}",
    )


def _free_name(context: Context, file: str) -> str:
    taken = {cell.name for cell in context.open.notebook.cells}
    stem = Path(file).stem
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem} {number}"
    return name
