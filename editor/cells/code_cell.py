"""Code of a notebook: shown in colours, written in place, run in a process of its own, with what it puts out below."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...compiler.code.graph import uses_of_code
from ...runtime.code_cells.consent import may_run
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .cell_head import CellState, reasons
from .cell_view import CellView
from .code_body import code_editor, code_reading, denied, fault_notice, under_way
from .code_outputs import CodeOutputs
from .problem_rows import problem_rows


class CodeCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.editing = False
        self.body = Markup(on_message=self._heard_body)
        self.outputs = CodeOutputs()
        return [self.body, self.outputs.view]

    def refresh(self) -> None:
        super().refresh()
        self._show()

    def turn(self, theme: str) -> None:
        self.outputs.turn("dark" if theme == "dark" else "light")

    def edit(self) -> bool:
        self.editing = True
        self._show()
        self.body.tell({"type": "focus", "selector": "textarea"})
        return True

    def run(self) -> None:
        # What the hand has just left is in the notebook by now: messages come in the order in which they were sent.
        if self.cell.code.strip():
            super().run()

    def state(self) -> CellState | None:
        standing, work = self.context.standing(self.cell.name), self.context.work
        match work.state(self.id):
            case "running":
                return CellState("running", "info", busy=True)
            case "waiting":
                return CellState("waiting", "info")
        if not may_run(self.cell.code):
            return CellState("not allowed", "warning", why="Nothing of this cell runs before you allow it.")
        if self.id in work.faults:
            return CellState("failed", "error", why=work.faults[self.id])
        if standing.state == "fresh":
            return CellState("run", "ok")
        if standing.state == "stale":
            return CellState("stale", "warning", why=reasons(standing.why))
        return CellState("not run") if standing.state else None

    def tools(self) -> Html | None:
        busy = bool(self.context.work.state(self.id))
        if busy:
            return h(
                "button",
                icon("stop"),
                "Stop",
                class_="btn compact",
                type="button",
                data_action="stop",
                data_testid=f"stop:{self.cell.name}",
            )
        return h(
            "button",
            icon("play"),
            "Run",
            class_="btn compact",
            type="button",
            data_action="run",
            data_testid=f"run:{self.cell.name}",
            title="Run (Shift-Enter)",
            aria_disabled=None if self.cell.code.strip() else "true",
        )

    def heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "run":
                self.run()
            case "stop":
                self.context.work.stop()

    def _result(self) -> dict[str, Any] | None:
        failed = self.context.work.results.get(self.id)
        if failed is not None:
            return failed
        output = self.context.standing(self.cell.name).outputs.get("")
        return output.content if output else None

    def _used(self) -> dict[str, str]:
        """The names that come from other cells, with those cells."""
        return uses_of_code(self.context.open.notebook).get(self.cell.name, {})

    def _show(self) -> None:
        work = self.context.work
        busy, fault = work.state(self.id), work.faults.get(self.id)
        failed = (work.results.get(self.id) or {}).get("error") or {}
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                code_editor(self.cell) if self.editing else code_reading(self.cell, failed, self._used()),
                under_way() if busy == "running" else None,
                None if may_run(self.cell.code) else denied(),
                fault_notice(fault, failed) if fault and not busy else None,
                class_="body stack",
            )
        )
        self.outputs.show(self._result(), "dark" if self.context.shell.theme == "dark" else "light")
        self._name_frame()
        self.show_head()

    def _heard_body(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "edit":
                self.edit()
            case "write":
                self._write(str((message.get("fields") or {}).get("code", "")))
            case "allow":
                self.context.allow_code()
            case "fix":
                self.fixes.press(message)

    def _write(self, code: str) -> None:
        self.editing = False
        code = code.replace("\r\n", "\n").rstrip()
        if code != self.cell.code:
            self.context.work.faults.pop(self.id, None)
            self.context.work.results.pop(self.id, None)
            self.context.perform(f"Write {self.cell.name}", SetField(cell=self.id, field="code", value=code))
        self._show()
        self.body.tell({"type": "select", "cell": self.id})
