"""Code of a notebook: shown in colours, written in place, run in a process of its own, with what it puts out below."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...compiler.code.graph import uses_of_code
from ...runtime.code_cells.consent import may_run
from ..code_consent import allow_all
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .cell_head import CellState, reasons
from .cell_view import CellView
from .code_outputs import CodeOutputs
from .code_text import coloured
from .problem_rows import accept_fix, problem_rows

_MOST_LINES = 32


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

    def _show(self) -> None:
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                self._editor() if self.editing else self._reading(),
                self._under_way(),
                self._denied(),
                self._fault(),
                class_="body stack",
            )
        )
        self.outputs.show(self._result(), "dark" if self.context.shell.theme == "dark" else "light")
        self._name_frame()
        self.show_head()

    def _reading(self) -> Html:
        code = self.cell.code
        failed = (self.context.work.results.get(self.id) or {}).get("error") or {}
        line = int(failed.get("line") or 0) if failed.get("cell") == self.cell.name else 0
        return h(
            "div",
            coloured(code, line) if code.strip() else h("p", "Empty. Double-click to write Python.", class_="muted"),
            self._at_hand(),
            class_="code-block reading",
            data_dblclick="edit",
            tabindex="0",
            role="group",
            aria_label=f"Code of {self.cell.name}; Enter to write",
        )

    def _at_hand(self) -> Html | None:
        """Which names come from other cells."""
        used = uses_of_code(self.context.open.notebook).get(self.cell.name, {})
        if not used:
            return None
        said = ", ".join(name if name == cell else f"{name} from {cell}" for name, cell in used.items())
        return h("div", f"Uses {said}", class_="muted small at-hand")

    def _editor(self) -> Html:
        lines = self.cell.code.count("\n") + 2
        return h(
            "form",
            h(
                "textarea",
                self.cell.code,
                class_="input code-input",
                name="code",
                rows=min(max(lines, 4), _MOST_LINES),
                spellcheck="false",
                autocapitalize="off",
                data_code=True,
                aria_label=f"Code of {self.cell.name}",
            ),
            h(
                "div",
                h("button", "Done", class_="btn compact", type="submit"),
                h(
                    "span",
                    "Shift-Enter runs it, Esc leaves it. Data, networks and trainings go by their cells' names: "
                    "data.frame, net.build(), fit.model.",
                    class_="muted small",
                ),
                class_="row",
            ),
            data_action="write",
            data_reopen="edit",
            class_="stack tight",
        )

    def _under_way(self) -> Html | None:
        if self.context.work.state(self.id) != "running":
            return None
        words = "Running. It is ended after 10 minutes; long work belongs into a training."
        return h("div", icon("clock"), words, class_="notice", role="status")

    def _denied(self) -> Html | None:
        if may_run(self.cell.code):
            return None
        return h(
            "div",
            icon("warning"),
            h("span", "This code came with the file. Read it, then let it run.", class_="grow"),
            h("button", "Allow this notebook's code", class_="btn compact", type="button", data_action="allow"),
            class_="notice warning",
        )

    def _fault(self) -> Html | None:
        fault = self.context.work.faults.get(self.id)
        if not fault or self.context.work.state(self.id):
            return None
        frames = ((self.context.work.results.get(self.id) or {}).get("error") or {}).get("frames") or []
        way = [h("li", f"{frame['cell']}, line {frame['line']}: ", h("code", str(frame["text"]))) for frame in frames]
        return h(
            "div",
            icon("error"),
            h("div", h("span", fault), h("ul", way, class_="would-run") if len(way) > 1 else None, class_="grow"),
            class_="notice error",
            role="alert",
        )

    def _heard_body(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "edit":
                self.edit()
            case "write":
                self._write(str((message.get("fields") or {}).get("code", "")))
            case "allow":
                if reason := allow_all(self.context.open):
                    self.context.say(reason)
            case "fix":
                accept_fix(self.context, message, self.problems())

    def _write(self, code: str) -> None:
        self.editing = False
        code = code.replace("\r\n", "\n").rstrip()
        if code != self.cell.code:
            self.context.work.faults.pop(self.id, None)
            self.context.work.results.pop(self.id, None)
            self.context.perform(f"Write {self.cell.name}", SetField(cell=self.id, field="code", value=code))
        self._show()
        self.body.tell({"type": "select", "cell": self.id})
