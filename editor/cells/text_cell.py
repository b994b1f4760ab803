"""Prose: shown as it reads, edited after a double-click or Enter."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...compiler.live_values import VALUES, mentions, replaced
from ...compiler.problems import Fix, Location, Problem
from ..pages.markup import Html, classes, h
from .cell_head import cell_menu, fold_button, handle
from .cell_view import CellView
from .live_value import live_html, live_value
from .markdown import headings, render_markdown
from .problem_rows import problem_rows


class TextCellView(CellView):
    width = "prose"
    card = False

    def parts(self) -> list[Viewable]:
        self.editing = False
        return []

    def head_html(self) -> Html:
        if self._renaming:
            return h("div", self._name(), class_="head")
        if self.editing:
            content = self._editor()
        elif self.cell.folded:
            content = self._folded()
        else:
            content = self._reading()
        tools = (handle(self.cell.name), fold_button(self.cell.name, self.cell.folded), cell_menu(self.cell.name))
        return h(
            "div",
            content,
            None if self.cell.folded else problem_rows(self.problems(), of=self.cell.name),
            h("div", tools, class_=classes("quiet-head", self.cell.folded and "shown")),
            class_="prose-cell",
        )

    def problems(self) -> list[Problem]:
        """Those that the check has found, and live values that their cells' results do not have."""
        return [*super().problems(), *self._unknown_values()]

    def _unknown_values(self) -> list[Problem]:
        problems = []
        kinds = {cell.name: cell.kind for cell in self.context.open.notebook.cells}
        for mention in {(m.cell, m.value): m for m in mentions(self.cell.text)}.values():
            value = live_value(self.context, mention.cell, mention.value)
            # What cells of a kind always have, the check knows by itself.
            if value.pending or not value.known or kinds.get(mention.cell) in VALUES:
                continue
            near = get_close_matches(mention.value, value.known, n=1) or value.known[:1]
            fixes = tuple(
                Fix(
                    "Show {{" + f"{mention.cell}.{name}" + "}}",
                    (
                        SetField(
                            cell=self.id, field="text", value=replaced(self.cell.text, mention, mention.cell, name)
                        ),
                    ),
                )
                for name in near
            )
            at = Location(self.cell.name, parameter="text")
            problems.append(Problem("T427", f"{value.fault}.", at, severity="warning", fixes=fixes))
        return problems

    def _folded(self) -> Html:
        """The first heading, or the first line."""
        titles = headings(self.cell.text)
        first = titles[0][1] if titles else next(iter(self.cell.text.strip().splitlines()), "")
        return h(
            "div", first or self.cell.name, class_="prose folded-line", data_testid="folded", aria_label="Folded text"
        )

    def _reading(self) -> Html:
        text = self.cell.text.strip()
        return h(
            "div",
            render_markdown(text, lambda name, value: live_html(self.context, name, value))
            if text
            else "Empty. Double-click to write.",
            class_=classes("prose", not text and "blank"),
            data_dblclick="edit",
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
                h(
                    "span",
                    "Markdown, $maths$ and live values like {{fit.val_accuracy}}. Ctrl-Enter or Esc when done.",
                    class_="muted small",
                ),
                class_="row",
                style="margin-top: var(--wf-space-2)",
            ),
            data_action="write",
            data_reopen="edit",
        )

    def edit(self) -> bool:
        self.editing = True
        self.show_head()
        self.head.tell({"type": "focus", "selector": "textarea"})
        return True

    def heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "edit":
                self.edit()
            case "fix":
                self.fixes.press(message)
            case "write":
                self.editing = False
                text = str((message.get("fields") or {}).get("text", ""))
                if text != self.cell.text:
                    self.context.perform(f"Write {self.cell.name}", SetField(cell=self.id, field="text", value=text))
                self.show_head()
                self.head.tell({"type": "select", "cell": self.id})
            case "leave":
                self.editing = False
                self.show_head()
                self.head.tell({"type": "select", "cell": self.id})
