"""The frame of a network: the canvas, in the page or as large as the window."""

from __future__ import annotations

from typing import Any

import panel as pn
from panel.viewable import Viewable

from ...compiler.nesting.paths import join as join_path
from ..pages.buttons import square_button
from ..pages.markup import Html, join
from .cell_view import CellState, CellView
from .code_beside import CodeBeside

HEIGHT = 560

# The frame (frame.py) gives the canvas the window's height when it fills the window.
_LOOK = """
:host {
  border-top: 1px solid var(--wf-line); border-radius: 0 0 var(--wf-radius) var(--wf-radius); overflow: clip;
  height: var(--wf-canvas-height) !important; flex-basis: var(--wf-canvas-height) !important;
}
"""


class NetworkCellView(CellView):
    width = "full"

    def parts(self) -> list[Viewable]:
        from ..canvas_view import canvas_for

        self.full = False
        self.canvas = canvas_for(self.context.open, self.id, self.context.tab, on_tab=self._adopt)
        self.code = CodeBeside(self.context, self.canvas, lambda: self.show_code(False))
        self.holder = pn.Row(
            self.canvas, self.code.view, sizing_mode="stretch_width", height=HEIGHT, margin=0, stylesheets=[_LOOK]
        )
        return [self.holder]

    def _adopt(self, tab: str) -> None:
        """What the page does and what the canvas does are undone as the gestures of one tab."""
        self.context.tab = tab

    def state(self) -> CellState:
        errors = sum(problem.severity == "error" for problem in self.problems())
        if errors:
            return CellState(f"{errors} problem{'s' if errors > 1 else ''}", "error")
        shapes = self.context.open.shapes.get(self.cell.name)
        if not shapes or not self.cell.nodes:
            return CellState("empty" if not self.cell.nodes else "checking", busy=bool(self.cell.nodes))
        parameters = sum(known.parameters for known in shapes.values())
        return CellState(f"{parameters:,} parameters", "ok")

    def tools(self) -> Html:
        label = "Back to the page (Esc)" if self.full else "Full window (F)"
        return join(
            _tool("code", "code", "Python of the network (E)", self.code.shown),
            _tool("full", "shrink" if self.full else "expand", label, self.full),
        )

    def heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "full":
                self.fill(not self.full)
            case "code":
                self.show_code(not self.code.shown)

    def show_code(self, shown: bool) -> None:
        """Opens the network's Python beside the canvas, or closes it."""
        self.inside.visible = shown or not self.cell.folded
        self.code.show(shown, self.cell.name)
        self.show_head()

    def fill(self, full: bool) -> None:
        """Grows the cell to the whole window, or takes it back. The canvas stays the same one, as it is."""
        if full == self.full:
            return
        self.full = full
        self.inside.visible = full or not self.cell.folded
        self.frame.mark(full="true" if full else "false")
        self.show_head()
        self.head.tell({"type": "full", "cell": self.id, "on": full})

    def tick(self) -> None:
        _, steps = self.canvas.where
        self.context.selected_nodes[self.cell.name] = tuple(join_path(*steps, node) for node in self.canvas.selected)
        self.code.follow(self.cell.name)
        self.canvas.show_health(self.context.node_lines.get(self.cell.name, {}))

    def close(self) -> None:
        close = getattr(self.canvas, "close", None)
        if close:
            close()


def _tool(action: str, picture: str, label: str, pressed: bool) -> Html:
    return square_button(picture, label, data_action=action, aria_pressed="true" if pressed else "false")
