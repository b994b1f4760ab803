"""The keys of the notebook, the search and the list of keys: the server's half of assets/cells.js."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..pages.markup import h
from ..pages.markup_view import Markup
from ..search_cells import search_cells
from .cell_gestures import CellGestures
from .cell_view import CellView
from .context import Context
from .network_cell import NetworkCellView
from .sheets import keys_sheet, search_sheet


class Desk:
    """Hears the keys of one tab. `views` are the page's cells by id; `gesture` takes undo and redo."""

    def __init__(self, context: Context, views: Mapping[str, CellView], gesture: Callable[[str], None]) -> None:
        self.context, self._views, self._gesture = context, views, gesture
        self._words = ""
        self.gestures = CellGestures(context)
        self.view = Markup(on_message=self._heard)
        self.show()

    def show(self) -> None:
        """What is found again after every edit."""
        hits = search_cells(self.context.open.notebook, self._words)
        self.view.show(h("div", keys_sheet(), search_sheet(self._words, hits), data_cell_keys=True))

    def _select(self, cell: str) -> None:
        if cell:
            self.view.tell({"type": "select", "cell": cell})

    def _heard(self, message: dict[str, Any]) -> None:
        cell, value = str(message.get("cell") or ""), message.get("value")
        place = self.gestures.place(cell)
        view = self._views.get(cell)
        match message.get("action"):
            case "search":
                self._words = str(value or "")
                self.show()
            case "undo" | "redo" as step:
                self._gesture(step)
            case "add-above":
                self._select(self.gestures.add("text", place or 0))
            case "add-below":
                self._select(self.gestures.add("text", 0 if place is None else place + 1))
            case "duplicate":
                self._select(self.gestures.duplicate(cell, str(value or "")))
            case "move" if isinstance(value, int):
                self.gestures.move(cell, value)
                self._select(cell)
            case "step" if value in (-1, 1):
                self.gestures.step(cell, value)
                self._select(cell)
            case "fold":
                self.gestures.fold(cell)
            case "remove":
                self._select(self.gestures.remove(cell))
            case "rename" if view:
                view.rename()
            case "edit" if view:
                view.edit()
            case "run" if view:
                view.run()
            case "full" if isinstance(view, NetworkCellView):
                view.fill(bool(value))
            case "code" if isinstance(view, NetworkCellView):
                view.show_code(not view.code.shown)
