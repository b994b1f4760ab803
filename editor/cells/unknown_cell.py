"""A cell of a kind that this version does not know: what it holds is shown and written back untouched."""

from __future__ import annotations

import json

from panel.viewable import Viewable

from ..pages.icons import icon
from ..pages.markup import h
from ..pages.markup_view import Markup
from .cell_view import CellView


class UnknownCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.body = Markup()
        return [self.body]

    def refresh(self) -> None:
        super().refresh()
        content = self.cell.model_dump(mode="json", exclude={"id", "name", "kind"})
        self.body.show(
            h(
                "div",
                h(
                    "div",
                    icon("info"),
                    f"This version does not know cells of kind {self.cell.kind}. The cell is kept as it is.",
                    class_="notice",
                ),
                h("div", h("pre", json.dumps(content, indent=2, ensure_ascii=False)), class_="code-block"),
                class_="body stack",
            )
        )
