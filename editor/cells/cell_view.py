"""What the views of all kinds of cells have in common: name, icon, state, menu, and the way to add one below."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
from panel.viewable import Viewable

from ...compiler.changes import RenameCell
from ...compiler.document import AnyCell, UnknownCell
from ...compiler.problems import Problem
from ...compiler.run_plan import RUNNABLE
from ..pages.icons import cell_icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .adding import Adder
from .cell_gestures import CellGestures
from .cell_head import CellState, cell_menu, fold_button, handle, state_chip
from .context import Context
from .frame import Frame, Inside, centred
from .pressed_fix import PressedFix


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
        self.gestures = CellGestures(context)
        self.fixes = PressedFix(context, self.problems, self.is_known)
        self.inside = Inside(*self.parts())
        self.frame = Frame(self.head, self.inside, testid=f"cell:{cell.name}", card=self.card)
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
        self.inside.visible = not self.cell.folded
        self._name_frame()
        self.show_head()
        self.fixes.look()

    def show_head(self) -> None:
        self.head.show(self.head_html())

    def run(self) -> None:
        """What Ctrl-Enter does: has the cell run, where there is something to run."""
        if self.cell.kind in RUNNABLE:
            self.context.work.start([self.cell.name])

    def edit(self) -> bool:
        """What Enter does. False leaves it to the browser, which goes to the cell's first control."""
        return False

    def _name_frame(self) -> None:
        """What the page, its keys and screen readers know the cell by."""
        state = self.state()
        said = ", ".join(filter(None, [f"{self.cell.kind} cell {self.cell.name}", state.words if state else ""]))
        wanted = {
            **self.frame.attributes,
            "data-testid": f"cell:{self.cell.name}",
            "data-cell": self.id,
            "data-kind": self.cell.kind,
            "tabindex": "0",
            "role": "group",
            "aria-label": said + (", folded" if self.cell.folded else ""),
        }
        if self.frame.attributes != wanted:
            self.frame.attributes = wanted

    def turn(self, theme: str) -> None:
        """The tab has turned light or dark."""

    def tick(self) -> None:
        """Called ten times a second."""

    def close(self) -> None:
        """The view leaves the page."""

    def is_known(self) -> bool:
        """Whether all is known that problems of this cell are found on."""
        return True

    def problems(self) -> list[Problem]:
        """What is wrong with this cell."""
        return [problem for problem in self.context.open.problems if problem.at.cell == self.cell.name]

    def head_html(self) -> Html:
        return h(
            "div",
            handle(self.cell.name),
            fold_button(self.cell.name, self.cell.folded),
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
        match message.get("action"):
            case "rename":
                self.rename()
            case "renamed" if self._renaming:
                name = str((message.get("fields") or {}).get("name", "")).strip()
                self._rename(False)
                if name and name != self.cell.name:
                    self.context.perform(f"Rename {self.cell.name}", RenameCell(cell=self.id, name=name))
                self.head.tell({"type": "select", "cell": self.id})
            case "rename-over":
                self._rename(False)
                self.head.tell({"type": "select", "cell": self.id})
            case "remove":
                self.gestures.remove(self.id)
            case "up":
                self.gestures.step(self.id, -1)
            case "down":
                self.gestures.step(self.id, 1)
            case "duplicate":
                self.head.tell({"type": "select", "cell": self.gestures.duplicate(self.id)})
            case "fold":
                self.gestures.fold(self.id)
            case _:
                self.heard(message)

    def heard(self, message: dict[str, Any]) -> None:
        """A gesture in the head that is none of every cell's."""

    def rename(self) -> None:
        """Shows the field for a new name."""
        self._rename(True)
        self.head.tell({"type": "focus", "selector": "input", "select": True})

    def _rename(self, renaming: bool) -> None:
        self._renaming = renaming
        self.show_head()
