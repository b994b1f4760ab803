"""The frame of a network: the canvas, as high as the reader wants it."""

from __future__ import annotations

from typing import Any

import panel as pn
from panel.viewable import Viewable

from ..pages.icons import icon
from ..pages.markup import Html, h
from .cell_view import CellState, CellView

HEIGHT = 560
EXPANDED_HEIGHT = 860

_ROUNDED = """
:host {
  border-top: 1px solid var(--wf-line); border-radius: 0 0 var(--wf-radius) var(--wf-radius); overflow: clip;
}
"""


class NetworkCellView(CellView):
    width = "full"

    def parts(self) -> list[Viewable]:
        from ..canvas_view import canvas_for

        self.expanded = False
        self.canvas = canvas_for(self.context.open, self.id, self.context.tab, on_tab=self._adopt)
        self.holder = pn.Column(
            self.canvas, sizing_mode="stretch_width", height=HEIGHT, margin=0, stylesheets=[_ROUNDED]
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
        label = "Make the canvas lower" if self.expanded else "Make the canvas higher"
        return h(
            "button",
            icon("shrink" if self.expanded else "expand"),
            class_="btn ghost square compact",
            type="button",
            data_action="expand",
            aria_label=label,
            title=label,
        )

    def heard(self, message: dict[str, Any]) -> None:
        if message.get("action") == "expand":
            self.expanded = not self.expanded
            self.holder.height = EXPANDED_HEIGHT if self.expanded else HEIGHT
            self.show_head()

    def close(self) -> None:
        close = getattr(self.canvas, "close", None)
        if close:
            close()
