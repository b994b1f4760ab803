"""The notebook page: its cells from top to bottom, kept in step with the notebook whoever edits it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import panel as pn

from ...runtime.part import Part
from ..cells.adding import Adder
from ..cells.cell_view import CellView
from ..cells.context import Context
from ..cells.data_drop import PageDrop
from ..cells.desk import Desk
from ..cells.frame import centred
from ..cells.views import view_of
from ..notices import Changed, CodeAllowed, FileChanged, Notice, RunsChanged, SaveStateChanged, StatusChanged
from ..open_notebook import OpenNotebook
from .consent_notice import ConsentNotice
from .file_notices import FileNotices
from .late_look import LateLook
from .page_bar import PageBar
from .page_notes import PageNotes
from .shell import Shell
from .versions_panel import VersionsPanel


class NotebookPage:
    """One browser tab on an open notebook."""

    def __init__(
        self,
        open_notebook: OpenNotebook,
        host: Any,
        *,
        document: Any = None,
        parts: Callable[[], tuple[Part, ...]] = tuple,
    ) -> None:
        title = f"{open_notebook.path.stem} · Weftwork"
        self.shell = Shell(title, on_gesture=self._gesture, on_message=lambda message: self.bar.heard(message))
        self.context = Context(
            open_notebook,
            secrets.token_hex(4),
            self.shell,
            host=host,
            document=document,
            say=lambda reason: self.notes.say(reason),
        )
        self.views: dict[str, CellView] = {}
        self.bar = PageBar(self.context, self.views, parts)
        self.file_notices = FileNotices(self.context)
        self.consent = ConsentNotice(self.context)
        self.versions = VersionsPanel(self.context)
        self.notes = PageNotes(self.context)
        self.first = Adder(self.context)
        self.page_drop = PageDrop(self.context)
        self.column = pn.Column(sizing_mode="stretch_width", margin=(12, 0, 96, 0))
        self._top = pn.Column(self.first.view, sizing_mode="stretch_width", margin=0, styles=centred("column"))
        self.desk = Desk(self.context, self.views, self._gesture)
        self._late = LateLook(self.context, self._show_states)
        # Before the first look: what is found out while the page is being made is shown once it is.
        self._unsubscribe = open_notebook.subscribe(lambda notice: self.context.later(lambda: self._told(notice)))
        self.context.look()
        self._arrange()
        self.context.shown = True
        self.bar.show()
        self.file_notices.show()
        self.consent.show()
        self.notes.show()
        self.shell.on_theme(self._turn)

    def close(self) -> None:
        self.context.closed = True
        self._unsubscribe()
        for view in self.views.values():
            view.close()

    def tick(self) -> None:
        """Ten times a second: the host's state, and what runs have written."""
        self._late.tick()
        self.bar.look()
        for view in self.views.values():
            view.tick()

    def _arrange(self) -> None:
        """Makes the column the notebook's cells, in order; views of cells that stay are kept."""
        cells = self.context.open.notebook.cells
        for gone in set(self.views) - {cell.id for cell in cells}:
            self.views.pop(gone).close()
        for cell in cells:
            if cell.id not in self.views:
                view = self.views[cell.id] = view_of(self.context, cell)
                view.turn(self.shell.theme)
        ordered = [self.views[cell.id] for cell in cells]
        for view in ordered:
            view.adder.show(last=view is ordered[-1])
        self.first.show(last=not ordered)
        wanted = [
            self.desk.view,
            self.versions.view,
            self.file_notices.view,
            self.consent.view,
            self.notes.view,
            self._top,
            self.page_drop.view,
            *(view.view for view in ordered),
        ]
        if list(self.column.objects) != wanted:
            self.column.objects = wanted
        for view in ordered:
            view.refresh()

    def _told(self, notice: Notice) -> None:
        match notice:
            case Changed():
                self.notes.say("")
                self.consent.show()
                self._late.look()
                self._arrange()
                self.desk.show()
                self.bar.show()
                self.notes.show()
                self.versions.refresh()
            case StatusChanged() | RunsChanged() | CodeAllowed():
                if isinstance(notice, CodeAllowed):
                    self.consent.show()
                    for cell in self.context.open.notebook.cells:
                        if cell.kind == "code":
                            # That it was not allowed is no longer true.
                            self.context.work.faults.pop(cell.id, None)
                self._late.look()
                self._show_states()
                self.notes.show()
            case SaveStateChanged():
                self.bar.show()
                self.file_notices.show()
                if notice.state == "saved":
                    self.versions.read()
            case FileChanged():
                self.file_notices.show()
                self.notes.show()

    def _show_states(self) -> None:
        self.bar.show()
        for view in self.views.values():
            view.refresh()

    def _turn(self, theme: str) -> None:
        for view in self.views.values():
            view.turn(theme)

    def _gesture(self, action: str) -> None:
        opened, tab = self.context.open, self.context.tab
        match action:
            case "undo" if opened.can_undo(tab):
                self.context.told(opened.undo(tab))
            case "redo" if opened.can_redo(tab):
                self.context.told(opened.redo(tab))
            case "save":
                self.context.background(opened.save, lambda result, error: self.bar.show())
            case "versions":
                self.versions.toggle()
            case "start-again" if self.context.host is not None:
                self.context.host.start()
