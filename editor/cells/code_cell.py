"""Code of a notebook: shown and kept; this version does not run it."""

from __future__ import annotations

from panel.viewable import Viewable

from ..pages.markup import h
from ..pages.markup_view import Markup
from .cell_view import CellView


class CodeCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.body = Markup()
        return [self.body]

    def refresh(self) -> None:
        super().refresh()
        self.body.show(
            h(
                "div",
                h("div", h("pre", self.cell.code), class_="code-block"),
                h("p", "Shown and kept as it is. Code cells do not run in this version.", class_="muted small"),
                class_="body stack",
            )
        )
