"""Prose: shown as it reads, edited after a double-click or Enter."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ..pages.markup import Html, classes, h
from .cell_view import CellView, cell_menu
from .markdown import render_markdown


class TextCellView(CellView):
    width = "prose"
    card = False

    def parts(self) -> list[Viewable]:
        self.editing = False
        return []

    def head_html(self) -> Html:
        if self._renaming:
            return h("div", self._name(), class_="head")
        content = self._editor() if self.editing else self._reading()
        return h("div", content, h("div", cell_menu(self.cell.name), class_="quiet-head"), class_="prose-cell")

    def _reading(self) -> Html:
        text = self.cell.text.strip()
        return h(
            "div",
            render_markdown(text) if text else "Empty. Double-click to write.",
            class_=classes("prose", not text and "blank"),
            tabindex="0",
            data_dblclick="edit",
            aria_label=f"Text {self.cell.name}; Enter to edit",
            role="group",
        )

    def _editor(self) -> Html:
        lines = self.cell.text.count("\n") + 2
        return h(
            "form",
            h(
                "textarea",
                self.cell.text,
                class_="input",
                name="text",
                rows=min(max(lines, 4), 24),
                aria_label=f"Markdown of {self.cell.name}",
            ),
            h(
                "div",
                h("button", "Done", class_="btn primary compact", type="submit"),
                h("button", "Cancel", class_="btn ghost compact", type="button", data_action="leave"),
                h("span", "Markdown. Ctrl-Enter when done, Esc to leave it as it was.", class_="muted small"),
                class_="row",
                style="margin-top: var(--wf-space-2)",
            ),
            data_action="write",
            data_reopen="edit",
            data_escape="leave",
        )

    def heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "edit":
                self.editing = True
                self.show_head()
                self.head.tell({"type": "focus", "selector": "textarea"})
            case "write":
                self.editing = False
                text = str((message.get("fields") or {}).get("text", ""))
                if text != self.cell.text:
                    self.context.perform(f"Write {self.cell.name}", SetField(cell=self.id, field="text", value=text))
                self.show_head()
            case "leave":
                self.editing = False
                self.show_head()
