"""The bar of one notebook page: what it shows of the notebook, and what is done in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...compiler.run_plan import run_order, with_dependents
from ...runtime.part import Part
from ..cells.cell_head import reasons
from ..cells.cell_view import CellView
from ..cells.context import Context
from ..cells.outline import outline
from .markup import Html, h
from .notebook_bar import page_tools, run_menu, save_state
from .parts_chip import parts_chip


class PageBar:
    """`views` are those of the page's cells by id, `parts` tells how the parts of the application are doing."""

    def __init__(self, context: Context, views: Mapping[str, CellView], parts: Callable[[], tuple[Part, ...]]) -> None:
        self.context, self.views = context, views
        self._parts, self._shown_parts = parts, parts()

    def look(self) -> None:
        """Shows the parts anew where one of them does something else."""
        if self._parts() != self._shown_parts:
            self.show()

    def show(self) -> None:
        self._shown_parts = self._parts()
        opened = self.context.open
        self.context.shell.show_bar(
            h("span", class_="rule"),
            h("span", opened.path.name, class_="file", title=str(opened.path)),
            save_state(opened.save_state),
            h("span", class_="grow"),
            self._run_menu(),
            self._outline(),
            page_tools(),
            parts_chip(self._shown_parts) if self._shown_parts else None,
        )

    def _run_menu(self) -> Html | None:
        """What is stale and why, and all that uses it."""
        notebook, work = self.context.open.notebook, self.context.work
        names = self._stale()
        busy = [cell.name for cell in notebook.cells if work.state(cell.id)]
        why = [(name, reasons(self.context.standing(name).why) or "Uses what is stale.") for name in names]
        return run_menu(why, run_order(notebook), busy)

    def _stale(self) -> list[str]:
        """The cells that would give something new, and those that use them and have put something out."""
        standings = self.context.standings
        stale = [name for name, standing in standings.items() if standing.wanted]
        names = with_dependents(self.context.open.notebook, stale)
        return [name for name in names if self.context.standing(name).state]

    def _outline(self) -> Html:
        cells = self.context.open.notebook.cells
        return outline((cell, self.views[cell.id].state()) for cell in cells if cell.id in self.views)

    def heard(self, message: dict[str, Any]) -> None:
        notebook, work = self.context.open.notebook, self.context.work
        match message.get("action"):
            case "run-stale":
                work.start(self._stale())
            case "run-all":
                work.start(run_order(notebook))
            case "stop-work":
                work.stop()
