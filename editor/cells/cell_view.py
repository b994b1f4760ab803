"""What the views of all kinds of cells have in common: name, icon, state, menu, and the way to add one below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import panel as pn
from panel.viewable import Viewable

from ...compiler.changes import MoveCell, RemoveCell, RenameCell
from ...compiler.document import AnyCell, UnknownCell
from ...compiler.problems import Problem
from ..pages.icons import cell_icon, icon
from ..pages.markup import Html, classes, h
from ..pages.markup_view import Markup
from .adding import Adder
from .context import Context
from .frame import Frame, centred


@dataclass(frozen=True, slots=True)
class CellState:
    """`tone` is ok, info, warning, error or ""; `busy` lets the dot breathe."""

    words: str
    tone: str = ""
    busy: bool = False
    why: str = ""


class CellView:
    """One cell on one page. Subclasses make `parts`, and show the notebook as it is in `refresh`."""

    width: ClassVar[str] = "column"
    card: ClassVar[bool] = True

    def __init__(self, context: Context, cell: AnyCell | UnknownCell) -> None:
        self.context = context
        self.id = cell.id
        self.cell: Any = cell
        self._renaming = False
        self.head = Markup(on_message=self._heard_head)
        self.adder = Adder(context, self.id)
        self.frame = Frame(self.head, *self.parts(), testid=f"cell:{cell.name}", card=self.card)
        self.view = pn.Column(
            self.frame, self.adder.view, sizing_mode="stretch_width", margin=0, styles=centred(self.width)
        )

    def parts(self) -> list[Viewable]:
        """What stands below the head; made once."""
        return []

    def state(self) -> CellState | None:
        """What the head says on the right."""
        return None

    def refresh(self) -> None:
        """Shows the cell as it is in the notebook now. Subclasses call this and go on."""
        self.cell = self.context.open.notebook.cell_by_id(self.id)
        testid = f"cell:{self.cell.name}"
        if self.frame.attributes.get("data-testid") != testid:
            self.frame.attributes = {**self.frame.attributes, "data-testid": testid}
        self.show_head()

    def show_head(self) -> None:
        self.head.show(self.head_html())

    def turn(self, theme: str) -> None:
        """The tab has turned light or dark."""

    def tick(self) -> None:
        """Called ten times a second."""

    def close(self) -> None:
        """The view leaves the page."""

    def problems(self) -> list[Problem]:
        """What is wrong with this cell."""
        return [problem for problem in self.context.open.problems if problem.at.cell == self.cell.name]

    def head_html(self) -> Html:
        return h(
            "div",
            h("span", cell_icon(self.cell.kind), class_="badge"),
            self._name(),
            h("span", self.cell.kind, class_="kind"),
            h("span", class_="grow"),
            state_chip(self.state()),
            self.tools(),
            self.menu(),
            class_="head",
        )

    def tools(self) -> Html | None:
        """Buttons of the head, before the menu."""
        return None

    def menu(self) -> Html:
        return cell_menu(self.cell.name)

    def _name(self) -> Html:
        if self._renaming:
            return h(
                "form",
                h("input", class_="input", name="name", value=self.cell.name, aria_label="Name of the cell"),
                data_action="renamed",
                data_escape="rename-over",
                data_submit_on_leave=True,
            )
        return h("span", self.cell.name, class_="name", data_dblclick="rename", title="Double-click to rename")

    def _heard_head(self, message: dict[str, Any]) -> None:
        cells = self.context.open.notebook.cells
        index = next((i for i, cell in enumerate(cells) if cell.id == self.id), 0)
        match message.get("action"):
            case "rename":
                self._rename(True)
                self.head.tell({"type": "focus", "selector": "input", "select": True})
            case "renamed" if self._renaming:
                name = str((message.get("fields") or {}).get("name", "")).strip()
                self._rename(False)
                if name and name != self.cell.name:
                    self.context.perform(f"Rename {self.cell.name}", RenameCell(cell=self.id, name=name))
            case "rename-over":
                self._rename(False)
            case "remove":
                self.context.perform(f"Delete {self.cell.name}", RemoveCell(cell=self.id))
            case "up" if index > 0:
                self.context.perform(f"Move {self.cell.name} up", MoveCell(cell=self.id, index=index - 1))
            case "down" if index + 1 < len(cells):
                self.context.perform(f"Move {self.cell.name} down", MoveCell(cell=self.id, index=index + 1))
            case _:
                self.heard(message)

    def heard(self, message: dict[str, Any]) -> None:
        """A gesture in the head that is none of every cell's."""

    def _rename(self, renaming: bool) -> None:
        self._renaming = renaming
        self.show_head()


def state_chip(state: CellState | None) -> Html | None:
    if state is None:
        return None
    return h(
        "span",
        h("span", class_="dot"),
        state.words,
        class_=classes("chip", state.tone, state.busy and "running"),
        title=state.why or None,
        data_testid="cell-state",
    )


def cell_menu(name: str) -> Html:
    def item(action: str, picture: str, label: str, danger: bool = False) -> Html:
        return h(
            "button",
            icon(picture),
            label,
            class_=classes("menu-item", danger and "danger"),
            type="button",
            role="menuitem",
            data_action=action,
        )

    return h(
        "details",
        h("summary", icon("more"), class_="btn ghost square compact", aria_label=f"Menu of {name}", title="More"),
        h(
            "div",
            item("rename", "pencil", "Rename"),
            item("up", "up", "Move up"),
            item("down", "down", "Move down"),
            h("div", class_="menu-rule"),
            item("remove", "trash", "Delete", danger=True),
            class_="menu-list",
            role="menu",
        ),
        class_="wf-menu",
    )
