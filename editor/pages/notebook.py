"""The notebook page: its cells from top to bottom, kept in step with the notebook whoever edits it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import panel as pn

from ...compiler.document import AnyCell, UnknownCell
from ...compiler.problems import Problem
from ...compiler.run_plan import run_order, with_dependents
from ...runtime.part import Part
from ..cells.adding import Adder
from ..cells.cell_head import reasons
from ..cells.cell_view import CellView
from ..cells.code_cell import CodeCellView
from ..cells.context import Context
from ..cells.data_cell import DataCellView
from ..cells.data_drop import PageDrop
from ..cells.desk import Desk
from ..cells.evaluation_cell import EvaluationCellView
from ..cells.export_cell import ExportCellView
from ..cells.frame import centred
from ..cells.network_cell import NetworkCellView
from ..cells.outline import outline
from ..cells.pressed_fix import PressedFix
from ..cells.problem_rows import problem_rows
from ..cells.text_cell import TextCellView
from ..cells.training_cell import TrainingCellView
from ..cells.unknown_cell import UnknownCellView
from ..folder_paths import PathRefused
from ..notices import Changed, CodeAllowed, FileChanged, Notice, RunsChanged, SaveStateChanged, StatusChanged
from ..open_notebook import OpenNotebook
from .consent_notice import ConsentNotice
from .file_notices import FileNotices
from .icons import icon
from .late_look import LateLook
from .markup import Html, h
from .markup_view import Markup
from .notebook_bar import page_tools, run_menu, save_state
from .parts_chip import parts_chip
from .shell import Shell
from .versions_panel import VersionsPanel

TICK_MS = 100

VIEWS: dict[str, type[CellView]] = {
    "text": TextCellView,
    "data": DataCellView,
    "network": NetworkCellView,
    "training": TrainingCellView,
    "evaluation": EvaluationCellView,
    "export": ExportCellView,
    "code": CodeCellView,
}


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
        self.shell = Shell(title, on_gesture=self._gesture, on_message=self._heard_bar)
        self.context = Context(
            open_notebook, secrets.token_hex(4), self.shell, host=host, document=document, say=self._say
        )
        self.views: dict[str, CellView] = {}
        self._said = ""
        self._fixes = PressedFix(self.context, self._general)
        self._parts, self._shown_parts = parts, parts()
        self.file_notices = FileNotices(self.context)
        self.consent = ConsentNotice(self.context)
        self.versions = VersionsPanel(self.context)
        self.notes = Markup(on_message=self._heard_notes, styles=centred("column"))
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
        self.show_bar()
        self.file_notices.show()
        self.consent.show()
        self.show_notes()
        self.shell.on_theme(self._turn)

    def close(self) -> None:
        self.context.closed = True
        self._unsubscribe()
        for view in self.views.values():
            view.close()

    def tick(self) -> None:
        """Ten times a second: the host's state, and what runs have written."""
        self._late.tick()
        if self._parts() != self._shown_parts:
            self.show_bar()
        for view in self.views.values():
            view.tick()

    def show_bar(self) -> None:
        self._shown_parts = self._parts()
        opened = self.context.open
        self.shell.show_bar(
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

    def show_notes(self) -> None:
        """What stands above the cells: a refusal, and problems that belong to no cell."""
        general = self._general()
        refused = (
            h(
                "div",
                icon("warning"),
                h("span", f"Not done: {self._said}", class_="grow"),
                h("button", "Dismiss", class_="btn ghost compact", type="button", data_action="dismiss"),
                class_="notice warning",
                role="alert",
            )
            if self._said
            else None
        )
        rows = problem_rows(general)
        shown = refused or rows
        self.notes.show(h("div", refused, rows, class_="stack", style="padding: 12px 0") if shown else Html(""))

    def _general(self) -> list[Problem]:
        names = {cell.name for cell in self.context.open.notebook.cells}
        return [problem for problem in self.context.open.problems if problem.at.cell not in names]

    def _arrange(self) -> None:
        """Makes the column the notebook's cells, in order; views of cells that stay are kept."""
        cells = self.context.open.notebook.cells
        for gone in set(self.views) - {cell.id for cell in cells}:
            self.views.pop(gone).close()
        for cell in cells:
            if cell.id not in self.views:
                view = self.views[cell.id] = make_view(self.context, cell)
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
            self.notes,
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
                self._said = ""
                self.consent.show()
                self._late.look()
                self._arrange()
                self.desk.show()
                self.show_bar()
                self.show_notes()
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
                self.show_notes()
            case SaveStateChanged():
                self.show_bar()
                self.file_notices.show()
                if notice.state == "saved":
                    self.versions.read()
            case FileChanged():
                self.file_notices.show()
                self.show_notes()

    def _show_states(self) -> None:
        self._fixes.look()
        self.show_bar()
        for view in self.views.values():
            view.refresh()

    def _turn(self, theme: str) -> None:
        for view in self.views.values():
            view.turn(theme)

    def _say(self, reason: str) -> None:
        self._said = reason
        self.show_notes()

    def _gesture(self, action: str) -> None:
        opened, tab = self.context.open, self.context.tab
        match action:
            case "undo" if opened.can_undo(tab):
                self.context.told(opened.undo(tab))
            case "redo" if opened.can_redo(tab):
                self.context.told(opened.redo(tab))
            case "save":
                self.context.background(opened.save, lambda result, error: self.show_bar())
            case "versions":
                self.versions.toggle()
            case "start-again" if self.context.host is not None:
                self.context.host.start()

    def _heard_bar(self, message: dict[str, Any]) -> None:
        notebook, work = self.context.open.notebook, self.context.work
        match message.get("action"):
            case "run-stale":
                work.start(self._stale())
            case "run-all":
                work.start(run_order(notebook))
            case "stop-work":
                work.stop()

    def _heard_notes(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "dismiss":
                self._say("")
            case "fix":
                self._fixes.press(message)


def make_view(context: Context, cell: AnyCell | UnknownCell) -> CellView:
    return VIEWS.get(cell.kind, UnknownCellView)(context, cell)


def missing_page(name: str, reason: str = "") -> pn.Template:
    """What is shown for a file that cannot be opened."""
    shell = Shell("Weftwork")
    shell.show_bar(h("span", class_="grow"))
    empty = h(
        "div",
        icon("file"),
        h("strong", f"{name} cannot be opened" if name else "No file was named"),
        h("span", reason or "It may have been moved or renamed."),
        h("a", "Back to the gallery", href="./", class_="btn"),
        class_="empty",
        style="max-width: 560px; margin: 96px auto",
    )
    return shell.template(Markup(empty))


def page() -> pn.Template:
    """The notebook that `?file=` names, for this browser tab."""
    from ..app_state import app_state

    arguments = pn.state.session_args.get("file", [b""])
    name = arguments[0].decode("utf-8", "replace")
    state = app_state()
    try:
        opened = state.open_notebook(name)
    except (OSError, PathRefused) as error:
        return missing_page(name, str(error) if isinstance(error, PathRefused) else "")
    notebook = NotebookPage(opened, state.host, document=pn.state.curdoc, parts=state.parts)

    def begin() -> None:
        pn.state.add_periodic_callback(notebook.tick, TICK_MS)

    pn.state.onload(begin)
    pn.state.on_session_destroyed(lambda context: notebook.close())
    return notebook.shell.template(notebook.column)
