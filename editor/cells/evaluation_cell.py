"""Evaluation: how good the trained network is on the rows it has not seen, and where it errs."""

from __future__ import annotations

from typing import Any

import panel as pn
from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...runtime.run_directory import RunDirectory
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..plots.residuals import paint_residuals, residual_plot
from .cell_view import CellState, CellView
from .evaluation_report import report
from .latest_run import latest_trained
from .problem_rows import accept_fix, problem_rows
from .run_words import duration

TIME_LIMIT_S = 600.0

# What was found for a run, for every tab of this server.
_found: dict[str, dict[str, Any]] = {}


class EvaluationCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.run: RunDirectory | None = None
        self._asked = ""
        self._fault = ""
        self._shown_plot = ""
        self._figure: Any = None
        self.body = Markup(on_message=self._heard_body)
        self.plot = pn.Column(sizing_mode="stretch_width", margin=(0, 16, 12, 8), visible=False)
        return [self.body, self.plot]

    def refresh(self) -> None:
        super().refresh()
        self.run = latest_trained(self.context.open, self.cell.training)
        if self.run and self.run.id not in _found and getattr(self.context.host, "state", "") == "ready":
            self._evaluate()
        self._show()

    def tick(self) -> None:
        waiting = self.run is not None and self.run.id not in _found and self._asked != self.run.id
        if waiting and getattr(self.context.host, "state", "") == "ready":
            self._evaluate()
            self._show()

    def turn(self, theme: str) -> None:
        if self._figure is not None:
            paint_residuals(self._figure, "dark" if theme == "dark" else "light")

    def state(self) -> CellState | None:
        if self.run is None:
            return CellState("train first")
        if self.run.id in _found:
            return CellState("evaluated", "ok")
        return CellState("failed", "error") if self._fault else CellState("evaluating", "info", busy=True)

    def _evaluate(self) -> None:
        """Asks a process of its own; what it finds is kept for the run."""
        run, host = self.run, self.context.host
        if run is None or self._asked == run.id:
            return
        self._asked, self._fault = run.id, ""
        arguments = {"run_path": str(run.path), "folder": str(self.context.folder)}
        self.context.background(
            lambda: host.call("weftwork.runtime.evaluate:evaluate_run", arguments, TIME_LIMIT_S),
            lambda result, error: self._evaluated(run.id, result, error),
        )

    def _evaluated(self, run: str, result: dict[str, Any] | None, error: Exception | None) -> None:
        if error is not None or result is None:
            self._fault = str(error)
        else:
            _found[run] = result
        self._show()
        self.show_head()

    def _show(self) -> None:
        result = _found.get(self.run.id) if self.run else None
        self.body.show(
            h("div", problem_rows(self.problems(), of=self.cell.name), self._content(result), class_="body stack")
        )
        self._show_residuals(result)
        self.show_head()

    def _content(self, result: dict[str, Any] | None) -> Html:
        if self.run is None:
            return self._train_first()
        if result is not None:
            return h("div", report(result), self._about(self.run), class_="stack")
        if self._fault:
            again = h("button", "Try again", class_="btn compact", type="button", data_action="again")
            return h(
                "div", icon("error"), h("span", self._fault, class_="grow"), again, class_="notice error", role="alert"
            )
        return h("div", icon("clock"), "Looking at the rows held back for validation", class_="notice", role="status")

    def _train_first(self) -> Html:
        name = self.cell.training
        known = any(cell.name == name for cell in self.context.open.notebook.cells)
        return h(
            "div",
            icon("evaluation"),
            h("strong", "Train first"),
            h(
                "span",
                f"Metrics and mistakes of {name} appear here after its first run."
                if known
                else "No training cell is chosen.",
            ),
            h("button", f"Go to {name}", class_="btn", type="button", data_reveal=f"cell:{name}")
            if known
            else self._choice(),
            class_="empty",
        )

    def _choice(self) -> Html:
        names = [cell.name for cell in self.context.open.notebook.cells if cell.kind == "training"]
        return h(
            "span",
            [h("button", f"Use {n}", class_="btn", type="button", data_action="use", data_value=n) for n in names],
            class_="row",
        )

    def _about(self, run: RunDirectory) -> Html:
        info = run.info()
        return h(
            "div",
            h(
                "span",
                f"Run {run.id}, {run.state()}, {duration(float(info.get('seconds') or 0))}",
                class_="muted small grow",
            ),
            h(
                "button",
                icon("refresh"),
                "Evaluate again",
                class_="btn ghost compact",
                type="button",
                data_action="again",
            ),
            class_="row",
        )

    def _show_residuals(self, result: dict[str, Any] | None) -> None:
        residuals = (result or {}).get("residuals")
        wanted = self.run.id if residuals and self.run else ""
        if wanted == self._shown_plot:
            return
        self._shown_plot = wanted
        self._figure = None
        if residuals:
            known = [
                (expected, predicted)
                for expected, predicted in zip(residuals["expected"], residuals["predicted"], strict=True)
                if expected is not None and predicted is not None
            ]
            self._figure = residual_plot([pair[0] for pair in known], [pair[1] for pair in known])
            paint_residuals(self._figure, self.context.shell.theme)
            self.plot.objects = [pn.pane.Bokeh(self._figure, sizing_mode="stretch_width", margin=0)]
        self.plot.visible = bool(residuals)

    def _heard_body(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "again" if self.run:
                _found.pop(self.run.id, None)
                self._asked = ""
                self._evaluate()
                self._show()
            case "use":
                change = SetField(cell=self.id, field="training", value=message.get("value"))
                self.context.perform("Choose what to evaluate", change)
            case "fix":
                accept_fix(self.context, message, self.problems())
